"""What is in slots, as numbers.

The lowest bits are flags (shared memory, a lock, …), each one above them stands for something with a name:
a function, a class, an instance of one, a record, or an allocation site of shared memory or of a lock. A
record is a tuple, a dict, an object without a class in sight, or all arguments that a function gets without
parameters of their own, of which it is known what is where.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.slots import FLAGS, SEEDS, WIDTH, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.slots import Slot

ALL = -1  # sites


class Contents:
    """`itself` tells what may be in each slot, `inside` what may be in a container there, at any depth.

    Records are told apart one level deeper: those in `deep` are in a container in a container.
    """

    def __init__(self) -> None:
        self.itself: dict[Slot, int] = defaultdict(int)
        self.inside: dict[Slot, int] = defaultdict(int)
        self.deep: dict[Slot, int] = defaultdict(int)
        self._bits: dict[str, int] = {}  # of each name
        self._names: list[str] = []
        self._decoded: dict[int, tuple[str, ...]] = {}
        self._sites = 0  # the bits of all allocation sites
        self._records = 0  # the bits of all of them

    def slots(self) -> set[Slot]:
        """All that may have something in them."""
        return {*self.itself, *self.inside, *self.deep}

    def names(self) -> Sequence[str]:
        """All that has a bit of its own."""
        return self._names

    def held(self, slots: Iterable[Slot]) -> int:
        """The flags of what may be in one of several slots."""
        return self._of(slots) & FLAGS

    def holds(self, bits: int) -> bool:
        """Whether anything has some of these flags, but what the library has from the start."""
        return any(itself & bits for slot, itself in self.itself.items() if slot not in SEEDS)

    def content(self, slots: Iterable[Slot]) -> int:
        """The flags of what may be in one of several slots, or in a container there."""
        found, pending, seen = 0, list(slots), set(slots)
        while pending:
            slot = pending.pop()
            both = self.all_in(slot)
            found |= both
            more = {whole(one) for one in self.decoded(both & self._records)} - seen
            seen |= more
            pending.extend(more)
        return found & FLAGS

    def all_in(self, slot: Slot) -> int:
        """All that may be in a slot, or in a container there."""
        return self.itself.get(slot, 0) | self.inside.get(slot, 0) | self.deep.get(slot, 0)

    def tokens(self, slots: Iterable[Slot]) -> int:
        """The bits of the functions, classes and instances that may be in one of several slots."""
        return self._of(slots) & ~(FLAGS | self._records | self._sites)

    def sites(self, slots: Iterable[Slot], flags: int) -> int:
        """The bits of where something with some of these flags was made; all, where that is unknown."""
        found = 0
        for slot in slots:
            itself = self.itself.get(slot, 0)
            if itself & flags:
                found |= itself & self._sites or ALL
        return found

    def named(self, slots: Iterable[Slot]) -> tuple[str, ...]:
        """The functions, classes and instances that may be in one of several slots."""
        return self.decoded(self.tokens(slots))

    def records(self, slots: Iterable[Slot]) -> tuple[str, ...]:
        """The records that may be in one of several slots."""
        return self.decoded(self._of(slots) & self._records)

    def stowed(self, slots: Iterable[Slot]) -> tuple[str, ...]:
        """The records that may be in one of several slots, or in a container there."""
        inside = 0
        for slot in slots:
            inside |= self.all_in(slot)
        return self.decoded(inside & self._records)

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
        """The bits of some names."""
        found = 0
        for name in names:
            bit = self._bits.get(name)
            if bit is None:
                bit = self._bits[name] = 1 << (WIDTH + len(self._names))
                self._names.append(name)
            found |= bit
        return found

    def _of(self, slots: Iterable[Slot]) -> int:
        found = 0
        for slot in slots:
            found |= self.itself.get(slot, 0)
        return found

    def site(self, name: str) -> int:
        """The bit of an allocation site, which is known from now on."""
        bit = self.encoded((name,))
        self._sites |= bit
        return bit
