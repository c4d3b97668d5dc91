"""Repairs that keep their promise: planned, applied in memory, and judged again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from lintvalue.crew import on_deep_stack
from lintvalue.fix import FixOptions, Overlap, apply, plan
from lintvalue.fix.tokens import comments, strings
from lintvalue.fix.unimport import lost_names
from lintvalue.run.analysis import Analysis, reanalyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lintvalue.model.edit import Edit, Plan, Repair
    from lintvalue.model.finding import Finding
    from lintvalue.model.source import Source
    from lintvalue.model.span import Location

# What a lock other than the object's own brings about, and a comment whose finding is gone: no
# faults, and off by default.
_HARMLESS = frozenset({"LV001", "LV401"})


def planned(analysis: Analysis, *, unsafe: bool = False) -> Plan:
    """What would be repaired, and why the rest would not; not yet judged again."""
    settings = analysis.settings
    options = FixOptions(settings.fix_style, settings.counter_import, unsafe, analysis.named)
    return on_deep_stack(
        lambda: plan(analysis.project, analysis.findings, analysis.facts, analysis.sources, options)
    )


def compatible(analysis: Analysis, repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """The repairs that can be made at once, first come first served.

    One that closes what another one closes is its alternative, and has to wait.
    """
    chosen: list[Repair] = []
    closed: set[Location] = set()
    taken: dict[str, tuple[Edit, ...]] = {}
    for repair in repairs:
        own = _by_path(repair.edits)
        together = {path: (*taken.get(path, ()), *edits) for path, edits in own.items()}
        if not closed & set(repair.closes) and _applied(analysis, together) is not None:
            chosen.append(repair)
            closed.update(repair.closes)
            taken.update(together)
    return tuple(chosen)


def best(analysis: Analysis, repairs: Sequence[Repair]) -> tuple[tuple[Repair, ...], Analysis]:
    """Repairs that keep their promise when made at once; alternatives are tried where they do not."""
    rest = tuple(repairs)
    while rest:
        chosen = compatible(analysis, rest)
        kept, better = good(analysis, chosen)
        if kept or not chosen:
            return kept, better
        rest = tuple(one for one in rest if one not in chosen)
    return (), analysis


def good(analysis: Analysis, repairs: Sequence[Repair]) -> tuple[tuple[Repair, ...], Analysis]:
    """The repairs that keep their promise, and the project with them; halves find the others."""
    if not repairs:
        return (), analysis
    better = _verified(analysis, repairs)
    if better is not None:
        return tuple(repairs), better
    middle = len(repairs) // 2
    if middle == 0:
        return (), analysis
    left, with_left = good(analysis, repairs[:middle])
    right, with_right = good(analysis, repairs[middle:])
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
    if any(
        set(lost_names(analysis.facts[path], better.facts[path], source.text))
        for path, source in changed.items()
    ):
        return None  # two repairs did not know of each other
    closed = {at for repair in repairs for at in repair.closes}
    allowed = Counter(key(one) for one in analysis.findings if one.at not in closed)
    after = Counter(key(one) for one in better.findings if one.code not in _HARMLESS)
    return better if after <= allowed else None


def key(finding: Finding) -> tuple[str, str, str, str]:
    """What stays the same where rows move."""
    return finding.at.path, finding.code, finding.symbol, finding.function


def _keeps(old: Source, new: Source) -> bool:
    """Whether all comments and strings are still there, and the text fits the file's encoding."""
    try:
        new.text.encode(new.encoding)
    except UnicodeError:
        return False
    return all(_same(read(old.text), read(new.text)) for read in (comments, strings))


def _same(before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> bool:
    """None is what cannot be told."""
    return before is None or after is None or before == after


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


def of_each(analysis: Analysis) -> Mapping[Location, Repair]:
    """What a fix would make of each finding: a safe repair, else one that may change more."""
    safe = _kept(analysis, unsafe=False)
    return {**_kept(analysis, unsafe=True), **safe} if len(safe) < len(analysis.findings) else safe


def _kept(analysis: Analysis, *, unsafe: bool) -> Mapping[Location, Repair]:
    repairs = planned(analysis, unsafe=unsafe).repairs
    together, _ = best(analysis, repairs)
    rest = [one for one in repairs if one not in together and _verified(analysis, (one,))]
    return {at: repair for repair in reversed((*together, *rest)) for at in repair.closes}


def planned_for_each(analysis: Analysis) -> Mapping[Location, Repair]:
    """What `of_each` would most likely say, in much less time."""
    found = [*planned(analysis).repairs, *planned(analysis, unsafe=True).repairs]
    return {at: repair for repair in reversed(found) for at in repair.closes}
