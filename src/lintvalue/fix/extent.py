"""How far the critical section of an update has to reach: over the reads that belong to it, too.

A ticket that is read, counted up and returned is safe only if all of it runs under one lock.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lintvalue.fix.places import Place, function_of, within
from lintvalue.fix.statements import Range
from lintvalue.fix.survey import Page, Refusal
from lintvalue.model import statements as s
from lintvalue.model.project import Form, Touch, Update, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.span import Span


def extent(page: Page, update: Update) -> Range:
    """The statements that have to run under one lock. Raises Refusal where no suite holds them."""
    place = page.places.get(update.at.span)
    if place is None:
        raise Refusal("the update is part of a larger expression")
    reads = _reading(page, update.at.span, update.base, update.objects)
    chosen = Range(place, place.index)
    if update.form in (Form.SPLIT, Form.DECIDED):
        chosen = _together(page, update, place)
    return _widened(page, chosen, reads)


def stands_alone(page: Page, use: Use) -> bool:
    """Whether no read next to the change or around it belongs to it."""
    place = page.places.get(use.statement)
    if place is None:
        return False
    alone = Range(place, place.index)
    try:
        return _widened(page, alone, _reading(page, use.statement, use.base, use.objects)) == alone
    except Refusal:
        return False


def _reading(page: Page, at: Span, base: Span | None, objects: tuple[int, ...]) -> frozenset[Span]:
    """The other statements (or headers) that read the objects under the same name."""
    return frozenset(
        use.statement
        for use in page.uses
        if use.touch is Touch.READ
        and set(use.objects) & set(objects)
        and use.statement != at
        and (base is None or page.lines.cut(use.base) == page.lines.cut(base))
    )


def _together(page: Page, update: Update, write: Place) -> Range:
    read = next(
        (
            use.statement
            for use in page.uses
            if update.read.path == page.path and use.at == update.read
        ),
        update.read.span,
    )
    start = page.places.get(read) or _enclosing(page, update.read.span)
    if update.read.path != page.path or start is None or function_of(start) != function_of(write):
        raise Refusal("the value is read in another function; no one suite holds read and write")
    for one in _outwards(start):
        for other in _outwards(write):
            if one.block is other.block:
                return _between(one, other)
    raise Refusal("no one suite holds read and write")


def _enclosing(page: Page, span: Span) -> Place | None:
    around = [place for at, place in page.places.items() if at.encloses(span)]
    return max(around, key=lambda place: place.statement.span, default=None)


def _between(one: Place, other: Place) -> Range:
    first, last = sorted((one.index, other.index))
    return Range(replace(one, index=first), last)


def _outwards(place: Place) -> Iterator[Place]:
    here: Place | None = place
    while here is not None:
        yield here
        here = here.outer


def _widened(page: Page, chosen: Range, reads: frozenset[Span]) -> Range:
    """The range with the reads that decide it, and with those next to it."""
    chosen = _whole_branch(page, _round_decisions(chosen, reads))
    first, last, block = chosen.first.index, chosen.last, chosen.first.block.statements
    while first > 0 and _hands_on(block[first - 1], reads):
        first -= 1
    while last + 1 < len(block) and _takes(block[last + 1], reads):
        last += 1
    return Range(replace(chosen.first, index=first), last)


def _round_decisions(chosen: Range, reads: frozenset[Span]) -> Range:
    for outer in _outwards(chosen.first):
        statement = outer.statement
        if isinstance(statement, (s.Define, s.DefineClass)):
            break
        if statement.span not in reads or outer is chosen.first:
            continue
        if not isinstance(statement, (s.If, s.Match)):
            raise Refusal("a loop decides it; a lock would be held through the whole loop")
        chosen = Range(outer, outer.index)
    return chosen


def _whole_branch(page: Page, chosen: Range) -> Range:
    """The `if` that an `elif` belongs to."""
    place = chosen.first
    while _is_elif(page, place) and place.outer is not None:
        place = place.outer
    return chosen if place is chosen.first else Range(place, place.index)


def _is_elif(page: Page, place: Place) -> bool:
    span = place.statement.span
    return isinstance(place.statement, s.If) and page.lines.after(
        span.line, span.column
    ).startswith("elif")


def _hands_on(statement: s.Statement, reads: frozenset[Span]) -> bool:
    """Whether the statement keeps what it reads, or goes away because of it."""
    if statement.span not in reads:
        return False
    if isinstance(statement, s.If):
        return any(isinstance(part, (s.Return, s.Raise, s.Leave)) for part in within(statement))
    return isinstance(statement, (s.Assign, s.Annotated, s.Assert))


def _takes(statement: s.Statement, reads: frozenset[Span]) -> bool:
    return statement.span in reads and isinstance(statement, (s.Assign, s.Annotated, s.Return))
