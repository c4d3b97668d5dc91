"""Sections of other objects' own locks that may stand inside of ours, since none of them is ever taken first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.places import within
from lintvalue.fix.sections import sections
from lintvalue.model import statements as s
from lintvalue.model.project import Touch, Use

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
        and _never_first(survey, owners[lock], ours)
    )


def _never_first(survey: Survey, other: int, ours: set[int]) -> bool:
    """Whether no section of the other object's lock touches one of ours."""
    return all(
        _is_leaf(survey.pages[use.at.path], use, ours)
        for use in survey.project.uses
        if use.touch is Touch.LOCK and other in use.objects
    )


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
