"""Repairs that keep their promise: planned, applied in memory, and judged again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lintvalue.crew import on_deep_stack
from lintvalue.fix import FixOptions, Overlap, apply, plan
from lintvalue.fix.tokens import comments, strings
from lintvalue.fix.unimport import lost_names
from lintvalue.model.edit import Style
from lintvalue.model.lean import dataclass, field, replace
from lintvalue.model.project import Silence
from lintvalue.rules import RULES
from lintvalue.run.analysis import Analysis, reanalyse
from lintvalue.run.mended import Round
from lintvalue.selection import chosen

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence

    from lintvalue.model.edit import Edit, Plan, Repair
    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Update
    from lintvalue.model.source import Source
    from lintvalue.model.span import Location

# What a lock other than the object's own brings about, and a comment whose finding is gone: no
# faults, and off by default.
_HARMLESS = frozenset({"LV001", "LV401"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Repairs, the project with them, and why others were not kept."""

    repairs: tuple[Repair, ...]
    analysis: Analysis
    refused: Mapping[Repair, str] = field(default_factory=dict)


def planned(analysis: Analysis, *, unsafe: bool = False) -> Plan:
    """What would be repaired, and why the rest would not; not yet judged again."""
    settings = analysis.settings
    named = frozenset(path for path in analysis.named if not _left_out(analysis, path))
    options = FixOptions(settings.fix_style, settings.counter_import, unsafe, named)
    return on_deep_stack(
        lambda: plan(analysis.project, analysis.findings, analysis.facts, analysis.sources, options)
    )


def _left_out(analysis: Analysis, path: str) -> bool:
    """Whether a file asks to be left alone as a whole."""
    facts = analysis.facts.get(path)
    said = facts.suppressions if facts is not None else ()
    return any(one.whole_file and not one.codes for one in said)


