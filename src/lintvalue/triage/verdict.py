"""Whether something can be wrong with the shared memory and the locks of some files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.triage.callers import Callers
from lintvalue.triage.locks import Locks
from lintvalue.triage.slots import (
    CELL,
    DATA,
    GETATTR,
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.flow import Flow
    from lintvalue.triage.sketch import Call, Sketch
    from lintvalue.triage.slots import Slot, Slots


class Verdict:
    """Looks for the shapes without which no rule finds anything."""

    def __init__(self, sketches: Sequence[Sketch], flow: Flow) -> None:
        self._sketches = sketches
        self.flow = flow

    def doubt(self) -> str:
        if not self.flow.holds(DATA | LOCKS):
            return ""
        callers = Callers(self._sketches, self.flow)
        checks = (
            self._updates, self._got, self._numbers, self._made, self._sent,
            Locks(self._sketches, self.flow, callers).doubt,
            Splits(self._sketches, self.flow, callers).doubt,
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

    def _got(self) -> str:
        """`getattr` is called as something else, so that nobody knows which attribute is read."""
        calls = (call for one in self._sketches for call in one.calls)
        if any("getattr" in one.named for one in self._sketches) and any(map(self._gets, calls)):
            return "an attribute that is read, nobody knows which"
        return ""

    def _gets(self, call: Call) -> bool:
        given = GETATTR in self.flow.named(self.flow.given(call))
        called = self.flow.named(call.function)
        return GETATTR in called or (given and not called)

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

    def _is_map(self, function: Slots) -> bool:
        """Python's own `map` sends nothing; a pool's, by that name, is known for a pool's."""
        names = {slot[1] for slot in function if isinstance(slot, tuple)}
        return names == {"map"} and not self.flow.held(function)

    def _sent(self) -> str:
        if any(self._lead(one.scattered, DATA | LOCKS) for one in self._sketches):
            return "something shared in an attribute of an unknown name"
        sent = [
            slots
            for one in self._sketches
            for function, slots in one.sent
            if not self.flow.is_own(function) and not self._is_map(function)
        ]
        sent += [
            self.flow.given(call)
            for one in self._sketches
            for call in one.calls
            if self.flow.sends(call)
        ]
        if self._lead(sent, INHERITED | HOLDER):
            return "something shared that is sent"
        return ""
