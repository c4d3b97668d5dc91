"""The order of a fix: judge, plan, apply in memory, judge again, and only then write."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import TYPE_CHECKING

from lintvalue.model.edit import Declined
from lintvalue.model.lean import dataclass, replace
from lintvalue.model.source import Problem
from lintvalue.run.analysis import Analysis, analyse, reanalyse
from lintvalue.run.check import report
from lintvalue.run.dependency import is_listed
from lintvalue.run.mended import Mended, Round, Tally, tallies
from lintvalue.run.places import STDIN, shown
from lintvalue.run.recovery import analyse_recovered
from lintvalue.run.repairs import Kept, best, planned
from lintvalue.sources.write import Change, Unwritable, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.model.finding import Report
    from lintvalue.model.settings import Options
    from lintvalue.model.source import Source
    from lintvalue.model.span import Location

RUNTIME = "lintvalue.runtime"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fix came to.

    `report` holds the findings that remain (where nothing was written: as they stand in the files),
    `declined` says why, with paths as they are shown; `files` counts those that there were.
    """

    report: Report
    declined: tuple[Declined, ...]
    mended: tuple[Mended, ...]
    files: tuple[Tally, ...]
    stdin: bytes | None = None  # what was read from standard input

    @property
    def found(self) -> int:
        return sum(one.fixed + one.remaining for one in self.files)

    @property
    def fixed(self) -> int:
        return sum(one.fixed for one in self.files)

    @property
    def undeclared(self) -> bool:
        """Whether code imports the runtime now, and its project does not say that it needs it."""
        return any(_needs_runtime(one) and not is_listed(one.first.root) for one in self.mended)

    @property
    def changes(self) -> bool:
        return any(one.changed for one in self.mended)


def fix(
    paths: Sequence[str], options: Options, *, unsafe: bool = False, dry: bool = False
) -> Outcome:
    """Repair what can be repaired in `paths`; with `dry` nothing is written.

    What is read from standard input is never written to a file: see `text_of_stdin`.
    """
    stdin = _stdin() if STDIN in paths else None
    writes = not dry and stdin is None
    read = analyse_recovered if writes else _analysed
    analyses, problems = read(paths, options)
    mended = [_mend(analysis, unsafe=unsafe) for analysis in analyses]
    if writes:
        mended = [_saved(one, paths) for one in mended]
    if dry:
        mended = [one.told_as_first(one.last.sources) for one in mended]
    told = report(
        [replace(one.first, findings=one.remaining) if dry else one.last for one in mended]
    )
    return Outcome(
        replace(told, problems=(*told.problems, *problems)),
        tuple(_shown(one, declined) for one in mended for declined in one.declined),
        tuple(mended),
        tallies(mended),
        stdin,
    )


def _analysed(
    paths: Sequence[str], options: Options
) -> tuple[tuple[Analysis, ...], tuple[Problem, ...]]:
    return analyse(paths, options), ()


def _stdin() -> bytes:
    """Standard input, which is left for the analysis to read once more."""
    data = sys.stdin.buffer.read()
    sys.stdin = io.TextIOWrapper(io.BytesIO(data))
    return data


def text_of_stdin(outcome: Outcome) -> bytes | None:
    """What was read from standard input, repaired; as it came where there is nothing to repair."""
    for one in outcome.mended:
        for path in one.changed:
            if encoded(one.first.sources[path]) == outcome.stdin:
                return encoded(one.last.sources[path])
    return outcome.stdin


def encoded(source: Source) -> bytes:
    mark = codecs.BOM_UTF8 if source.bom else b""
    return mark + source.text.encode(source.encoding)


def _needs_runtime(mended: Mended) -> bool:
    line = f"from {RUNTIME} import"
    return any(
        line in mended.last.sources[path].text and line not in mended.first.sources[path].text
        for path in mended.changed
    )


# Rounds of repairs


def _mend(analysis: Analysis, *, unsafe: bool) -> Mended:
    """A statement that shares its row with another one is repaired in a round after it.

    There is an end to it, since each round leaves fewer findings.
    """
    mended = Mended(analysis, analysis)
    while True:
        found = planned(mended.last, unsafe=unsafe)
        kept = best(mended.last, found.repairs)
        if not kept.repairs:
            declined = sorted((*found.declined, *_refused(kept)), key=_place)
            return replace(mended, declined=tuple(declined))
        done = Round(mended.last.sources, kept.analysis.sources, kept.repairs)
        mended = replace(mended, last=kept.analysis, rounds=(*mended.rounds, done))


def _refused(kept: Kept) -> Iterator[Declined]:
    """One reason for each place: that of the first repair that was tried."""
    told: set[Location] = set()
    for repair, why in kept.refused.items():
        for at in repair.closes:
            if at not in told:
                yield Declined(at, f"with the repair that was tried, {why}")
            told.add(at)


def _place(declined: Declined) -> tuple[str, int, int]:
    return declined.at.path, declined.at.span.line, declined.at.span.column


# What is written


def _saved(mended: Mended, paths: Sequence[str]) -> Mended:
    """Write the changed files; those that can't be written stay as they are, findings and all."""
    kept: dict[str, Source] = {}
    problems: list[Problem] = []
    for group in _joined(mended):
        try:
            write([_change(mended, path) for path in sorted(group)], paths)
        except Unwritable as error:
            problems.append(Problem(os.path.relpath(error.path), f"not fixed: {error}"))
            kept |= {path: mended.first.sources[path] for path in group}
    last = reanalyse(mended.last, kept) if kept else mended.last
    last = replace(last, problems=(*mended.first.problems, *problems))
    mended = replace(mended.told_as_first(kept), last=last)
    return replace(mended, unwritten=frozenset(kept))


def _joined(mended: Mended) -> list[frozenset[str]]:
    """Files whose changes belong together, since some repair has changed them all."""
    joined: list[frozenset[str]] = []
    whole = frozenset(mended.changed)
    for repair in (repair for one in mended.rounds for repair in one.repairs):
        changed = whole & {edit.at.path for edit in repair.edits}
        near = [one for one in joined if one & changed]
        joined = [one for one in joined if not one & changed]
        joined += [changed.union(*near)] if changed else []
    return joined


def _change(mended: Mended, path: str) -> Change:
    name = os.path.join(mended.first.root, path)
    return Change(name, encoded(mended.first.sources[path]), encoded(mended.last.sources[path]))


# What is told


def _shown(mended: Mended, declined: Declined) -> Declined:
    path = shown(mended.first.root, declined.at.path)
    return replace(declined, at=replace(declined.at, path=path))
