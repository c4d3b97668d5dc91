"""Where LibCST's nodes stand, as our spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.extract.stretches import stretches
from lintvalue.model.span import Span

if TYPE_CHECKING:
    import libcst as cst

_NEWLINE = re.compile(r"\r\n|\r|\n")
_QUOTE = re.compile("[\"']")
_TO_COLON = re.compile(r"[^:]*:")


class Positions:
    """Spans of nodes of one module, which has to live as long."""

    def __init__(self, module: cst.Module, text: str) -> None:
        self._module = module
        self._stretches = stretches(module)
        self._text = text
        self._lines = _NEWLINE.split(text)

    def span(self, node: cst.CSTNode) -> Span:
        """The node without its parentheses and the blanks around it."""
        return Span(*self._stretches[id(node)])

    def header(self, node: cst.CSTNode, last: cst.CSTNode | None) -> Span:
        """A compound statement from its first token to its colon; `last` ends before that colon."""
        start_line, start_column, *_ = self._stretches[id(node)]
        end_line, end_column = start_line, start_column
        if last is not None:
            *_, end_line, end_column = self._stretches[id(last)]
        return Span(start_line, start_column, *self._colon(end_line, end_column))

    def mentions(self, node: cst.CSTNode, word: str) -> bool:
        """Whether the rows of a node have a word in them."""
        first, _, last, _ = self._stretches[id(node)]
        return any(word in row for row in self._lines[first - 1 : last])

    def source(self, node: cst.CSTNode) -> str:
        """The node's text without blanks; as it is where they may belong to a string."""
        span = self.span(node)
        if span.line == span.end_line:
            text = self._lines[span.line - 1][span.column : span.end_column]
        else:
            first, *middle = self._lines[span.line - 1 : span.end_line]
            middle[-1] = middle[-1][: span.end_column]
            text = "".join([first[span.column :], *middle])
        return text if _QUOTE.search(text) else "".join(text.split())

    def _colon(self, line: int, column: int) -> tuple[int, int]:
        for number in range(line, len(self._lines) + 1):
            text = self._lines[number - 1]
            if match := _TO_COLON.match(text.partition("#")[0], column if number == line else 0):
                return number, match.end()
        return line, column
