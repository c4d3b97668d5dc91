"""The order of a fix: judge, plan, apply in memory, judge again, and only then write."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lintvalue.fix import FixOptions, Overlap, apply, plan
from lintvalue.fix.tokens import comments
from lintvalue.model.edit import Declined
from lintvalue.model.source import Problem
from lintvalue.run.analysis import Analysis, analyse, reanalyse
from lintvalue.run.check import report
from lintvalue.run.places import STDIN, shown
from lintvalue.sources.write import Change, Unwritable, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lintvalue.model.edit import Edit, Plan, Repair
    from lintvalue.model.finding import Finding, Report
    from lintvalue.model.settings import Options
    from lintvalue.model.source import Source

# A statement that shares its row with another one is repaired in a round after it.
_ROUNDS = 40
_NOT_CLEAN = "the repaired text would still be reported, or something new would be"
# What a lock other than the object's own brings about, and a comment whose finding is gone: no
# faults, and off by default.
_HARMLESS = frozenset({"LV001", "LV401"})


@dataclass(frozen=True, slots=True)
class Mended:
    """One project before and after; `groups` are files whose changes belong together."""

    first: Analysis
    last: Analysis
    declined: tuple[Declined, ...] = ()
    groups: tuple[frozenset[str], ...] = ()

    @property
    def changed(self) -> tuple[str, ...]:
        pairs = sorted(self.last.sources.items())
        return tuple(path for path, source in pairs if source != self.first.sources[path])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fix came to.

    `found` counts the findings that there were; `report` holds those that remain (where nothing was
    written: as they stand in the files). `declined` says why, with paths as they are shown.
    """

    found: int
    report: Report
    declined: tuple[Declined, ...]
    mended: tuple[Mended, ...]
    stdin: bytes | None = None  # what was read from standard input

    @property
    def fixed(self) -> int:
        return self.found - len(self.report.findings)

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
    mended = [_mend(analysis, unsafe=unsafe) for analysis in analyse(paths, options)]
    if not dry and STDIN not in paths:
        mended = [_saved(one, paths) for one in mended]
    remaining = [_as_they_stand(one) if dry else one.last for one in mended]
    return Outcome(
        sum(len(one.first.findings) for one in mended),
        report(remaining),
        tuple(_shown(one, declined) for one in mended for declined in one.declined),
        tuple(mended),
        stdin,
    )


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


# Rounds of repairs


def _mend(analysis: Analysis, *, unsafe: bool) -> Mended:
    mended = Mended(analysis, analysis)
    for _ in range(_ROUNDS):
        found = planned(mended.last, unsafe=unsafe)
        chosen = _compatible(mended.last, found.repairs)
        good, better = _good(mended.last, chosen)
        if not good:
            refused = (Declined(at, _NOT_CLEAN) for one in found.repairs for at in one.closes)
            return replace(mended, declined=tuple(sorted((*found.declined, *refused), key=_place)))
        groups = tuple(frozenset(edit.at.path for edit in one.edits) for one in good)
        mended = replace(mended, last=better, groups=(*mended.groups, *groups))
    return mended


def _place(declined: Declined) -> tuple[str, int, int]:
    return declined.at.path, declined.at.span.line, declined.at.span.column


def planned(analysis: Analysis, *, unsafe: bool = False) -> Plan:
    """What would be repaired, and why the rest would not; not yet judged again."""
    settings = analysis.settings
    options = FixOptions(settings.fix_style, settings.counter_import, unsafe, analysis.named)
    return plan(analysis.project, analysis.findings, analysis.facts, analysis.sources, options)


