"""Tickets of a Counter: the change and the read next to it are one step, whose answer is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.fix.survey import Page, Refusal
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.expressions import Attribute, Literal, Name
from lintvalue.model.lean import dataclass
from lintvalue.model.project import Touch, Use
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.fix.places import Place

_VERBS = {"+=": ("increment", "-"), "-=": ("decrement", "+")}


@dataclass(frozen=True, slots=True)
class Ticket:
    """`n = v.value` right before or after `v.value += amount`, without anything between them."""

    change: s.Augment
    target: Use
    read: Use
    first: bool  # whether the read comes first

    @property
    def spans(self) -> frozenset[Span]:
        return frozenset({self.change.span, self.read.statement})

    def edits(self, page: Page) -> Iterator[Edit]:
        """The read becomes the call, and the statement of the change goes."""
        verb, back = _VERBS[self.change.operator]
        amount = page.lines.cut(self.change.value.span)
        given = "" if amount == "1" else amount
        call = f"{page.lines.cut(self.target.base)}.{verb}({given})"
        yield Edit(self.read.at, f"{call} {back} {amount}" if self.first else call)
        yield _row_gone(page, self.change.span)


def ticket(page: Page, change: Use) -> Ticket | None:
    """The ticket that a change is part of, if it is spelled as one."""
    place = page.places.get(change.statement)
    if place is None or not isinstance(place.statement, s.Augment):
        return None
    statement = place.statement
    if statement.operator not in _VERBS or not _is_plain(page, place):
        return None
    reads = [read for step in (-1, 1) for read in _kept(page, place, change, step)]
    if len(reads) != 1:
        return None
    first = reads[0].statement < change.statement
    if any(statement.value.span.encloses(use.at.span) for use in page.uses):
        return None
    if first and not isinstance(statement.value, (Literal, Name)):
        return None
    return Ticket(statement, change, reads[0], first)


def _is_plain(page: Page, place: Place) -> bool:
    """Whether the change stands on a row of its own, which can go."""
    span = place.statement.span
    around = page.lines.before(span.line, span.column) + page.lines.after(
        span.end_line, span.end_column
    )
    return span.line == span.end_line and not around.strip()


def _kept(page: Page, place: Place, change: Use, step: int) -> Iterator[Use]:
    """The whole value of a neighbour, where that only keeps or returns what it reads."""
    near = place.sibling(step)
    match near:
        case (
            s.Assign(targets=(Name(),), value=Attribute(span=span))
            | s.Annotated(target=Name(), value=Attribute(span=span))
        ):
            pass
        case s.Return(value=Attribute(span=span)) if step > 0:
            pass
        case _:
            return
    for use in page.uses:
        same = use.objects == change.objects and use.touch is Touch.READ and use.sure
        if same and use.at.span == span and _spelled_alike(page, use, change):
            yield use


def _spelled_alike(page: Page, read: Use, change: Use) -> bool:
    base = page.lines.cut(read.base)
    return (
        base == page.lines.cut(change.base)
        and re.fullmatch(re.escape(base) + r"\.value", page.lines.cut(read.at.span)) is not None
    )


def _row_gone(page: Page, span: Span) -> Edit:
    if span.end_line >= len(page.lines.starts):
        raise Refusal("the last row of the file would have to go")
    return Edit(Location(page.path, Span(span.line, 0, span.end_line + 1, 0)), "")


def tickets(page: Page, uses: Sequence[Use]) -> tuple[Ticket, ...]:
    """All tickets among the changes. Raises Refusal where two of them share a read."""
    found = [one for use in uses if use.touch is Touch.AUGMENT and (one := ticket(page, use))]
    reads = [one.read.at for one in found]
    if len(set(reads)) < len(reads):
        raise Refusal("one read belongs to two of its changes")
    return tuple(found)
