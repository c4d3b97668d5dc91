"""What gets from slot to slot: the least that follows from all that leads from one to another.

What is in a slot is a number: the lowest bits are flags (shared memory, a lock, …), each one above them
stands for a function, a class or an instance of one, by its name.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.slots import AS_IT_IS, FLAGS, INTO, NAMELESS, OUT_OF, WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.triage.slots import Slot

# Ways from slot to slot that calls may add; a package of half a megabyte adds fifty thousand.
_MOST_WAYS = 500_000


class TooMuch(Exception):  # noqa: N818 - no fault of anybody's
    """There is more to follow than is worth it."""


class Graph:
    """`itself` tells what may be in each slot, `inside` what may be in a container there, at any depth."""

    def __init__(self) -> None:
        self.itself: dict[Slot, int] = defaultdict(int)
        self.inside: dict[Slot, int] = defaultdict(int)
        self._next: dict[Slot, dict[Slot, int]] = defaultdict(dict)
        self._marks: dict[Slot, list[tuple[int, int, Slot, int]]] = defaultdict(list)
        self._deep_marks: dict[Slot, list[tuple[int, Slot, int]]] = defaultdict(list)
        self._pending: dict[Slot, None] = {}
        self._ways = 0
        self._bits: dict[str, int] = {}  # of each name
        self._names: list[str] = []
        self._decoded: dict[int, tuple[str, ...]] = {}

    def held(self, slots: Iterable[Slot]) -> int:
        """The flags of what may be in one of several slots."""
        found = 0
        for slot in slots:
            found |= self.itself.get(slot, 0)
        return found & FLAGS

    def content(self, slots: Iterable[Slot]) -> int:
        """The flags of what may be in one of several slots, or in a container there."""
        found = 0
        for slot in slots:
            found |= self.itself.get(slot, 0) | self.inside.get(slot, 0)
        return found & FLAGS

    def tokens(self, slots: Iterable[Slot]) -> int:
        """The functions, classes and instances that may be in one of several slots."""
        found = 0
        for slot in slots:
            found |= self.itself.get(slot, 0)
        return found & ~FLAGS

    def named(self, slots: Iterable[Slot]) -> tuple[str, ...]:
        """Their names."""
        return self.decoded(self.tokens(slots))

    def decoded(self, bits: int) -> tuple[str, ...]:
        """The names whose bits these are, flags left out."""
        known = self._decoded.get(bits)
        if known is None:
            left, found = bits >> WIDTH, []
            while left:
                lowest = left & -left
                found.append(self._names[lowest.bit_length() - 1])
                left ^= lowest
            known = self._decoded[bits] = tuple(found)
        return known

    def encoded(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            bit = self._bits.get(name)
            if bit is None:
                bit = self._bits[name] = 1 << (WIDTH + len(self._names))
                self._names.append(name)
            found |= bit
        return found

    def lead(self, source: Slot, target: Slot, ways: int) -> None:
        """What is in one slot gets to another one, from the start."""
        self._next[source][target] = self._next[source].get(target, 0) | ways

    def mark(self, source: Slot, target: Slot, bits: int, given: int = 0, unless: int = 0) -> None:
        """Where one slot has some of `bits`, another one gets `given`, or else the same bits."""
        self._marks[source].append((bits, unless, target, given))

    def mark_deep(self, source: Slot, target: Slot, bits: int, given: int) -> None:
        """The same where a container in the slot may have some of `bits`, too."""
        self._deep_marks[source].append((bits, target, given))

    def connect(self, sources: Iterable[Slot], target: Slot, ways: int = AS_IT_IS) -> None:
        """What is in some slots gets to another one, from now on; raises TooMuch."""
        for source in sources:
            known = self._next[source].get(target)
            if known is None or known | ways != known:
                self._ways += 1
                if self._ways > _MOST_WAYS:
                    raise TooMuch
                self.lead(source, target, ways)
                self._join(source, target, ways)

    def give(self, slot: Slot, itself: int, inside: int = 0) -> None:
        """Something more may be in a slot."""
        if itself & ~self.itself[slot] or inside & ~self.inside[slot]:
            self.itself[slot] |= itself
            self.inside[slot] |= inside
            self._pending[slot] = None

    def settle(self) -> None:
        """Follow all that follows."""
        while self._pending:
            slot, _ = self._pending.popitem()
            for target, ways in tuple(self._next[slot].items()):
                self._join(slot, target, ways)
            self._mark(slot)
            self.reached(slot)

    def _mark(self, slot: Slot) -> None:
        itself = self.itself[slot] & FLAGS
        for wanted, unless, target, given in self._marks.get(slot, ()):
            if itself & wanted and not itself & unless:
                self.give(target, given or itself & wanted)
        for wanted, target, given in self._deep_marks.get(slot, ()):
            if (itself | self.inside[slot]) & wanted:
                self.give(target, given)

    def reached(self, slot: Slot) -> None:
        """Something new is in a slot."""
        raise NotImplementedError

    def _join(self, source: Slot, target: Slot, ways: int) -> None:
        itself, inside = self.itself[source], self.inside[source]
        if ways == AS_IT_IS:
            self.give(target, itself, inside)
            return
        if ways & NAMELESS:
            itself, inside = itself & FLAGS, inside & FLAGS
        self.give(
            target,
            (itself if ways & AS_IT_IS else 0) | (inside if ways & OUT_OF else 0),
            inside | (itself if ways & INTO else 0),
        )
