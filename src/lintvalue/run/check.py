"""The outcome of a check: what stands in the named files, told from one folder."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from lintvalue.model.finding import Judged, Report
from lintvalue.run.analysis import analyse
from lintvalue.run.places import working_folder
from lintvalue.selection import fingerprints, split_rows
from lintvalue.sources.discover import relative, repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.model.finding import Finding
    from lintvalue.model.settings import Options
    from lintvalue.model.span import Location
    from lintvalue.run.analysis import Analysis


def check(paths: Sequence[str], options: Options, *, from_repository: bool = False) -> Report:
    """Judge `paths`; the report's paths start at the working folder, or at the repository's root."""
    return report(analyse(paths, options), from_repository=from_repository)


def report(analyses: Sequence[Analysis], *, from_repository: bool = False) -> Report:
    base = working_folder()
    if from_repository:
        base = repository(base) or base
    judged = {_identity(one): one for analysis in analyses for one in _judged(analysis, base)}
    problems = dict.fromkeys(problem for analysis in analyses for problem in analysis.problems)
    return Report(
        tuple(sorted(judged.values(), key=_identity)),
        tuple(problems),
        sum(analysis.files for analysis in analyses),
    )


def _identity(judged: Judged) -> tuple[str, int, int, str]:
    at = judged.finding.at
    return at.path, at.span.line, at.span.column, judged.finding.code


def _judged(analysis: Analysis, base: str) -> Iterator[Judged]:
    names = fingerprints(analysis.findings, analysis.sources)
    rows = {
        path: split_rows(analysis.sources[path].text)
        for path in {finding.at.path for finding in analysis.findings}
    }
    for finding, name in zip(analysis.findings, names, strict=True):
        span = finding.at.span
        lines = tuple(rows[finding.at.path][span.line - 1 : span.end_line])
        yield Judged(_moved(finding, os.fspath(analysis.root), base), lines, name)


def _moved(finding: Finding, root: str, base: str) -> Finding:
    """The finding with paths from `base` in place of the project's root."""

    def move(at: Location) -> Location:
        return replace(at, path=relative(base, os.path.join(root, at.path)))

    return replace(
        finding,
        at=move(finding.at),
        made=None if finding.made is None else move(finding.made),
        notes=tuple(replace(note, at=move(note.at)) for note in finding.notes),
    )
