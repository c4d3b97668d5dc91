"""The outcome of a check: what stands in the named files, told from one folder."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from lintvalue.model.finding import Judged, Report
from lintvalue.run.analysis import analyse
from lintvalue.run.places import seen_from, working_folder
from lintvalue.selection import fingerprints, split_rows
from lintvalue.sources.discover import repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lintvalue.model.edit import Repair
    from lintvalue.model.finding import Finding
    from lintvalue.model.settings import Options
    from lintvalue.model.span import Location
    from lintvalue.run.analysis import Analysis


class Repairs(Enum):
    """What the report tells of repairs: those that are planned, or edits that were judged again."""

    NONE = 0
    PLANNED = 1
    EXACT = 2


def check(
    paths: Sequence[str],
    options: Options,
    *,
    from_repository: bool = False,
    repairs: Repairs = Repairs.NONE,
) -> Report:
    """Judge `paths`; the report's paths start at the working folder, or at the repository's root."""
    analyses = analyse(paths, options)
    return report(analyses, from_repository=from_repository, repairs=repairs)


def report(
    analyses: Sequence[Analysis], *, from_repository: bool = False, repairs: Repairs = Repairs.NONE
) -> Report:
    base = working_folder()
    if from_repository:
        base = repository(base) or base
    judged = {
        _identity(one): one
        for analysis in analyses
        for one in _judged(analysis, base, _repairs(analysis, repairs))
    }
    problems = dict.fromkeys(problem for analysis in analyses for problem in analysis.problems)
    return Report(
        tuple(judged[identity] for identity in sorted(judged)),
        tuple(problems),
        sum(analysis.files for analysis in analyses),
    )


def _repairs(analysis: Analysis, wanted: Repairs) -> Mapping[Location, Repair]:
    """The repair that makes each place safe, if there is one."""
    if wanted is Repairs.NONE or not analysis.findings:
        return {}
    from lintvalue.run.repairs import of_each, planned_for_each  # noqa: PLC0415 - not for clean code

    return of_each(analysis) if wanted is Repairs.EXACT else planned_for_each(analysis)


def _identity(judged: Judged) -> tuple[str, int, int, str]:
    at = judged.finding.at
    return at.path, at.span.line, at.span.column, judged.finding.code


def _judged(analysis: Analysis, base: str, repairs: Mapping[Location, Repair]) -> Iterator[Judged]:
    names = fingerprints(analysis.findings, analysis.sources)
    rows = {
        path: split_rows(analysis.sources[path].text)
        for path in {finding.at.path for finding in analysis.findings}
    }
    for finding, name in zip(analysis.findings, names, strict=True):
        span = finding.at.span
        lines = tuple(rows[finding.at.path][span.line - 1 : span.end_line])
        move = _mover(os.fspath(analysis.root), base)
        repair = repairs.get(finding.at)
        moved = None if repair is None else _moved_repair(repair, move)
        yield Judged(_moved(finding, move), lines, name, moved)


def _mover(root: str, base: str) -> Callable[[Location], Location]:
    """Turns a place of the project into one whose path starts at `base`."""

    def move(at: Location) -> Location:
        return replace(at, path=seen_from(base, os.path.join(root, at.path)))

    return move


def _moved(finding: Finding, move: Callable[[Location], Location]) -> Finding:
    return replace(
        finding,
        at=move(finding.at),
        made=None if finding.made is None else move(finding.made),
        notes=tuple(replace(note, at=move(note.at)) for note in finding.notes),
    )


def _moved_repair(repair: Repair, move: Callable[[Location], Location]) -> Repair:
    return replace(
        repair,
        edits=tuple(replace(edit, at=move(edit.at)) for edit in repair.edits),
        closes=tuple(map(move, repair.closes)),
    )
