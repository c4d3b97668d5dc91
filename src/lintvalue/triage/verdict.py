"""Whether something can be wrong with the shared memory and the locks of some files."""

from __future__ import annotations

import re
from functools import partial
from itertools import count
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from lintvalue.triage.callers import Callers
from lintvalue.triage.clones import unfolded
from lintvalue.triage.definitions import ONLY_AST
from lintvalue.triage.flow import Flow
from lintvalue.triage.graph import TooMuch
from lintvalue.triage.locks import Locks
from lintvalue.triage.slots import (
    CELL,
    DATA,
    HOLDER,
    INHERITED,
    LOCKLESS,
    LOCKS,
    MEMORY,
    NUMBER,
    PART,
    TAKING,
)
from lintvalue.triage.splits import Splits
from lintvalue.triage.statements import sketch

if TYPE_CHECKING:
    import _ast as a
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lintvalue.triage.sketch import Sketch
    from lintvalue.triage.slots import Slot, Slots

# What Python's parser says of what it does not take; trees may be deeper than we can go.
_REFUSED = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
# What Python 3.12 has brought and older ones refuse: `def same[T](x: T)` and `type Row = list[T]`. Types
# without parameters of their own mean no less, and an alias is as good as a name.
_PLAIN = rb"[^\[\]]"
_NESTED = rb"(?:%b|\[(?:%b|\[%b*\])*\])*" % (_PLAIN, _PLAIN, _PLAIN)
_GENERIC = re.compile(
    rb"^([ \t]*(?:(?:async[ \t]+)?def|class|type)[ \t]+\w+)[ \t]*\[%b\]" % _NESTED, re.MULTILINE
)
_ALIAS = re.compile(rb"^([ \t]*)type[ \t]+(\w+[ \t]*=)(?!=)", re.MULTILINE)


def doubt(texts: Mapping[str, bytes], own: Callable[[str, str], bool]) -> str:
    """What may be wrong in files of one project that are tied to each other; "" if nothing is.

    `own` tells whether a file, by its path, means a module of the project by a dotted name.
    """
    sketches = []
    numbers = count()
    for path, text in texts.items():
        try:
            sketches.append(sketch(_tree(text), path, numbers, partial(own, path)))
        except _REFUSED:
            return f"{path} can't be read"
    if any(one.doubt for one in sketches):
        return "something that can't be followed"
    try:
        return _judged(sketches, numbers)
    except (TooMuch, RecursionError):
        return "more than can be followed"


def _judged(sketches: list[Sketch], numbers: Iterator[int]) -> str:
    """What is wrong even if what each call makes for itself is told apart."""
    verdict = _Verdict(sketches)
    found = verdict.doubt()
    again = unfolded(sketches, verdict.flow, next(numbers)) if found else []
    verdict.flow.let_go()
    if not again:
        return found
    verdict = _Verdict(again)
    found = verdict.doubt()
    verdict.flow.let_go()
    return found


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


class _Verdict:
    def __init__(self, sketches: list[Sketch]) -> None:
        self._sketches = sketches
        self.flow = Flow(sketches)
        self._callers = Callers(sketches, self.flow)

    def doubt(self) -> str:
        checks = (
            self._updates, self._numbers, self._made, self._sent,
            Locks(self._sketches, self.flow, self._callers).doubt,
            Splits(self._sketches, self.flow, self._callers).doubt,
        )  # fmt: skip
        return next((found for check in checks if (found := check())), "")

    def _is(self, slots: Iterable[Slot], bits: int) -> bool:
        return bool(self.flow.held(slots) & bits)

    def _any(self, all_slots: Iterable[Slots], bits: int) -> bool:
        """Whether one of many places holds something itself."""
        return any(self.flow.held(slots) & bits for slots in all_slots)

    def _lead(self, all_slots: Iterable[Slots], bits: int) -> bool:
        """Whether one of many places holds something, or a container with it."""
        return any(self.flow.content(slots) & bits for slots in all_slots)

    def _updates(self) -> str:
        for one in self._sketches:
            for access in one.updates:
                if not access.section and self._is(access.slots, DATA | PART):
                    return "an update outside the object's own critical section"
        return ""

    def _numbers(self) -> str:
        for one in self._sketches:
            if self._any(one.numbers, CELL):
                return "an object that is used as a number"
            if any(self._is(base, MEMORY | PART) and self._is(x, CELL) for base, x in one.stored):
                return "an object that is stored as a number"
        return self._replaced()

    def _replaced(self) -> str:
        """Attributes and globals that hold an object, and may get a number later."""
        stores = [
            slots
            for one in self._sketches
            for place, slots in one.rebound
            if self._is(self.flow.put_in(place), CELL)
        ]
        numbers = self.flow.following((NUMBER,)) if stores else set()
        if any(not numbers.isdisjoint(slots) for slots in stores):
            return "a name for an object that gets a number"
        return ""

    def _made(self) -> str:
        for one in self._sketches:
            if self._any(one.locked, MEMORY):
                return "an object with a lock of its maker's"
            called = [call.function for call in one.calls if self._is(call.function, TAKING)]
            if any(map(self._lacks_lock, (*one.asked, *called))):
                return "an object without a lock that is asked for one"
        return ""

    def _lacks_lock(self, slots: Slots) -> bool:
        held = self.flow.held(slots)
        return bool(held & PART) or held & (DATA | LOCKLESS) == DATA | LOCKLESS

    def _sent(self) -> str:
        if any(self._lead(one.scattered, DATA | LOCKS) for one in self._sketches):
            return "something shared in an attribute of an unknown name"
        sent = (
            slots
            for one in self._sketches
            for function, slots in one.sent
            if not self.flow.is_own(function)
        )
        if self._lead(sent, INHERITED | HOLDER):
            return "something shared that is sent"
        return ""
