"""Where LibCST's nodes stand, as our spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from lintvalue.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    import libcst as cst

_NEWLINE = re.compile(r"\r\n|\r|\n")
_QUOTE = re.compile("[\"']")
_TO_COLON = re.compile(r"[^:]*:")


class Positions:
    """Spans of nodes of one module. The tree comes straight from the parser, so no copy is needed."""

    def __init__(self, module: cst.Module, text: str) -> None:
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self._ranges: Mapping[cst.CSTNode, CodeRange] = wrapper.resolve(PositionProvider)
        self._text = text
        self._lines = _NEWLINE.split(text)

    def span(self, node: cst.CSTNode) -> Span:
        """The node without its parentheses and the blanks around it."""
        place = self._ranges[node]
        return Span(place.start.line, place.start.column, place.end.line, place.end.column)

    def header(self, node: cst.CSTNode, last: cst.CSTNode | None) -> Span:
        """A compound statement from its first token to its colon; `last` ends before that colon."""
        start = self._ranges[node].start
        end = self._ranges[last].end if last else start
        line, column = self._colon(end.line, end.column)
        return Span(start.line, start.column, line, column)

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
