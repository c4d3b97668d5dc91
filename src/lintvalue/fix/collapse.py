"""`with v.get_lock():` round one plain step, which a Counter takes without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.places import last_row
from lintvalue.fix.survey import Page, Refusal
from lintvalue.fix.tickets import ticket
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.project import Touch, Use
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def collapses(page: Page, use: Use) -> bool:
    """Whether the section does nothing but one step of a Counter."""
    statement = _section(page, use)
    if statement is None:
        return False
    spans = {one.span for one in statement.body.statements}
    inside = [one for one in page.uses if one.statement in spans]
    changes = [one for one in inside if one.touch in (Touch.AUGMENT, Touch.STORE)]
    if any(one.objects != use.objects or one.touch is Touch.LOCK for one in inside):
        return False
    if len(spans) == 1:
        return len(changes) <= 1 and {one.statement for one in inside} == spans
    found = [ticket(page, one) for one in changes]
    return len(found) == 1 and found[0] is not None and found[0].spans == spans


def _section(page: Page, use: Use) -> s.With | None:
    place = page.places.get(use.statement)
    if place is None or not isinstance(place.statement, s.With) or place.statement.asynchronous:
        return None
    items = place.statement.items
    if len(items) != 1 or items[0][1] is not None or items[0][0].span != use.at.span:
        return None
    return place.statement


def collapsed(page: Page, uses: Sequence[Use], gone: frozenset[int]) -> Iterator[Edit]:
    """Take the headers away, and the bodies one step to the left; rows of `gone` go anyway."""
    for use in uses:
        if use.touch is Touch.LOCK:
            statement = _section(page, use)
            assert statement is not None
            yield _without_header(page, statement)
            if not statement.body.inline:
                yield from _to_the_left(page, statement, gone)


def _without_header(page: Page, statement: s.With) -> Edit:
    span, first = statement.span, statement.body.statements[0].span
    if page.lines.before(span.line, span.column).strip():
        raise Refusal(f"the section at row {span.line} does not begin its row")
    if statement.body.inline:
        gone = Span(span.line, span.column, first.line, first.column)
        return Edit(Location(page.path, gone), "")
    rest = page.lines.after(span.end_line, span.end_column)
    comment = rest.lstrip(" \t\f")
    if comment.startswith("#"):
        column = span.end_column + len(rest) - len(comment)
        return Edit(Location(page.path, Span(span.line, span.column, span.end_line, column)), "")
    return Edit(Location(page.path, Span(span.line, 0, span.end_line + 1, 0)), "")


def _to_the_left(page: Page, statement: s.With, gone: frozenset[int]) -> Iterator[Edit]:
    outer = page.lines.indent(statement.span.line)
    unit = page.facts.indent
    for row in range(statement.span.end_line + 1, last_row(statement) + 1):
        text = page.lines.row(row)
        if row in gone or not text.strip() or row in (page.strings or ()):
            continue
        if not text.startswith(outer + unit):
            raise Refusal(f"row {row} is indented in a way that was not understood")
        at = Span(row, len(outer), row, len(outer) + len(unit))
        yield Edit(Location(page.path, at), "")
