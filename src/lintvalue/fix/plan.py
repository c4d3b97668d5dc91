"""Which findings can be repaired, how, and why the others can't."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from lintvalue.fix.adjacent import adjacent
from lintvalue.fix.bring_lock import bring_lock
from lintvalue.fix.call_get_lock import call_get_lock
from lintvalue.fix.convertible import check_family, families
from lintvalue.fix.guards import common_guard, own_guard
from lintvalue.fix.hold_lock import hold_lock
from lintvalue.fix.into_with import into_with
from lintvalue.fix.late_release import late_release
from lintvalue.fix.options import FixOptions
from lintvalue.fix.process_lock import process_lock
from lintvalue.fix.raw_value import raw_value
from lintvalue.fix.survey import Inapplicable, Refusal, Survey, survey
from lintvalue.fix.use_counter import use_counter
from lintvalue.model.edit import Declined, Plan, Repair, Style
from lintvalue.model.lean import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Project, Update
    from lintvalue.model.source import Source
    from lintvalue.model.span import Location

__all__ = ["FixOptions", "plan"]

Updates = dict["Location", list["Update"]]

_UNKNOWN = "no recipe repairs this rule; see its page for what to write instead"
_WHY_NOT = {
    "LV001": "comments stay as they are; take it out by hand",
    "LV204": "which of the two should not take the lock is for its author to say",
    "LV205": "it has no lock: which one its processes share is for its author to say",
    "LV301": "it has to be handed over where the process starts, which is another place",
    "LV302": "it has to be handed to each process where that starts, and on to where it is used",
}
_BY_COUNTER = frozenset({"LV101", "LV102"})


def plan(
    project: Project,
    findings: Sequence[Finding],
    facts: Mapping[str, FileFacts],
    sources: Mapping[str, Source],
    options: FixOptions,
) -> Plan:
    """Repairs for as many findings as possible, and for each of the others one reason."""
    ground = survey(project, facts, sources, options)
    updates = _by_place(project)
    repairs: list[Repair] = []
    reasons: dict[Location, str] = {}
    if options.style is not Style.LOCK:
        repairs, reasons, converted = _counters(ground, findings, updates)
        ground = replace(ground, converted=converted)
    closed = {at for repair in repairs for at in repair.closes}
    rest = [finding for finding in findings if finding.at not in closed]
    if options.style is not Style.COUNTER:
        held, reasons = _others(ground, rest, updates)
        repairs += held
    done = {at for repair in repairs for at in repair.closes}
    left = {finding.at: _why_not(finding, options.style) for finding in rest}
    left = {at: reasons.get(at, why) for at, why in left.items() if at not in done}
    return Plan(tuple(repairs), tuple(Declined(at, why) for at, why in left.items()))


def _why_not(finding: Finding, style: Style | None) -> str:
    if style is Style.COUNTER and finding.code in _RECIPES:
        return "a Counter is no help here; `--style lock` may know a repair"
    return _WHY_NOT.get(finding.code, _UNKNOWN)


def _by_place(project: Project) -> Updates:
    found: Updates = defaultdict(list)
    for update in project.updates:
        found[update.at].append(update)
    return found


def _counters(
    ground: Survey, findings: Sequence[Finding], updates: Updates
) -> tuple[list[Repair], dict[Location, str], frozenset[int]]:
    """One repair for all families that are made in the same files, since they share its imports.

    Also why others are no Counters, and which objects will be.
    """
    chosen: list[tuple[frozenset[int], list[Finding]]] = []
    reasons: dict[Location, str] = {}
    for family in families(ground):
        own = [finding for finding in findings if _objects(updates, finding) & family]
        if not any(finding.code in _BY_COUNTER for finding in own):
            continue
        try:
            check_family(ground, family)
            chosen.append((family, own))
        except Refusal as refusal:
            reasons |= {finding.at: f"no Counter: {refusal}" for finding in own}
    repairs = [_counter(ground, group) for group in _by_maker(ground, chosen)]
    return repairs, reasons, frozenset().union(*(family for family, _ in chosen))


def _counter(ground: Survey, group: Sequence[tuple[frozenset[int], list[Finding]]]) -> Repair:
    objects = frozenset(number for family, _ in group for number in family)
    return use_counter(ground, objects, [finding for _, own in group for finding in own])


def _by_maker(
    ground: Survey, chosen: Iterable[tuple[frozenset[int], list[Finding]]]
) -> list[list[tuple[frozenset[int], list[Finding]]]]:
    groups: list[tuple[set[str], list[tuple[frozenset[int], list[Finding]]]]] = []
    for one in chosen:
        paths = {ground.project.objects[number].made.path for number in one[0]}
        near = [group for group in groups if group[0] & paths]
        groups = [group for group in groups if not group[0] & paths]
        merged = [one, *(member for group in near for member in group[1])]
        groups.append((paths.union(*(group[0] for group in near)), merged))
    return [members for _, members in groups]


def _objects(updates: Updates, finding: Finding) -> set[int]:
    return {number for update in updates.get(finding.at, ()) for number in update.objects}


def _others(
    ground: Survey, findings: Sequence[Finding], updates: Updates
) -> tuple[list[Repair], dict[Location, str]]:
    """What each of the other recipes makes of each finding, the better first; the last reason stands."""
    repairs: dict[Repair, None] = {}
    reasons: dict[Location, str] = {}
    for finding in findings:
        for recipe in _RECIPES.get(finding.code, ()):
            try:
                repairs[recipe(ground, finding, findings, updates)] = None
            except Inapplicable:
                continue
            except Refusal as refusal:
                reasons[finding.at] = str(refusal)
    indents = {path: page.facts.indent for path, page in ground.pages.items()}
    return [*adjacent(repairs, indents), *repairs], reasons


Recipe = Callable[["Survey", "Finding", Sequence["Finding"], Updates], "Repair"]


def _under_lock(ground: Survey, finding: Finding, _: Sequence[Finding], updates: Updates) -> Repair:
    if finding.at not in updates:
        raise Refusal("the update was not understood")
    return hold_lock(ground, finding, updates[finding.at])


def _common_guard(
    ground: Survey, finding: Finding, findings: Sequence[Finding], _: Updates
) -> Repair:
    return common_guard(ground, finding, findings)


def _own_guard(ground: Survey, finding: Finding, findings: Sequence[Finding], _: Updates) -> Repair:
    return own_guard(ground, finding, findings)


def _process_lock(
    ground: Survey, finding: Finding, findings: Sequence[Finding], _: Updates
) -> Repair:
    return process_lock(ground, finding, findings)


def _late_release(
    ground: Survey, finding: Finding, _: Sequence[Finding], updates: Updates
) -> Repair:
    try:
        return late_release(ground, finding, updates.get(finding.at, ()))
    except Refusal:
        return _under_lock(ground, finding, (), updates)


def _bring_all(
    ground: Survey, finding: Finding, findings: Sequence[Finding], updates: Updates
) -> Repair:
    return bring_lock(ground, finding, findings, updates, together=True)


def _bring(
    ground: Survey, finding: Finding, findings: Sequence[Finding], updates: Updates
) -> Repair:
    return bring_lock(ground, finding, findings, updates, together=False)


def _called(ground: Survey, finding: Finding, _: Sequence[Finding], __: Updates) -> Repair:
    return call_get_lock(ground, finding)


def _in_with(ground: Survey, finding: Finding, _: Sequence[Finding], __: Updates) -> Repair:
    return into_with(ground, finding)


def _raw(ground: Survey, finding: Finding, _: Sequence[Finding], __: Updates) -> Repair:
    return raw_value(ground, finding)


_RECIPES: Mapping[str, tuple[Recipe, ...]] = {
    **dict.fromkeys(("LV101", "LV102", "LV104"), (_under_lock, _bring_all, _bring)),
    "LV103": (_late_release, _bring_all, _bring),
    **dict.fromkeys(("LV201", "LV203"), (_common_guard, _own_guard, _bring_all, _bring)),
    "LV202": (_process_lock, _common_guard, _own_guard, _bring_all, _bring),
    "LV205": (_bring_all, _bring),
    "LV206": (_in_with,),
    "LV207": (_called,),
    "LV401": (_raw,),
}
