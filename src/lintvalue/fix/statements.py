"""Statements put into a `with` block as text: indentation, one-line suites, `;` neighbours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.fix.places import Place, last_row, suites
from lintvalue.fix.survey import Refusal
from lintvalue.model.edit import Edit
from lintvalue.model.lean import dataclass, replace
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.fix.survey import Page

_HEADLESS = re.compile(r"[ \t\f]*(?:else|try|finally)[ \t]*:")
_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")


@dataclass(frozen=True, slots=True)
class Range:
    """Neighbouring statements of one suite, from `first` to the one with the index `last`."""

    first: Place
    last: int

    @property
    def start(self) -> Span:
        return self.first.statement.span

    @property
    def end(self) -> Span:
        return self.first.block.statements[self.last].span

    def places(self) -> Iterator[Place]:
        for index in range(self.first.index, self.last + 1):
            yield replace(self.first, index=index)


def enclose(
    page: Page,
    chosen: Range,
    header: str,
    ahead: tuple[str, ...] = (),
    kept: frozenset[int] = frozenset(),
    *,
    inside: tuple[str, ...] = (),
    opened: bool = False,
) -> tuple[Edit, ...]:
    """Put the range under `header`, with the statements `ahead` (if any) on rows before it.

    The rows of `inside` come first in the block. Rows of `kept` are as deep as they should be; `opened` where the first statement is the `with`
    that the others come into.
    """
    indent = _indent(page, chosen.first)
    newline = page.facts.newline + indent
    deeper = newline + page.facts.indent
    opening = newline.join((*ahead, deeper.join((header, *inside)))) + deeper
    return (
        *(() if opened else _split_before(page, chosen, newline, opening)),
        *_split_after(page, chosen, newline),
        *_deeper(page, chosen, indent, kept),
    )


def _indent(page: Page, place: Place) -> str:
    """The indentation of the suite, as it is or (where it stands on its header's row) will be."""
    if place.block.inline and place.head is not None:
        return page.lines.indent(place.head) + page.facts.indent
    # The suite's first row, since a statement after `;` may stand on a continuation row.
    return page.lines.indent(place.block.statements[0].span.line).replace("\f", "")


def _split_before(page: Page, chosen: Range, newline: str, opening: str) -> Iterator[Edit]:
    start = chosen.start
    before = page.lines.before(start.line, start.column)
    if not before.strip(" \t\f"):
        yield _insert(page, start.line, start.column, opening)
        return
    kept = before.rstrip(" \t\f")
    gap = Span(start.line, len(kept), start.line, start.column)
    if kept.endswith(";"):
        cut = len(kept[:-1].rstrip(" \t\f"))
        yield Edit(
            Location(page.path, Span(start.line, cut, start.line, start.column)), newline + opening
        )
        if chosen.first.block.inline:
            yield _after_header(page, chosen.first, newline)
    elif kept.endswith(":") and chosen.first.block.inline:
        yield Edit(Location(page.path, gap), newline + opening)
    else:
        raise Refusal("the statement does not begin a row")


def _after_header(page: Page, place: Place, newline: str) -> Edit:
    """The colon of a one-line suite whose first statement is not part of the range."""
    row, column = _header_end(page, place)
    rest = page.lines.after(row, column)
    if page.lines.before(row, column)[-1:] != ":":
        raise Refusal("the header of its one-line suite could not be found")
    blanks = len(rest) - len(rest.lstrip(" \t\f"))
    return Edit(Location(page.path, Span(row, column, row, column + blanks)), newline)


def _header_end(page: Page, place: Place) -> tuple[int, int]:
    row = place.statement.span.line
    if headless := _HEADLESS.match(page.lines.row(row)):
        return row, headless.end()
    if place.header is None:
        raise Refusal("the header of its one-line suite could not be found")
    return place.header.end_line, place.header.end_column


def _split_after(page: Page, chosen: Range, newline: str) -> Iterator[Edit]:
    statement = chosen.first.block.statements[chosen.last]
    if suites(statement):
        return
    end = chosen.end
    rest = page.lines.after(end.end_line, end.end_column)
    following = rest.lstrip(" \t\f")
    if not following or following.startswith("#"):
        return
    if not following.startswith(";"):
        raise Refusal("the statement's row goes on in a way we do not read")
    following = following[1:].lstrip(" \t\f")
    if following and not following.startswith("#"):
        stop = end.end_column + len(rest) - len(following)
        gap = Span(end.end_line, end.end_column, end.end_line, stop)
        yield Edit(Location(page.path, gap), newline)


def _deeper(page: Page, chosen: Range, indent: str, kept: frozenset[int]) -> Iterator[Edit]:
    """One more indentation unit on the rows after the first, but not inside of strings."""
    if chosen.first.block.inline:
        return
    for row in range(chosen.start.line + 1, _last_row(page, chosen, indent) + 1):
        text = page.lines.row(row)
        if row in kept or not text.strip() or not text.startswith(indent):
            continue
        if not _in_string(page, chosen, row):
            yield _insert(page, row, len(indent), page.facts.indent)


def _in_string(page: Page, chosen: Range, row: int) -> bool:
    if page.strings is not None:
        return row in page.strings
    # Unknown: only rows that begin a statement are surely outside of strings.
    return not any(row == span.line for span in page.places if chosen.start.line <= span.line)


def _last_row(page: Page, chosen: Range, indent: str) -> int:
    """The last row of the range; `pass`, comments and bare `else:` are no statements of the model."""
    statement = chosen.first.block.statements[chosen.last]
    row = last_row(statement)
    if not suites(statement):
        return row
    reached = row
    while row < len(page.lines.starts):
        row += 1
        text = page.lines.row(row)
        if row in (page.strings or ()) or _belongs(text, indent):
            reached = row
        elif text.strip() and not text.lstrip().startswith("#"):
            break
    return reached


def _belongs(text: str, indent: str) -> bool:
    rest = text.removeprefix(indent)
    if not text.strip() or not text.startswith(indent):
        return False
    return rest[0] in " \t" or _CONTINUES.match(rest) is not None


def _insert(page: Page, row: int, column: int, content: str) -> Edit:
    return Edit(Location(page.path, Span(row, column, row, column)), content)
