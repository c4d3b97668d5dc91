"""What gets from slot to slot: the least that follows from all that leads from one to another."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.slots import AS_IT_IS, NAMELESS, moved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.triage.slots import Slot, Slots

# More functions than this in one slot are not told apart.
_MOST = 24
ANY = frozenset({"<any>"})
# Ways from slot to slot that calls may add; a package of half a megabyte adds fifty thousand.
_MOST_WAYS = 500_000


class TooMuch(Exception):  # noqa: N818 - no fault of anybody's
    """There is more to follow than is worth it."""


class Graph:
    """`bits` tell what each slot may hold, `functions` the names of functions and classes in it."""

    def __init__(self) -> None:
        self.bits: dict[Slot, int] = defaultdict(int)
        self.functions: dict[Slot, frozenset[str]] = defaultdict(frozenset)
        self._next: dict[Slot, dict[Slot, int]] = defaultdict(dict)
        self._marks: dict[Slot, list[tuple[int, int, Slot, int]]] = defaultdict(list)
        self._pending: list[Slot] = []
        self._ways = 0

    def held(self, slots: Slots) -> int:
        """All that may be in one of several slots."""
        found = 0
        for slot in slots:
            found |= self.bits.get(slot, 0)
        return found

    def named(self, slots: Iterable[Slot]) -> frozenset[str]:
        """The functions that may be in one of several slots."""
        found: frozenset[str] = frozenset()
        for slot in slots:
            more = self.functions.get(slot, found)
            if more is ANY:
                return ANY
            found |= more
        return found

    def lead(self, source: Slot, target: Slot, ways: int) -> None:
        """What is in one slot gets to another one, from the start."""
        self._next[source][target] = self._next[source].get(target, 0) | ways

    def mark(self, source: Slot, target: Slot, bits: int, given: int = 0, unless: int = 0) -> None:
        """Where one slot has some of `bits`, another one gets `given`, or else the same bits."""
        self._marks[source].append((bits, unless, target, given))

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

    def give(self, slot: Slot, bits: int) -> None:
        if self.bits[slot] | bits != self.bits[slot]:
            self.bits[slot] |= bits
            self._pending.append(slot)

    def know(self, slot: Slot, names: frozenset[str]) -> None:
        known = self.functions[slot]
        if not names <= known and known is not ANY:
            both = known | names
            self.functions[slot] = ANY if len(both) > _MOST or names is ANY else both
            self._pending.append(slot)

    def settle(self) -> None:
        """Follow all that follows."""
        while self._pending:
            slot = self._pending.pop()
            for target, ways in tuple(self._next[slot].items()):
                self._join(slot, target, ways)
            bits = self.bits[slot]
            for wanted, unless, target, given in self._marks.get(slot, ()):
                if bits & wanted and not bits & unless:
                    self.give(target, given or bits & wanted)
            self.reached(slot)

    def reached(self, slot: Slot) -> None:
        """Something new is in a slot."""
        raise NotImplementedError

    def _join(self, source: Slot, target: Slot, ways: int) -> None:
        self.give(target, moved(self.bits[source], ways))
        if ways != AS_IT_IS | NAMELESS:
            self.know(target, self.functions[source])
