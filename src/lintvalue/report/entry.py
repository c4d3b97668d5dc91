"""A finding as the JSON formats have it. Rows and columns count from 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lintvalue.model.edit import Edit, Repair
    from lintvalue.model.finding import Finding, Judged, Note
    from lintvalue.model.span import Location

RULES_URL = "https://lintvalue.readthedocs.io/rules/"

Json = str | int | None | list["Json"] | dict[str, "Json"]


def entry(judged: Judged) -> dict[str, Json]:
    return {
        **finding_entry(judged.finding),
        "fix": None if judged.repair is None else _fix(judged.repair),
        "fingerprint": judged.fingerprint,
        "url": RULES_URL + judged.finding.name,
    }


def finding_entry(finding: Finding) -> dict[str, Json]:
    """What a finding says by itself."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        **where(finding.at),
        "cell": None,
        "symbol": finding.symbol,
        "object": _object(finding),
        "related": [_related(note) for note in finding.notes],
    }


def where(at: Location) -> dict[str, Json]:
    return {
        "filename": at.path,
        "location": {"row": at.span.line, "column": at.span.column + 1},
        "end_location": {"row": at.span.end_line, "column": at.span.end_column + 1},
    }


def _object(finding: Finding) -> Json:
    if finding.made is None:
        return None
    made = where(finding.made)
    return {
        "filename": made["filename"],
        "location": made["location"],
        "kind": None if finding.kind is None else finding.kind.value,
    }


def _related(note: Note) -> Json:
    return {**where(note.at), "message": note.message}


def _fix(repair: Repair) -> Json:
    return {
        "applicability": repair.applicability.value,
        "style": repair.style.value,
        "message": repair.message,
        "edits": [
            {**where(edit.at), "content": edit.content} for edit in sorted(repair.edits, key=_start)
        ],
    }


def _start(edit: Edit) -> Location:
    return edit.at
