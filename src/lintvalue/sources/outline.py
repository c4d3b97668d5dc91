"""What a file makes of shared memory and locks, as far as its own text says.

It is read with Python's own parser, which takes an eighth of the time of LibCST's. That only decides
what is parsed in full; nothing that is reported is computed from it.
"""

from __future__ import annotations

import _ast as a
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lintvalue.sources.makers import CONTAINERS, EVIDENCE, MAKERS, is_foreign, is_library

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONLY_AST = 0x400
_OWN = frozenset({"self", "cls"})

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Outline:
    """`makers` are the library's names of what is made; `names` are all identifiers."""

    makers: Names
    names: Names


def outline(data: bytes) -> Outline | None:
    """The outline of a file; None where Python's parser refuses it."""
    try:
        tree = compile(data, "file", "exec", _ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    reader = _Reader()
    for node in _walk(tree):
        reader.take(node)
    return Outline(frozenset(reader.makers()), frozenset(reader.names))


class _Reader:
    def __init__(self) -> None:
        self.names: set[str] = set()
        self._imported: list[tuple[str, str, str]] = []  # module, name, local name
        self._defined: set[str] = set()
        self._read: set[tuple[str, str]] = set()  # a maker's name, and where it is read from

    def take(self, node: a.AST) -> None:
        match node:
            case a.Name():
                self.names.add(node.id)
            case a.Attribute():
                self.names.add(node.attr)
                if node.attr in MAKERS:
                    self._read.add((node.attr, _root(node)))
            case a.FunctionDef() | a.AsyncFunctionDef():
                self._defined.add(node.name)
            case a.Import():
                for one in node.names:
                    local = one.asname or one.name.partition(".")[0]
                    self._imported.append((one.name, "", local))
            case a.ImportFrom():
                module = "." * node.level + (node.module or "")
                for one in node.names:
                    self._imported.append((module, one.name, one.asname or one.name))
            case a.Constant():
                self.names.update(_annotated(node.value))

    def makers(self) -> Iterator[str]:
        """`Value` of `ctx.Value`, unless `ctx` has nothing to do with us; imported ones; evidence."""
        yield from self.names & EVIDENCE
        foreign = {local for module, _, local in self._imported if is_foreign(module)}
        imported = {
            local for module, name, local in self._imported if not is_library(module + name)
        }
        for name, root in self._read:
            own = root in _OWN and name in self._defined
            if root not in foreign and not own and not (name in CONTAINERS and root in imported):
                yield name
        for module, name, _ in self._imported:
            if name in MAKERS and not is_foreign(module):
                yield name
            elif name == "*" and not is_foreign(module):
                yield from self.names & MAKERS - CONTAINERS


def _root(node: a.AST) -> str:
    """The name that an expression starts from."""
    while True:
        match node:
            case a.Attribute() | a.Subscript():
                node = node.value
            case a.Call():
                node = node.func
            case _:
                return node.id if isinstance(node, a.Name) else ""


def _annotated(value: object) -> Iterator[str]:
    """Types of the library in an annotation that is written as a string."""
    if isinstance(value, str):
        yield from (name for name in EVIDENCE if name in value)


def _walk(tree: a.AST) -> Iterator[a.AST]:
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        for value in node.__dict__.values():
            if isinstance(value, a.AST):
                pending.append(value)
            elif type(value) is list:
                pending.extend(one for one in value if isinstance(one, a.AST))
