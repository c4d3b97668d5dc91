"""Texts, judged in this process."""

from __future__ import annotations

from cases import findings_in

from lintvalue.model.source import Source


def reported(texts):
    """Path, row and code of each finding in texts by path."""
    sources = tuple(Source(path, text) for path, text in sorted(texts.items()))
    return {
        (finding.at.path, finding.at.span.line, finding.code) for finding in findings_in(sources)
    }