def _compatible(analysis: Analysis, repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """The repairs that can be made at once, first come first served."""
    chosen: list[Repair] = []
    taken: dict[str, tuple[Edit, ...]] = {}
    for repair in repairs:
        own = _by_path(repair.edits)
        together = {path: (*taken.get(path, ()), *edits) for path, edits in own.items()}
        if _applied(analysis, together) is not None:
            chosen.append(repair)
            taken.update(together)
    return tuple(chosen)


def _good(analysis: Analysis, repairs: Sequence[Repair]) -> tuple[tuple[Repair, ...], Analysis]:
    """The repairs that keep their promise, and the project with them; halves find the others."""
    if not repairs:
        return (), analysis
    better = _verified(analysis, repairs)
    if better is not None:
        return tuple(repairs), better
    middle = len(repairs) // 2
    if middle == 0:
        return (), analysis
    left, with_left = _good(analysis, repairs[:middle])
    right, with_right = _good(analysis, repairs[middle:])
    both = _verified(analysis, (*left, *right)) if left and right else None
    if both is not None:
        return (*left, *right), both
    return (left, with_left) if left else (right, with_right)


def _verified(analysis: Analysis, repairs: Sequence[Repair]) -> Analysis | None:
    """The project with the repairs, if it is clean where they say so and nothing else is worse."""
    changed = _texts(analysis, repairs)
    if changed is None or not all(
        _keeps(analysis.sources[path], new) for path, new in changed.items()
    ):
        return None
    better = reanalyse(analysis, changed)
    if any(better.facts[path].problem for path in changed):
        return None
    closed = {at for repair in repairs for at in repair.closes}
    allowed = Counter(_key(one) for one in analysis.findings if one.at not in closed)
    after = Counter(_key(one) for one in better.findings if one.code not in _HARMLESS)
    return better if after <= allowed else None


def _key(finding: Finding) -> tuple[str, str, str, str]:
    """What stays the same where rows move."""
    return finding.at.path, finding.code, finding.symbol, finding.function


def _keeps(old: Source, new: Source) -> bool:
    """Whether all comments are still there, and the text fits the file's encoding."""
    try:
        new.text.encode(new.encoding)
    except UnicodeError:
        return False
    before, after = comments(old.text), comments(new.text)
    return before == after if before is not None and after is not None else True


def _texts(analysis: Analysis, repairs: Iterable[Repair]) -> Mapping[str, Source] | None:
    return _applied(analysis, _by_path(edit for repair in repairs for edit in repair.edits))


def _by_path(edits: Iterable[Edit]) -> Mapping[str, tuple[Edit, ...]]:
    found: dict[str, list[Edit]] = {}
    for edit in edits:
        found.setdefault(edit.at.path, []).append(edit)
    return {path: tuple(some) for path, some in found.items()}


def _applied(
    analysis: Analysis, edits: Mapping[str, Iterable[Edit]]
) -> Mapping[str, Source] | None:
    sources = analysis.sources
    try:
        return {
            path: replace(sources[path], text=apply(sources[path].text, some))
            for path, some in edits.items()
        }
    except Overlap:
        return None


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
    problems = [*mended.first.problems, *problems]
    return replace(mended, last=replace(last, problems=tuple(problems)))


def _joined(mended: Mended) -> list[frozenset[str]]:
    joined: list[frozenset[str]] = []
    for group in (*mended.groups, *(frozenset({path}) for path in mended.changed)):
        changed = group & set(mended.changed)
        near = [one for one in joined if one & changed]
        joined = [one for one in joined if not one & changed]
        joined += [changed.union(*near)] if changed else []
    return joined


def _change(mended: Mended, path: str) -> Change:
    name = os.fspath(mended.first.root / path)
    return Change(name, encoded(mended.first.sources[path]), encoded(mended.last.sources[path]))


# What is told


def _shown(mended: Mended, declined: Declined) -> Declined:
    path = shown(os.fspath(mended.first.root), declined.at.path)
    return replace(declined, at=replace(declined.at, path=path))


def _as_they_stand(mended: Mended) -> Analysis:
    """What remains, at the places of the files as they are."""
    remaining = Counter(map(_key, mended.last.findings))
    findings = []
    for finding in mended.first.findings:
        if remaining[_key(finding)] > 0:
            remaining[_key(finding)] -= 1
            findings.append(finding)
    return replace(mended.first, findings=tuple(findings))
