"""A `RawValue` becomes a `Value`: a lock of its own goes wherever the object goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.expressions import calls
from lintvalue.fix.guards import own_guard
from lintvalue.fix.hold_lock import hold_lock
from lintvalue.fix.locks import excludes
from lintvalue.fix.remake import making_call, remade, without_keyword
from lintvalue.fix.survey import Inapplicable, Page, Refusal, Survey, applicability
from lintvalue.fix.unimport import unimported
from lintvalue.fix.visible import exported
from lintvalue.model.edit import Edit, Repair, Style
from lintvalue.model.expressions import Literal, Name
from lintvalue.model.lean import replace
from lintvalue.model.project import Fault, Kind, Lock, LockKind, Touch, Update, Use

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lintvalue.model.expressions import Call
    from lintvalue.model.finding import Finding
    from lintvalue.model.span import Location

_LOCKED = {Kind.RAW_VALUE: (Kind.VALUE, "Value"), Kind.RAW_ARRAY: (Kind.ARRAY, "Array")}
_GUARDED = frozenset({"LV201", "LV202", "LV203"})
_REPAIRED = _GUARDED | {"LV101", "LV102", "LV103", "LV104", "LV205"}
_SAME = frozenset({Touch.MADE, Touch.READ, Touch.STORE, Touch.AUGMENT, Touch.ELEMENT, Touch.LOCK})
# They do with what has a lock what they do with what has none.
_BUILTINS = frozenset(
    {
        *("all", "any", "enumerate", "iter", "len", "list", "max", "min", "reversed", "set"),
        *("sorted", "sum", "tuple", "zip"),
    }
)


def bring_lock(
    survey: Survey,
    finding: Finding,
    findings: Sequence[Finding],
    updates: Mapping[Location, Sequence[Update]],
    *,
    together: bool,
) -> Repair:
    """Make the object with a lock, and hold that at its updates; `together` with all like it of its file.

    Raises Refusal where something may need the bare memory, or it can't be held somewhere.
    """
    objects = frozenset(finding.objects)
    if not any(survey.project.objects[number].kind in _LOCKED for number in objects):
        raise Inapplicable("it is no bare memory")
    _check(survey, objects)
    if together:
        objects = frozenset(_alike(survey, findings, objects))
    own = [
        one
        for one in findings
        if one.code in _REPAIRED and one.objects and set(one.objects) <= objects
    ]
    pretended = _with_locks(survey, objects)
    edits = [*_makers(survey, objects), *_held(pretended, own, updates)]
    visible = exported(survey, objects)
    names = ", ".join(f"`{name}`" for name in sorted({one.symbol for one in own}))
    message = "; ".join((f"Make {names} with a lock of its own and hold it", *visible))
    closes = tuple(dict.fromkeys(one.at for one in own))
    whole = tuple(dict.fromkeys(edits))
    return Repair(Style.LOCK, applicability(survey, visible), message, whole, closes)


def _alike(survey: Survey, findings: Sequence[Finding], objects: frozenset[int]) -> Iterator[int]:
    paths = {survey.project.objects[number].made.path for number in objects}
    for number in {number for one in findings for number in one.objects}:
        shared = survey.project.objects[number]
        if shared.kind in _LOCKED and shared.made.path in paths:
            _check(survey, frozenset({number}))
            yield number


# Whether it may have a lock


def _check(survey: Survey, objects: frozenset[int]) -> None:
    project = survey.project
    for number in objects:
        shared = project.objects[number]
        if shared.kind not in _LOCKED or shared.maker is None or shared.by_annotation:
            raise Refusal(
                "it has no lock of its own, and is not made in sight as what could have one"
            )
        if shared.made.path not in survey.options.named or shared.made.path not in survey.pages:
            raise Refusal(f"it is made in {shared.made.path}, which is not among the files to fix")
    for use in project.uses:
        if objects & set(use.objects):
            _check_use(survey, use, objects)
    held = (
        one for update in project.updates if objects & set(update.objects) for one in update.held
    )
    if any(excludes(survey, lock) for lock in held):
        raise Refusal("some of its updates hold a lock, which all others should hold as well")


def _check_use(survey: Survey, use: Use, objects: frozenset[int]) -> None:
    page = survey.pages.get(use.at.path)
    plain = use.touch in _SAME or (page is not None and _by_builtin(page, use))
    if not (plain and use.sure and set(use.objects) <= objects):
        raise Refusal(
            f"at {use.at.path}:{use.at.span.line} the bare memory may be needed, or something else is meant"
        )


def _by_builtin(page: Page, use: Use) -> bool:
    """Whether the object is handed to a builtin: `sum(array)`."""
    statements = (place.statement for place in page.places.values())
    return any(
        isinstance(call.function, Name)
        and call.function.id in _BUILTINS
        and any(argument.value.span == use.at.span for argument in call.arguments)
        for call in calls(statements)
    )


# As if it had one


def _with_locks(survey: Survey, objects: frozenset[int]) -> Survey:
    """The survey in which the objects have locks already: what the other recipes would make of that."""
    project = survey.project
    known, locks = list(project.objects), list(project.locks)
    for number in sorted(objects):
        shared = known[number]
        kind, _ = _LOCKED[shared.kind]
        known[number] = replace(shared, kind=kind, lock=len(locks))
        locks.append(
            Lock(len(locks), LockKind.OWN, shared.made, shared=True, reentrant=True, owner=number)
        )
    return replace(survey, project=replace(project, objects=tuple(known), locks=tuple(locks)))


def _held(
    survey: Survey, findings: Sequence[Finding], updates: Mapping[Location, Sequence[Update]]
) -> Iterator[Edit]:
    for finding in findings:
        if finding.code in _GUARDED:
            yield from own_guard(survey, finding, findings).edits
        elif finding.at in updates and not _fails(survey, finding):
            yield from hold_lock(survey, finding, updates[finding.at]).edits


def _fails(survey: Survey, finding: Finding) -> bool:
    """Whether the finding is about a lock that the object was asked for in vain, and now has."""
    return any(
        one.at == finding.at and one.fault is Fault.LOCKLESS for one in survey.project.misuses
    )


# Where it is made


def _makers(survey: Survey, objects: frozenset[int]) -> Iterator[Edit]:
    for path in sorted({survey.project.objects[number].made.path for number in objects}):
        page = survey.pages[path]
        edits: list[Edit] = []
        for kind, (_, new) in _LOCKED.items():
            made = [
                making_call(page, shared.made.span)
                for shared in (survey.project.objects[number] for number in sorted(objects))
                if shared.kind is kind and shared.made.path == path
            ]
            made = list({call.span: call for call in made}.values())
            unlocked = [
                call for call in made if any(one.keyword == "lock" for one in call.arguments)
            ]
            for call in unlocked:
                edits += _unlocked(page, call)
            bare = [call for call in made if call not in unlocked]
            edits += remade(survey, page, bare, f"Raw{new}", new)
        yield from (*edits, *unimported(survey, page, edits, None, None))


def _unlocked(page: Page, call: Call) -> Iterator[Edit]:
    [given] = [one.value for one in call.arguments if one.keyword == "lock"]
    if not (isinstance(given, Literal) and given.value is False):
        raise Refusal("the call that makes it was not understood")
    yield from without_keyword(page, call, "lock")
