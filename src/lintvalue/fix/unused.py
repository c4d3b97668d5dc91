"""Locks that nobody takes any more: where they were made, and what was imported to make them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lintvalue.fix.tokens import mentions
from lintvalue.fix.unimport import unimported
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
        own = [edit for edit in dict.fromkeys(edits) if edit.at.path == path]
        replaced = Counter(page.lines.cut(edit.at.span) for edit in own)
        rows = [
            row
            for place in page.places.values()
            if (name := _made(survey, path, place))
            and mentions(page.lines.text, name) == replaced[name] + 1 > 1
            for row in _row_of(page, place)
        ]
        yield from (*rows, *unimported(survey, page, rows, None, None))


def _made(survey: Survey, path: str, place: Place) -> str:
    """The name of a lock that the statement makes, and that guards nothing."""
    match place.statement:
        case s.Assign(targets=(Name(id=name),), value=Call(span=span)) if (
            Location(path, span) in survey.void
        ):
            return name
        case _:
            return ""


def _row_of(page: Page, place: Place) -> Iterator[Edit]:
    span = place.statement.span
    before = page.lines.before(span.line, span.column)
    after = page.lines.after(span.end_line, span.end_column)
    if before.strip() or after.strip() or len(place.block.statements) == 1:
        return
    end = page.lines.next_row(span.line, span.end_line)
    if end <= len(page.lines.starts):
        yield Edit(Location(page.path, Span(span.line, 0, end, 0)), "")
