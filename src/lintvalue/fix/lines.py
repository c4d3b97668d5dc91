"""Rows and offsets of one text."""

from __future__ import annotations

import re
from bisect import bisect
from itertools import takewhile
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from lintvalue.model.span import Span

# Not str.splitlines, which also splits at form feeds and U+2028, where Python's rows go on.
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Lines:
    """A text and where its rows begin."""

    text: str
    starts: tuple[int, ...]

    def offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def ends(self, span: Span) -> tuple[int, int]:
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def cut(self, span: Span) -> str:
        start, end = self.ends(span)
        return self.text[start:end]

    def row(self, line: int) -> str:
        """The row without its line end."""
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end].rstrip("\r\n")

    def position(self, offset: int) -> tuple[int, int]:
        """The row, counted from 1, and the column of an offset."""
        row = bisect(self.starts, offset)
        return row, offset - self.starts[row - 1]

    def next_row(self, first: int, last: int) -> int:
        """The row up to which all goes with `first` to `last`: the larger group of blank rows stays."""
        end = len(self.starts)
        above = takewhile(self._is_blank, range(first - 1, 0, -1))
        below = takewhile(self._is_blank, range(last + 1, end))
        return last + 1 + min(len(tuple(above)), len(tuple(below)))

    def _is_blank(self, row: int) -> bool:
        return not self.row(row).strip()

    def indent(self, line: int) -> str:
        row = self.row(line)
        return row[: len(row) - len(row.lstrip(" \t\f"))]

    def before(self, line: int, column: int) -> str:
        return self.row(line)[:column]

    def after(self, line: int, column: int) -> str:
        return self.row(line)[column:]


def lines_of(text: str) -> Lines:
    """The rows of `text`: they end at LF, CRLF and CR only."""
    return Lines(text, (0, *(found.end() for found in _BREAK.finditer(text))))
