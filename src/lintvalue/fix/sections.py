"""Critical sections inside of a wider one of the same lock: they become part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.places import last_row, within
from lintvalue.fix.survey import Page, Refusal
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lintvalue.fix.places import Place
    from lintvalue.fix.statements import Range
    from lintvalue.model.project import Update


def sections(page: Page, chosen: Range, update: Update) -> Mapping[Span, int]:
    """The locks that `with` statements of the range take, by the spans of their headers."""
    found = {}
    for place in chosen.places():
        for statement in within(place.statement):
            lock = lock_of(page, statement, update)
            if lock is not None:
                found[statement.span] = lock
    return found


def lock_of(page: Page, statement: s.Statement, update: Update) -> int | None:
    """The one lock that a `with` takes, if it has a name where the update stands."""
    if not isinstance(statement, s.With) or statement.asynchronous or len(statement.items) != 1:
        return None
    [(expression, bound)] = statement.items
    if bound is not None:
        return None
    text = page.lines.cut(expression.span)
    names = {name: lock for lock, name in update.in_reach}
    return names.get(text, names.get(f"{text}.get_lock()"))


def dissolved(page: Page, chosen: Range, merged: frozenset[Span]) -> tuple[Edit, ...]:
    """Take away the headers of sections, whose bodies then stand in the wider one as they are."""
    return tuple(
        _without_header(page, place.statement.span, place.statement)
        for place in _withs(page, chosen, merged)
    )


def kept_rows(page: Page, chosen: Range, merged: frozenset[Span]) -> frozenset[int]:
    """The rows that are as deep as they should be once the headers are gone."""
    rows: set[int] = set()
    for place in _withs(page, chosen, merged):
        statement = place.statement
        if isinstance(statement, s.With) and not statement.body.inline:
            rows.update(range(statement.span.line, last_row(statement) + 1))
    return frozenset(rows)


def _withs(page: Page, chosen: Range, merged: frozenset[Span]) -> Iterator[Place]:
    spans = (one.span for place in chosen.places() for one in within(place.statement))
    return (page.places[span] for span in spans if span in merged)


def _without_header(page: Page, span: Span, statement: s.Statement) -> Edit:
    assert isinstance(statement, s.With)
    first = statement.body.statements[0].span if statement.body.statements else None
    before = page.lines.before(span.line, span.column)
    if first is None or before.strip():
        raise Refusal("a section of the same lock inside it could not be made part of it")
    if statement.body.inline:
        gone = Span(span.line, span.column, first.line, first.column)
        return Edit(Location(page.path, gone), "")
    deeper = before + page.facts.indent
    rest = page.lines.after(span.end_line, span.end_column)
    comment = rest.lstrip(" \t\f")
    if page.lines.indent(first.line) != deeper:
        raise Refusal("a section of the same lock inside it is indented in another way")
    if comment.startswith("#"):
        column = span.end_column + len(rest) - len(comment)
        return Edit(Location(page.path, Span(span.line, 0, span.end_line, column)), deeper)
    return Edit(Location(page.path, Span(span.line, 0, span.end_line + 1, 0)), "")
