"""Where LibCST's nodes begin and end in their module's text.

LibCST tells it (`PositionProvider`) by writing the text once more and counting along. So does this, in
half of the time: with numbers in place of objects, looking for line ends only where there are some, and
by the identity of nodes, which saves a call of `__hash__` for each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import libcst as cst
    from libcst._nodes.internal import CodegenState

_NEWLINE = re.compile(r"\r\n?|\n")

Stretch = tuple[int, int, int, int]  # rows from 1, columns from 0, the end exclusive


def stretches(module: cst.Module) -> dict[int, Stretch]:
    """By `id`: each node without the parentheses and blanks around it, as `PositionProvider` has it."""
    writer = _Writer(module)
    module._codegen(cast("CodegenState", writer))  # noqa: SLF001 - as LibCST's own providers do
    return writer.found


class _Writer:
    """What nodes write to, in place of LibCST's CodegenState."""

    def __init__(self, module: cst.Module) -> None:
        self.default_indent = module.default_indent
        self.default_newline = module.default_newline
        self.tokens = ()
        self.found: dict[int, Stretch] = {}
        self.line, self.column = 1, 0
        self._indents: list[str] = []
        self._begun: list[tuple[int, int]] = []

    def increase_indent(self, value: str) -> None:
        self._indents.append(value)

    def decrease_indent(self) -> None:
        self._indents.pop()

    def add_indent_tokens(self) -> None:
        for indent in self._indents:
            self.add_token(indent)

    def add_token(self, value: str) -> None:
        if "\n" in value or "\r" in value:
            rows = _NEWLINE.split(value)
            self.line += len(rows) - 1
            self.column = len(rows[-1])
        else:
            self.column += len(value)

    def pop_trailing_newline(self) -> None:
        """Nothing follows."""

    def before_codegen(self, _node: cst.CSTNode) -> None:
        self._begun.append((self.line, self.column))

    def after_codegen(self, node: cst.CSTNode) -> None:
        begun = self._begun.pop()
        if id(node) not in self.found:
            self.found[id(node)] = (*begun, self.line, self.column)

    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> _Inside:
        return _Inside(self, node, start_node, end_node)


class _Inside:
    """While it is entered, a node writes what belongs to it."""

    __slots__ = ("begun", "end_node", "node", "start_node", "writer")

    def __init__(
        self,
        writer: _Writer,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self.writer, self.node = writer, node
        self.start_node, self.end_node = start_node, end_node

    def __enter__(self) -> None:
        self.begun = (self.writer.line, self.writer.column)

    def __exit__(self, *_error: object) -> None:
        writer = self.writer
        found, begun, end = writer.found, self.begun, (writer.line, writer.column)
        if self.start_node is not None:
            begun = found[id(self.start_node)][:2]
        if self.end_node is not None:
            end = found[id(self.end_node)][2:]
        found[id(self.node)] = (*begun, *end)
