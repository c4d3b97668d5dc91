"""Sections of other objects' own locks that may stand inside of ours, since none of them is ever taken first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.extent import company
from lintvalue.fix.places import function_of, within
from lintvalue.fix.sections import sections
from lintvalue.model import statements as s
from lintvalue.model.project import Form, Touch, Use

_CHANGES = (Touch.STORE, Touch.AUGMENT, Touch.ELEMENT)

if TYPE_CHECKING:
    from lintvalue.fix.statements import Range
    from lintvalue.fix.survey import Page, Survey
    from lintvalue.model.project import Update
    from lintvalue.model.span import Span


def leaves(survey: Survey, page: Page, chosen: Range, update: Update) -> frozenset[Span]:
    """The `with other.get_lock():` of the range in which, wherever it is taken, ours is never asked for."""
    owners = {
        shared.lock: shared.id for shared in survey.project.objects if shared.lock is not None
    }
    ours = set(update.objects)
    return frozenset(
        span
        for span, lock in sections(page, chosen, update).items()
        if lock in owners
        and owners[lock] not in ours
        and survey.project.locks[lock].owner == owners[lock]
        and never_first(survey, {owners[lock]}, ours)
    )


def never_first(survey: Survey, others: set[int], ours: set[int]) -> bool:
    """Whether one of our locks is never asked for while the lock of one of the others is held.

    Neither as the program is, nor as it will be when the updates of the others hold their locks.
    """
    return all(
        _is_leaf(survey.pages[use.at.path], use, ours)
        for use in survey.project.uses
        if use.touch is Touch.LOCK and others & set(use.objects)
    ) and not any(
        _will_span(survey.pages[update.at.path], update, ours)
        for update in survey.project.updates
        if others & set(update.objects) and update.silence is None and not update.held
    )


def _will_span(page: Page, update: Update, ours: set[int]) -> bool:
    """Whether the section of an update that is to come may touch one of our objects."""
    touched = {use.statement for use in page.uses if ours & set(use.objects)}
    change = next(
        (use for use in page.uses if use.statement == update.at.span and use.touch in _CHANGES),
        None,
    )
    near = company(page, change) if change is not None else None
    if near is None or update.form in (Form.SPLIT, Form.DECIDED):
        place = page.places.get(update.at.span)
        around = function_of(place) if place is not None else None
        if around is None:
            return bool(touched)
        near = frozenset(one.span for outer in around.body.statements for one in within(outer))
    return bool(touched & near - {update.at.span}) or _under_it(page, update, ours)


def _under_it(page: Page, update: Update, ours: set[int]) -> bool:
    """Whether the update's own statement touches one of ours in a way that is not moved ahead."""
    inside = [use for use in page.uses if use.statement == update.at.span]
    return any(use.touch is not Touch.READ and ours & set(use.objects) for use in inside)


def _is_leaf(page: Page, use: Use, ours: set[int]) -> bool:
    place = page.places.get(use.statement)
    if place is None or not isinstance(place.statement, s.With):
        return False
    inside = {one.span for one in within(place.statement)}
    touched = {number for one in page.uses if one.statement in inside for number in one.objects}
    return touched == set(use.objects) and not touched & ours and _is_simple(place.statement)


def _is_simple(statement: s.With) -> bool:
    return len(statement.items) == 1 and not any(
        isinstance(one, s.With) for one in within(statement) if one is not statement
    )
