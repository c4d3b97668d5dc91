"""Whether something can be wrong with the shared memory and the locks of some files."""

from __future__ import annotations

import re
from functools import partial
from itertools import count
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from lintvalue.triage.callers import Callers
from lintvalue.triage.definitions import ONLY_AST
from lintvalue.triage.flow import Flow
from lintvalue.triage.graph import TooMuch
from lintvalue.triage.slots import (
    CELL,
    DATA,
    HOLDER,
    INHERITED,
    LOCK,
    LOCKLESS,
    LOCKS,
    MEMORY,
    PART,
)
from lintvalue.triage.splits import Splits
from lintvalue.triage.statements import sketch

if TYPE_CHECKING:
    import _ast as a
    from collections.abc import Callable, Iterable, Mapping

    from lintvalue.triage.sketch import Sketch, Taking
    from lintvalue.triage.slots import Slots

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
        return _Verdict(sketches).doubt()
    except TooMuch:
        return "more than can be followed"


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
        self._flow = Flow(sketches)
        self._callers = Callers(sketches, self._flow)

    def doubt(self) -> str:
        checks = (
            self._updates, self._numbers, self._locks, self._sent, self._global, self._nested,
            Splits(self._sketches, self._flow, self._callers).doubt,
        )  # fmt: skip
        return next((found for check in checks if (found := check())), "")

    def _is(self, slots: Slots, bits: int) -> bool:
        return bool(self._flow.held(slots) & bits)

    def _any(self, all_slots: Iterable[Slots], bits: int) -> bool:
        """Whether one of many places holds something itself."""
        return any(self._flow.held(slots) & bits for slots in all_slots)

    def _lead(self, all_slots: Iterable[Slots], bits: int) -> bool:
        """Whether one of many places holds something, or a container with it."""
        return any(self._flow.content(slots) & bits for slots in all_slots)

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
            if self._any(((slot,) for slot in one.constants), CELL):
                return "a name for an object that gets a number"
            if any(self._is(base, MEMORY | PART) and self._is(x, CELL) for base, x in one.stored):
                return "an object that is stored as a number"
        return ""

    def _locks(self) -> str:
        for one in self._sketches:
            if self._any(one.leaky, INHERITED):
                return "a lock that is acquired and not surely released"
            if self._any(one.locked, MEMORY):
                return "an object with a lock of its maker's"
            if any(map(self._lacks_lock, one.asked)):
                return "an object without a lock that is asked for one"
        return ""

    def _lacks_lock(self, slots: Slots) -> bool:
        held = self._flow.held(slots)
        return bool(held & PART) or held & (DATA | LOCKLESS) == DATA | LOCKLESS

    def _sent(self) -> str:
        if any(self._lead(one.scattered, DATA | LOCKS) for one in self._sketches):
            return "something shared in an attribute of an unknown name"
        if any(self._lead(one.sent, INHERITED | HOLDER) for one in self._sketches):
            return "something shared that is sent"
        return ""

    def _global(self) -> str:
        """What processes find without having been given it. A lock does no harm where none takes it."""
        held = 0
        for one in self._sketches if any(one.starts for one in self._sketches) else ():
            for slots in one.everywhere:
                held |= self._flow.content(slots)
        locks = held & (LOCKS | HOLDER) and self._taken_by_processes()
        if locks or held & MEMORY or (held & HOLDER and self._has_memory()):
            return "something shared that is in reach without being handed over"
        return ""

    def _has_memory(self) -> bool:
        return any(
            self._flow.itself[target] & MEMORY
            for one in self._sketches
            for _, _, target in one.made
        )

    def _taken_by_processes(self) -> bool:
        runs = any(
            base.endswith("Process")
            for one in self._sketches
            for kind in one.classes
            for base in kind.bases
        )
        started = self._callers.named("run") if runs else set()
        reached = self._callers.reached(self._flow.launched(forked=False) | started)
        return any(
            who in reached and self._is(lock, LOCKS)
            for one in self._sketches
            for lock, who in one.takers
        )

    def _nested(self) -> str:
        takers = self._callers.of(
            {who for one in self._sketches for lock, who in one.takers if self._is(lock, LOCK)}
        )
        if any(name.endswith(".__enter__") for name in takers):
            return "a lock that an object of one's own takes"
        for one in self._sketches:
            for taking in one.takings:
                if self._holds(taking.held, takers) and self._takes(taking, takers):
                    return "a lock that is taken while another is held"
        return ""

    def _holds(self, held: Slots, takers: set[str]) -> bool:
        """Whether a lock is held, or what a function gave that takes one."""
        calls = [self._flow.callers[slot] for slot in held if slot in self._flow.callers]
        return self._is(held, LOCK) or any(
            not takers.isdisjoint(self._flow.called(call)) for call in calls
        )

    def _takes(self, taking: Taking, takers: set[str]) -> bool:
        if self._is(taking.taken, LOCKS):
            return True
        if isinstance(taking.called, str):
            return not takers.isdisjoint(self._callers.accessors(taking.called))
        return not takers.isdisjoint(self._flow.called(taking.called))