def compatible(analysis: Analysis, repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """The repairs that can be made at once, first come first served.

    One that closes what another one closes is its alternative, and has to wait.
    """
    first: list[Repair] = []
    closed: set[Location] = set()
    taken: dict[str, tuple[Edit, ...]] = {}
    for repair in repairs:
        own = _by_path(repair.edits)
        together = {path: (*taken.get(path, ()), *edits) for path, edits in own.items()}
        if not closed & set(repair.closes) and _applied(analysis, together) is not None:
            first.append(repair)
            closed.update(repair.closes)
            taken.update(together)
    return tuple(first)


def best(analysis: Analysis, repairs: Sequence[Repair]) -> Kept:
    """Repairs that keep their promise when made at once; alternatives are tried where they do not."""
    refused: dict[Repair, str] = {}
    rest = tuple(repairs)
    while rest:
        chosen = compatible(analysis, rest)
        kept = good(analysis, chosen)
        refused |= kept.refused
        if kept.repairs or not chosen:
            return replace(kept, refused=refused)
        rest = tuple(one for one in rest if one not in chosen)
    return Kept((), analysis, refused)


def good(analysis: Analysis, repairs: Sequence[Repair]) -> Kept:
    """The repairs that keep their promise when made at once; halves find the others."""
    if not repairs:
        return Kept((), analysis)
    better = _verified(analysis, repairs)
    if isinstance(better, Analysis):
        return Kept(tuple(repairs), better)
    middle = len(repairs) // 2
    if middle == 0:
        return Kept((), analysis, {repairs[0]: better})
    left, right = good(analysis, repairs[:middle]), good(analysis, repairs[middle:])
    refused = {**left.refused, **right.refused}
    together = (*left.repairs, *right.repairs)
    both = _verified(analysis, together) if left.repairs and right.repairs else None
    if isinstance(both, Analysis):
        return Kept(together, both, refused)
    return replace(left if left.repairs else right, refused=refused)


def _verified(analysis: Analysis, repairs: Sequence[Repair]) -> Analysis | str:
    """The project with the repairs, clean where they say so and nowhere worse; or why it is not."""
    changed = _texts(analysis, repairs)
    if changed is None:
        return "its edits meet each other"
    for path, new in changed.items():
        if lost := _lost(analysis.sources[path], new):
            return f"{lost} would not stay as it is"
    better = reanalyse(analysis, changed)
    if any(better.facts[path].problem for path in changed):
        return "the repaired text could not be parsed"
    for path, source in changed.items():
        for name in lost_names(analysis.facts[path], better.facts[path], source.text):
            return f"`{name}` would be used and no longer imported"
    worse = _worse(analysis, better, {at for one in repairs for at in one.closes})
    return worse or _guessed(analysis, better, repairs) or better


def _worse(before: Analysis, after: Analysis, closed: Collection[Location]) -> str | None:
    """What would be found afterwards that should not be: chosen and silenced or not, in any file."""
    allowed = Counter(key(one) for one in _all(before) if one.at not in closed)
    meant = {key(one) for one in before.findings if one.at in closed}
    for finding in _all(after):
        allowed[key(finding)] -= 1
        if allowed[key(finding)] < 0 and key(finding) in meant:
            return f"{finding.code} would still be found"
        if allowed[key(finding)] < 0:
            return f"{finding.code} would be found at {finding.at.path}:{finding.at.span.line}"
    return None


def _guessed(before: Analysis, after: Analysis, repairs: Sequence[Repair]) -> str | None:
    """Whether some update is silent only since it, or what is held around it, is not known any more."""
    made = Round(before.sources, after.sources, tuple(repairs))
    known = {one.at for one in _unknown(before)}
    for update in _unknown(after):
        if made.origin(update.at) not in known:
            place = f"{update.at.path}:{update.at.span.line}"
            return f"it could not be told what is held at {place}"
    locked = {at for one in repairs if one.style is Style.LOCK for at in one.closes}
    left = {_start(made.origin(one.at)) for one in after.project.updates}
    for update in before.project.updates:
        if update.at in locked and _start(update.at) not in left:
            return "the update could not be followed any more"
    return None


def _start(at: Location) -> tuple[str, int, int]:
    return at.path, at.span.line, at.span.column


def _unknown(analysis: Analysis) -> Iterator[Update]:
    return (one for one in analysis.project.updates if one.silence is Silence.UNKNOWN_LOCK)


def _all(analysis: Analysis) -> Iterator[Finding]:
    """Every fault, once: those of rules that are off only where somebody asked for them."""
    asked = chosen(RULES, analysis.settings)
    default = {rule.code for rule in RULES if rule.default}
    return (one for one in analysis.judged if one.code in (asked | default) - _HARMLESS)


def key(finding: Finding) -> tuple[str, str, str, str]:
    """What stays the same where rows move."""
    return finding.at.path, finding.code, finding.symbol, finding.function


def _lost(old: Source, new: Source) -> str | None:
    """What of the old text the new one has not, or cannot say in the file's encoding."""
    try:
        new.text.encode(new.encoding)
    except UnicodeError:
        return "the file's encoding"
    if not _same(comments(old.text), comments(new.text)):
        return "a comment"
    return None if _same(strings(old.text), strings(new.text)) else "a string of several rows"


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
    safe = planned(analysis).repairs
    kept = _kept(analysis, safe)
    if len(kept) == len(analysis.findings):
        return kept
    more = (one for one in planned(analysis, unsafe=True).repairs if one not in safe)
    return {**_kept(analysis, _for_others(more, kept)), **kept}


def _for_others(repairs: Iterable[Repair], closed: Container[Location]) -> tuple[Repair, ...]:
    return tuple(one for one in repairs if not all(at in closed for at in one.closes))


def _kept(analysis: Analysis, repairs: Sequence[Repair]) -> Mapping[Location, Repair]:
    """A repair for each place that has one which keeps its promise, at best together with others."""
    together = best(analysis, repairs)
    found = {at: repair for repair in together.repairs for at in repair.closes}
    for one in repairs:
        open_ = one not in together.refused and _for_others((one,), found)
        if open_ and isinstance(_verified(analysis, (one,)), Analysis):
            found = {**dict.fromkeys(one.closes, one), **found}
    return found


def planned_for_each(analysis: Analysis) -> Mapping[Location, Repair]:
    """What `of_each` would most likely say, in much less time."""
    found = [*planned(analysis).repairs, *planned(analysis, unsafe=True).repairs]
    return {at: repair for repair in reversed(found) for at in repair.closes}
