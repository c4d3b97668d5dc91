"""Which objects can be Counters: families that change together, and what stands against it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.fix.collapse import collapses
from lintvalue.fix.counter_edits import edits_of
from lintvalue.fix.expressions import calls
from lintvalue.fix.extent import company
from lintvalue.fix.making import Made, made
from lintvalue.fix.retype import not_asked, retyped
from lintvalue.fix.survey import Page, Refusal, Survey, applicability
from lintvalue.fix.tickets import ticket
from lintvalue.fix.visible import exported
from lintvalue.model.project import Fault, Form, Kind, SharedObject, Touch, Update, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

# Signed cells, wide enough that nobody lets them wrap round; narrow and unsigned ones do wrap.
_TYPECODES = frozenset("ilq")
_WORDS = {
    Touch.LOCK: "its lock is used",
    Touch.ELEMENT: "its elements or fields are used",
    Touch.ESCAPE: "it is handed to code that is not seen, or used in a way that is not known",
}


def families(survey: Survey) -> tuple[frozenset[int], ...]:
    """Objects that meet in one expression, which are all converted or none of them."""
    leader = list(range(len(survey.project.objects)))

    def find(number: int) -> int:
        while leader[number] != number:
            number = leader[number]
        return number

    for group in (*(use.objects for use in survey.project.uses), *_one_update(survey)):
        for number in group[1:]:
            leader[find(number)] = find(group[0])
    members: dict[int, set[int]] = defaultdict(set)
    for number in range(len(leader)):
        members[find(number)].add(number)
    return tuple(frozenset(group) for group in members.values())


def _one_update(survey: Survey) -> Iterator[tuple[int, ...]]:
    return (update.objects for update in survey.project.updates)


def check_family(survey: Survey, family: frozenset[int]) -> None:
    """Raise Refusal with the reason why these objects can't be Counters."""
    applicability(survey, exported(survey, family))
    if survey.unread:
        raise Refusal(f"{survey.unread[0]}, which may use it too, could not be parsed")
    for number in sorted(family):
        _check_object(survey.project.objects[number])
    for use in survey.project.uses:
        if family & set(use.objects):
            _check_use(survey, use)
    for update in survey.project.updates:
        if not family & set(update.objects):
            continue
        if update.useless or any(
            survey.project.locks[lock].owner not in family for lock in update.held
        ):
            raise Refusal("some of its updates hold a lock, which all others should hold as well")
        _check_update(survey, update)
    _no_misuse(survey, family)
    _made_once(survey, family)
    for path in paths(survey, family):
        page, uses = survey.pages[path], uses_of(survey, path, family)
        edits_of(page, uses)
        retyped(page, uses, "Counter")
        not_asked(page)


def _no_misuse(survey: Survey, family: frozenset[int]) -> None:
    """A Counter would only hide what else is wrong with the object."""
    for misuse in survey.project.misuses:
        if not family & set(misuse.objects) or misuse.fault is Fault.REDUNDANT:
            continue
        if misuse.fault is Fault.NOT_GIVEN:
            raise Refusal(
                "processes reach it without its being handed to them, which a Counter would hide"
            )
        raise Refusal(f"something else is wrong with it at {misuse.at.path}:{misuse.at.span.line}")


def _check_update(survey: Survey, update: Update) -> None:
    """A Counter's one step has to be the whole update: the read, the sum and the write."""
    if update.silence is not None:
        return
    here = [
        use
        for use in survey.project.uses
        if use.at.path == update.at.path and use.statement == update.at.span
    ]
    changed = [use for use in here if use.touch in (Touch.AUGMENT, Touch.STORE)]
    reads = [use for use in here if use.touch is Touch.READ]
    own = [use for use in reads if set(use.objects) & set(update.objects)]
    stored = any(use.touch is Touch.STORE for use in changed)
    if (
        update.form in (Form.SPLIT, Form.DECIDED)
        or not changed
        or len(own) != (1 if stored else 0)
        or not {update.read, *update.reads} <= {use.at for use in (own if stored else changed)}
    ):
        raise Refusal("it is read in one step and changed in another, which no Counter method does")


def _check_object(shared: SharedObject) -> None:
    if (
        shared.kind not in (Kind.VALUE, Kind.RAW_VALUE)
        or shared.by_annotation
        or shared.maker is None
    ):
        raise Refusal("a Counter replaces only a Value that is made in sight")
    if shared.typecode not in _TYPECODES:
        code = "unknown" if shared.typecode is None else f"'{shared.typecode}'"
        raise Refusal(f"its cell type is {code}; a Counter is a signed 64-bit number")


def _check_use(survey: Survey, use: Use) -> None:
    place = f"{use.at.path}:{use.at.span.line}"
    if not use.sure:
        raise Refusal(f"at {place} it may be something else as well")
    if use.at.path not in survey.options.named or use.at.path not in survey.pages:
        raise Refusal(f"it is used at {place}, too, which is not among the files to fix")
    page = survey.pages[use.at.path]
    if use.touch in _WORDS and not (use.touch is Touch.LOCK and collapses(page, use)):
        raise Refusal(f"at {place} {_WORDS[use.touch]}")
    if use.touch in (Touch.AUGMENT, Touch.STORE) and not _is_one_step(page, use):
        raise Refusal(f"at {place} its value is read and changed in two steps that belong together")


def _is_one_step(page: Page, use: Use) -> bool:
    """Whether a change stands alone, or with the read that its Counter's answer takes the place of."""
    whole, one = company(page, use), ticket(page, use)
    return whole == frozenset({use.statement}) or (one is not None and whole == one.spans)


def _made_once(survey: Survey, family: frozenset[int]) -> None:
    seen = {
        number for use in survey.project.uses if use.touch is Touch.MADE for number in use.objects
    }
    if not family <= seen:
        raise Refusal("a Counter replaces only a Value that is made in sight")
    for use in survey.project.uses:
        if use.touch is Touch.MADE and family & set(use.objects):
            maker(survey, use)


def maker(survey: Survey, use: Use) -> Made:
    page = survey.pages[use.at.path]
    statements = (place.statement for place in page.places.values())
    call = next((call for call in calls(statements) if call.span == use.at.span), None)
    if call is None:
        raise Refusal("the call that makes it was not understood")
    return made(survey, page, call, survey.project.objects[use.objects[0]])


def paths(survey: Survey, family: frozenset[int]) -> tuple[str, ...]:
    return tuple(sorted({use.at.path for use in survey.project.uses if family & set(use.objects)}))


def uses_of(survey: Survey, path: str, family: frozenset[int]) -> tuple[Use, ...]:
    return tuple(use for use in survey.pages[path].uses if family & set(use.objects))
