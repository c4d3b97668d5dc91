"""Locks that nobody takes any more: where they were made, and what was imported to make them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lintvalue.fix import imports
from lintvalue.fix.tokens import mentions
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.expressions import Call, Name
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.fix.places import Place
    from lintvalue.fix.survey import Page, Survey


def without_unused(survey: Survey, edits: Sequence[Edit]) -> Iterator[Edit]:
    """Drop `lock = Lock()` where `edits` replace all that was done with the name."""
    for path in sorted({edit.at.path for edit in edits}):
        page = survey.pages[path]
        replaced = Counter(
            page.lines.cut(edit.at.span) for edit in set(edits) if edit.at.path == path
        )
        for place in page.places.values():
            name = _made(survey, path, place)
            if name and mentions(page.lines.text, name) == replaced[name] + 1 > 1:
                yield from _dropped(survey, page, place)


def _made(survey: Survey, path: str, place: Place) -> str:
    """The name of a lock that the statement makes, and that guards nothing."""
    match place.statement:
        case s.Assign(targets=(Name(id=name),), value=Call(span=span)) if (
            Location(path, span) in survey.void
        ):
            return name
        case _:
            return ""


def _dropped(survey: Survey, page: Page, place: Place) -> Iterator[Edit]:
    span = place.statement.span
    before = page.lines.before(span.line, span.column)
    after = page.lines.after(span.end_line, span.end_column)
    if before.strip() or after.strip() or len(place.block.statements) == 1:
        return
    yield Edit(Location(page.path, Span(span.line, 0, _next_row(page, span), 0)), "")
    assert isinstance(place.statement, s.Assign)
    assert isinstance(place.statement.value, Call)
    called = page.lines.cut(place.statement.value.function.span)
    for binding in imports.bindings(page):
        if binding.name == called.partition(".")[0] and imports.is_unused(survey, page, binding, 1):
            edit = imports.dropped(page, binding, None)
            if edit is not None:
                yield edit


def _next_row(page: Page, span: Span) -> int:
    """The row after the statement, and after the blank ones that would follow blank ones."""
    row, last = span.end_line + 1, len(page.lines.starts)
    while (
        row < last
        and span.line > 1
        and not page.lines.row(span.line - 1).strip()
        and not page.lines.row(row).strip()
    ):
        row += 1
    return row
