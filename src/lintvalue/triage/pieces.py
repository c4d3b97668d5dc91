"""The files of a group, read as far as it is asked for: first what may make something, then what names it."""

from __future__ import annotations

import _ast as a
import re
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from lintvalue.triage.definitions import ONLY_AST
from lintvalue.triage.statements import sketch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lintvalue.triage.definitions import Own
    from lintvalue.triage.sketch import Sketch

# What Python 3.12 has brought and older ones refuse: `def same[T](x: T)` and `type Row = list[T]`. Types
# without parameters of their own mean no less, and an alias is as good as a name.
_PLAIN = rb"[^\[\]]"
_NESTED = rb"(?:%b|\[(?:%b|\[%b*\])*\])*" % (_PLAIN, _PLAIN, _PLAIN)
_GENERIC = re.compile(
    rb"^([ \t]*(?:(?:async[ \t]+)?def|class|type)[ \t]+\w+)[ \t]*\[%b\]" % _NESTED, re.MULTILINE
)
_ALIAS = re.compile(rb"^([ \t]*)type[ \t]+(\w+[ \t]*=)(?!=)", re.MULTILINE)
# What is imported so is not named: all that makes use of it is read.
_STAR = re.compile(rb"\bimport[ \t(\\\n]*\*")
# How names of what starts processes end.
_STARTING = re.compile(rb"(?:Process|Pool|ProcessPoolExecutor|spawn|start_processes|fork)\b")
_DEFINITIONS = (a.FunctionDef, a.AsyncFunctionDef, a.ClassDef)


# What Python's parser says of what it does not take; trees may be deeper than we can go.
_REFUSED = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


class Refused(Exception):  # noqa: N818 - no fault of anybody's
    """A file that cannot be read; its path."""


class File:
    """One file; its functions and classes are pieces of their own, all else is read with the first of them.

    Raises Refused.
    """

    def __init__(self, path: str, text: bytes) -> None:
        self.path = path
        self.text = text
        self._body: list[a.stmt] | None = None
        self._left: dict[a.stmt, bytes] = {}  # pieces that are not read
        self._sketch: Sketch | None = None
        self._trusting = True

    @property
    def is_open(self) -> bool:
        return self._body is not None

    @property
    def left(self) -> int:
        """How many bytes are not read."""
        return sum(map(len, self._left.values())) if self.is_open else len(self.text)

    def open(self, wanted: Callable[[bytes], bool]) -> None:
        """Read a file, but for the pieces whose texts are not wanted."""
        try:
            self._body = _tree(self.text).body
        except _REFUSED as error:
            raise Refused(self.path) from error
        rows = self.text.split(b"\n")
        for node in self._body if _STAR.search(self.text) is None else ():
            if isinstance(node, _DEFINITIONS):
                first = min((one.lineno for one in node.decorator_list), default=node.lineno)
                self._left[node] = b"\n".join(rows[first - 1 : node.end_lineno])
        self.more(lambda _, text: wanted(text))

    def more(self, wanted: Callable[[str, bytes], bool]) -> bool:
        """Read the pieces that are wanted by their names or texts; whether there were any."""
        left = {
            node: text
            for node, text in self._left.items()
            if not wanted(node.name, text)  # type: ignore[attr-defined]
        }
        found = len(left) < len(self._left)
        if found:
            self._left, self._sketch = left, None
        return found

    def sketch(self, numbers: Iterator[int], own: Own) -> Sketch:
        """All that was read."""
        if self._sketch is None:
            try:
                self._sketch = self._sketched(numbers, own)
                if self._sketch.deceived:
                    self.distrust()
                    self._sketch = self._sketched(numbers, own)
            except _REFUSED as error:
                raise Refused(self.path) from error
        return self._sketch

    def _sketched(self, numbers: Iterator[int], own: Own) -> Sketch:
        left = [node.name for node in self._left]  # type: ignore[attr-defined]
        body = [node for node in self._body or () if node not in self._left]
        return sketch(body, self.path, numbers, own, left, trusting=self._trusting)

    def distrust(self) -> None:
        """From now on, nothing is believed that tests show."""
        self._trusting, self._sketch = False, None


def starts(text: bytes) -> bool:
    """Whether a text may start processes."""
    return _STARTING.search(text) is not None


def mentions(text: bytes, names: Iterable[str]) -> bool:
    """Whether one of some names stands in a text, whatever for."""
    return any(name.encode() in text and _stands(name, text) for name in names)


def _stands(name: str, text: bytes) -> bool:
    # What is not ASCII is no part of a word to `re`.
    return not name.isascii() or re.search(rb"\b%b\b" % re.escape(name.encode()), text) is not None


def _tree(text: bytes) -> a.Module:
    with catch_warnings():
        simplefilter("ignore")  # of escapes and comparisons that have nothing to do with us
        try:
            return _parsed(text)
        except SyntaxError:
            return _parsed(_ALIAS.sub(rb"\1\2", _GENERIC.sub(rb"\1", text)))


def _parsed(text: bytes) -> a.Module:
    tree: a.Module = compile(text, "file", "exec", ONLY_AST, dont_inherit=True)
    return tree
