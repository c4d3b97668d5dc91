"""Updates under a lock that does not do: the lock that does, in its place or inside of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lintvalue.fix.delays import PAUSES, delay
from lintvalue.fix.expressions import of_statement
from lintvalue.fix.hold_lock import held
from lintvalue.fix.locks import Hold, excludes, named, own
from lintvalue.fix.places import Place, within
from lintvalue.fix.sections import lock_of
from lintvalue.fix.survey import Page, Refusal, Survey, is_another, quick
from lintvalue.fix.unused import without_unused
from lintvalue.model import statements as s
from lintvalue.model.edit import Applicability, Edit, Repair, Style
from lintvalue.model.project import Fault, LockKind, Misuse, Update
from lintvalue.model.span import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.finding import Finding

_FAULTS = frozenset({Fault.PRIVATE, Fault.THREAD, Fault.INCONSISTENT})


def common_guard(survey: Survey, finding: Finding, findings: Sequence[Finding]) -> Repair:
    """The lock that most updates hold, for all of them. Raises Refusal where one can't hold it."""
    return _under_common(survey, *_concerned(survey, finding, findings))


def own_guard(survey: Survey, finding: Finding, findings: Sequence[Finding]) -> Repair:
    """The object's own lock, for all its updates. Raises Refusal where one can't hold it."""
    return _under_own(survey, *_concerned(survey, finding, findings))


def _concerned(
    survey: Survey, finding: Finding, findings: Sequence[Finding]
) -> tuple[list[Update], tuple[Location, ...]]:
    objects, closes = _family(survey, finding, findings)
    updates = [
        update
        for update in survey.project.updates
        if objects & set(update.objects) and update.silence is None
    ]
    return updates, closes


def _family(
    survey: Survey, finding: Finding, findings: Sequence[Finding]
) -> tuple[set[int], tuple[Location, ...]]:
    """The objects whose guards meet in one statement, and the findings about them."""
    faults = [misuse for misuse in survey.project.misuses if misuse.fault in _FAULTS]
    objects = set(finding.objects)
    while True:
        places = {misuse.at for misuse in faults if objects & set(misuse.objects)}
        more = {one for misuse in faults if misuse.at in places for one in misuse.objects}
        if more <= objects:
            break
        objects |= more
    reported = (one.at for one in findings if one.at in places)
    return objects, tuple(dict.fromkeys((finding.at, *reported)))


def _under_common(
    survey: Survey, updates: Sequence[Update], closes: tuple[Location, ...]
) -> Repair:
    votes = Counter(lock for update in updates for lock in update.held if excludes(survey, lock))
    if not votes or len({update.objects for update in updates}) > 1:
        raise Refusal("its updates have no lock in common")
    common = max(votes, key=lambda lock: (votes[lock], -lock))
    if survey.project.locks[common].kind is LockKind.OWN:
        raise Refusal("its updates have no lock in common")
    edits: list[Edit] = []
    for update in updates:
        if common in update.held or not (update.held or update.useless):
            continue
        page = survey.pages[update.at.path]
        lock = named(survey.project, page, update, common)
        guard = _guard(survey, page, update)
        if guard is None or not _guards_only_it(page, guard, update):
            raise Refusal("what it holds now may guard something else as well")
        edits.append(_replaced(page, guard, lock))
    return _repair(survey, edits, closes, "Hold the lock that the other updates hold")


def _under_own(survey: Survey, updates: Sequence[Update], closes: tuple[Location, ...]) -> Repair:
    edits: list[Edit] = []
    for update in updates:
        owns = {survey.project.objects[number].lock for number in update.objects}
        if owns & {*update.held} or not (update.held or update.useless):
            continue
        page = survey.pages[update.at.path]
        lock, guard = own(survey, page, update), _guard(survey, page, update)
        if guard is not None and _guards_only_it(page, guard, update):
            edits.append(_replaced(page, guard, lock))
        else:
            edits += held(survey, page, update, lock)[0]
    return _repair(survey, edits, closes, "Hold the object's own lock")


def _repair(
    survey: Survey, edits: Sequence[Edit], closes: tuple[Location, ...], message: str
) -> Repair:
    if not edits:
        raise Refusal("the update that it should guard was not found")
    whole = (*dict.fromkeys(edits), *without_unused(survey, edits))
    return Repair(Style.LOCK, Applicability.SAFE, message, whole, closes)


# The `with` that holds the wrong lock


def _guard(survey: Survey, page: Page, update: Update) -> Place | None:
    """The innermost `with` round the update, of its own function, that takes only the wrong lock."""
    place = page.places.get(update.at.span)
    while place is not None and not isinstance(place.statement, (s.Define, s.DefineClass)):
        if isinstance(place.statement, s.With):
            return place if _takes(survey, page, place.statement, update) else None
        place = place.outer
    return None


def _takes(survey: Survey, page: Page, statement: s.With, update: Update) -> bool:
    if statement.asynchronous or len(statement.items) != 1 or statement.items[0][1] is not None:
        return False
    if lock_of(page, statement, update) in {*update.held, *update.useless}:
        return True
    at = Location(page.path, statement.span)
    return any(_is_fault(misuse, at) for misuse in survey.project.misuses)


def _is_fault(misuse: Misuse, at: Location) -> bool:
    return misuse.at == at and misuse.fault in (Fault.PRIVATE, Fault.THREAD)


def _guards_only_it(page: Page, guard: Place, update: Update) -> bool:
    """Whether the section touches no other shared object and runs straight through."""
    inside = [one for one in within(guard.statement) if one is not guard.statement]
    spans = {one.span for one in inside}
    if any(is_another(page, use, update) for use in page.uses if use.statement in spans):
        return False
    known = quick(page, update.objects) | PAUSES
    return not any(_waits(one, known) for one in inside)


def _waits(statement: s.Statement, known: frozenset[str]) -> bool:
    if isinstance(statement, (s.With, s.While, s.For, s.Define, s.DefineClass)):
        return True
    return any(delay(one, known) for one in of_statement(statement))


def _replaced(page: Page, guard: Place, lock: Hold) -> Edit:
    assert isinstance(guard.statement, s.With)
    return Edit(Location(page.path, guard.statement.items[0][0].span), lock.text)
