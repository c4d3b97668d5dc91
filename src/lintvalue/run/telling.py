"""From an analysis to what is told of it: rows, fingerprints, repairs, paths from one folder."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.model.finding import Judged, Report
from lintvalue.model.lean import replace
from lintvalue.model.settings import Repairs
from lintvalue.run.places import seen_from
from lintvalue.selection import fingerprints, split_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lintvalue.model.edit import Repair
    from lintvalue.model.finding import Finding
    from lintvalue.model.span import Location
    from lintvalue.run.analysis import Analysis


def told(analysis: Analysis, base: str, repairs: Repairs = Repairs.NONE) -> Report:
    """The report on one project; paths start at the folder `base`."""
    found = tuple(_judged(analysis, base, _repairs(analysis, repairs)))
    return Report(found, analysis.problems, analysis.files)


def _repairs(analysis: Analysis, wanted: Repairs) -> Mapping[Location, Repair]:
    """The repair that makes each place safe, if there is one."""
    if wanted is Repairs.NONE or not analysis.findings:
        return {}
    from lintvalue.run.repairs import of_each, planned_for_each  # noqa: PLC0415 - not for clean code

    return of_each(analysis) if wanted is Repairs.EXACT else planned_for_each(analysis)


def _judged(analysis: Analysis, base: str, repairs: Mapping[Location, Repair]) -> Iterator[Judged]:
    names = fingerprints(analysis.findings, analysis.sources)
    rows = {
        path: split_rows(analysis.sources[path].text)
        for path in {finding.at.path for finding in analysis.findings}
    }
    for finding, name in zip(analysis.findings, names, strict=True):
        span = finding.at.span
        lines = tuple(rows[finding.at.path][span.line - 1 : span.end_line])
        move = _mover(analysis.root, base)
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
