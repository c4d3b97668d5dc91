"""What gets from slot to slot: the least that follows from all that leads from one to another."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.contents import Contents
from lintvalue.triage.slots import (
    AS_IT_IS,
    AWAY,
    COMPUTED,
    DATA,
    DUG,
    FLAGS,
    HEAPED,
    HOLDER,
    INTO,
    LOCKS,
    NAMELESS,
    PICKED,
    PLAIN,
    READ,
    RECORDS,
    SHARED,
    SOME_ATTRIBUTE,
    SPILLED,
    STORED,
    SUNK,
    UNBOUND,
    UNSHARED,
    item,
    last,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lintvalue.triage.slots import Key, Slot

# Ways from slot to slot that calls may add; a package of half a megabyte adds twenty thousand.
_MOST_WAYS = 300_000
# How often something may get from one slot to the next; such a package takes thirty thousand steps.
_MOST_STEPS = 500_000
# Places of a record that are told apart: who calls itself with one argument more never comes to an end.
_MOST_PLACES = 16


_PARTLY = UNSHARED | STORED  # all but some flags goes these ways
_SITED = DATA | LOCKS  # what has a site


class TooMuch(Exception):  # noqa: N818 - no fault of anybody's
    """There is more to follow than is worth it."""


class Rules:
    """What follows of some bits: each rule has those that it looks for, those that it is not for, and what
    it gives, which are the same bits if that is 0.
    """

    def __init__(self, *rules: tuple[int, int, int]) -> None:
        self.bits = 0
        for wanted, _, _ in rules:
            self.bits |= wanted
        self._rules = rules

    def found(self, itself: int) -> int:
        found = 0
        for wanted, unless, given in self._rules:
            if itself & wanted and not itself & unless:
                found |= given or itself & wanted
        return found


class Graph(Contents):
    """What leads to slots from others."""

    def __init__(self) -> None:
        super().__init__()
        self._next: dict[Slot, dict[Slot, int]] = defaultdict(dict)
        self._marks: dict[Slot, list[tuple[Rules, Slot]]] = defaultdict(list)
        self._makers: dict[Slot, list[Slot]] = defaultdict(list)  # where what they make gets to
        self._minded: dict[Slot, int] = defaultdict(int)  # the bits that marks of a slot look for
        self._deep_marks: dict[Slot, dict[tuple[int, Slot, int], None]] = defaultdict(dict)
        self._sources: dict[Slot, list[Slot]] = defaultdict(list)
        self._pending: dict[Slot, None] = {}
        self._ways = self._steps = 0
        self._keys: dict[str, dict[Key, None]] = {}  # of each record
        self._readers: dict[str, list[Callable[[str, Key], None]]] = defaultdict(list)
        self._watchers: dict[Slot, list[Callable[[str], None]]] = defaultdict(list)
        self._watched: dict[Slot, int] = defaultdict(int)  # the records that watchers know of

    def leading(self, slots: Iterable[Slot]) -> set[Slot]:
        """These slots, and all from which something may get to them, or to what they are read of."""
        found = set(slots)
        pending = list(found)
        if pending and not self._sources:
            self._turn()
        while pending:
            more = {*self._sources.get(pending.pop(), ())} - found
            found |= more
            pending.extend(more)
        return found

    def _turn(self) -> None:
        """Where each slot has what is in it from."""
        ways = [(source, targets) for source, targets in self._next.items()]
        marks = [(source, [x for _, x in many]) for source, many in self._marks.items()]
        for source, targets in (*ways, *marks, *self._makers.items()):
            for target in targets:
                self._sources[target].append(source)

    # What leads where

    def lead(self, source: Slot, target: Slot, ways: int) -> None:
        """What is in one slot gets to another one, from the start."""
        self.lead_all(((source, target, ways),))

    def lead_all(self, ways_on: Iterable[tuple[Slot, Slot, int]]) -> None:
        """The same for many."""
        known = self._next
        for source, target, ways in ways_on:
            targets = known[source]
            targets[target] = targets.get(target, 0) | ways

    def mark(self, sources: Iterable[Slot], target: Slot, rules: Rules) -> None:
        """What is in some slots says what else is in another one."""
        for source in sources:
            self._marks[source].append((rules, target))
            self._minded[source] |= rules.bits

    def mark_made(self, sources: Iterable[Slot], target: Slot) -> None:
        """What some slots make is told apart by where it is made."""
        for source in sources:
            self._makers[source].append(target)
            self._minded[source] |= _SITED

    def mark_deep(self, source: Slot, target: Slot, bits: int, given: int) -> None:
        """The same where a container in the slot may have some of `bits`, too."""
        self._deep_marks[source][bits, target, given] = None

    def look_again(self) -> None:
        """Marks are new: what they are of may have been there before."""
        minded = (slot for slot, bits in self._minded.items() if self.itself.get(slot, 0) & bits)
        self._pending.update(dict.fromkeys((*minded, *self._deep_marks)))

    def connect(self, sources: Iterable[Slot], target: Slot, ways: int = AS_IT_IS) -> None:
        """What is in some slots gets to another one, from now on; raises TooMuch."""
        for source in sources:
            known = self._next[source].get(target, 0)
            if known | ways != known:
                self._ways += 1
                if self._ways > _MOST_WAYS:
                    raise TooMuch
                self._next[source][target] = known | ways
                if self.itself.get(source) or self.inside.get(source):
                    self._join(source, target, ways)

    def give(self, slot: Slot, itself: int, inside: int = 0, deep: int = 0) -> None:
        """Something more may be in a slot."""
        if (
            itself & ~self.itself[slot]
            or inside & ~self.inside[slot]
            or (deep and deep & ~self.deep[slot])
        ):
            self.itself[slot] |= itself
            self.inside[slot] |= inside
            self.deep[slot] |= deep
            self._pending[slot] = None

    def put_in(self, place: Slot) -> list[Slot]:
        """The attributes that storing into one fills: its own, and those of all objects it may be of."""
        names = {slot: last(slot) for slot in self._next.get(place, ()) if isinstance(slot, str)}
        own = last(place) if isinstance(place, str) else ""
        same = [slot for slot, name in names.items() if name == own or not own]
        return [place, *(slot for slot in same if names[slot] != SOME_ATTRIBUTE)]

    def following(self, slots: Iterable[Slot], ways: int = -1) -> set[Slot]:
        """All slots that something gets to from these in some ways, whatever it is."""
        found = set(slots)
        pending = list(found)
        while pending:
            targets = self._next.get(pending.pop(), {}).items()
            more = {target for target, taken in targets if taken & ways} - found
            found |= more
            pending.extend(more)
        return found

    # Records

    def record(self, name: str) -> int:
        """The bit of a record, which is known from now on."""
        bit = self.encoded((name,))
        self._records |= bit
        self._keys.setdefault(name, {})
        return bit

    def put(self, record: str, key: Key, slots: Iterable[Slot], ways: int = AS_IT_IS) -> None:
        """Something gets into a record, at a place or under a name."""
        if isinstance(key, int) and key >= _MOST_PLACES:
            self.connect(slots, whole(record), ways)
            return
        place = item(record, key)
        self.connect(slots, place, ways)
        if key not in self._keys[record]:
            self._keys[record][key] = None
            self.connect((place,), whole(record))
            for reader in tuple(self._readers[record]):
                reader(record, key)

    def each_record(self, slot: Slot, watcher: Callable[[str], None]) -> None:
        """Have a watcher called with each record in a slot, those to come included."""
        self._watchers[slot].append(watcher)
        for record in self.decoded(self._watched[slot]):
            watcher(record)
        self._pending[slot] = None

    def each_item(self, slots: Iterable[Slot], reader: Callable[[str, Key], None]) -> None:
        """Have a reader called with each key of each record in some slots, those to come included."""

        def watch(record: str) -> None:
            self._readers[record].append(reader)
            for key in tuple(self._keys[record]):
                reader(record, key)

        for slot in slots:
            self.each_record(slot, watch)

    def let_go(self) -> None:
        """Once all is asked: give back what holds itself until garbage is collected."""
        vars(self).clear()

    # All that follows

    def settle(self) -> None:
        """Follow all that follows; raises TooMuch."""
        while self._pending:
            # In waves: what comes to a slot from several others is passed on together.
            wave, self._pending = self._pending, {}
            for slot in wave:
                self._follow(slot)
            if self._steps > _MOST_STEPS:
                raise TooMuch

    def _follow(self, slot: Slot) -> None:
        ways_on = self._next.get(slot)
        if ways_on:
            self._steps += len(ways_on)
            self._pass_on(slot, tuple(ways_on.items()))
        if self.itself[slot] & self._minded.get(slot, 0):
            self._mark(slot)
        if slot in self._deep_marks:
            self._mark_deep(slot, self.all_in(slot))
        if slot in self._watchers:
            self._tell(slot)
        self.reached(slot)

    def _pass_on(self, slot: Slot, ways_on: Iterable[tuple[Slot, int]]) -> None:
        itself, inside, deep = self.itself[slot], self.inside[slot], self.deep.get(slot, 0)
        there, in_there = self.itself, self.inside
        plain = (AS_IT_IS,) if itself & READ else (AS_IT_IS, STORED)
        for target, ways in ways_on:
            if ways not in plain:
                self._join(slot, target, ways)
            elif deep or itself & ~there[target] or inside & ~in_there[target]:
                self.give(target, itself, inside, deep)

    def _tell(self, slot: Slot) -> None:
        new = self.itself[slot] & self._records & ~self._watched[slot]
        self._watched[slot] |= new
        for record in self.decoded(new):
            for watcher in tuple(self._watchers[slot]):
                watcher(record)

    def _mark(self, slot: Slot) -> None:
        itself = self.itself[slot]
        for rules, target in self._marks.get(slot, ()):
            found = rules.found(itself) if itself & rules.bits else 0
            if found:
                self.give(target, found | itself & self._sites)
        for target in self._makers.get(slot, ()) if itself & _SITED else ():
            self.give(target, self.site(f"!made {target}") | itself & self._sites)

    def _mark_deep(self, slot: Slot, both: int) -> None:
        for mark in self._deep_marks[slot]:
            wanted, target, given = mark
            if both & wanted:
                self.give(target, given)
        for record in self.decoded(both & self._records):
            marks = self._deep_marks[whole(record)]
            if self._deep_marks[slot].keys() - marks.keys():
                marks.update(self._deep_marks[slot])
                self._pending[whole(record)] = None

    def reached(self, slot: Slot) -> None:
        """Something new is in a slot."""
        raise NotImplementedError

    def _join(self, source: Slot, target: Slot, ways: int) -> None:
        if ways == AS_IT_IS:
            deep = self.deep.get(source, 0)
            self.give(target, self.itself[source], self.inside[source], deep)
            return
        if ways & _PARTLY:
            kept = self.itself[source] & ~(SHARED if ways & UNSHARED else READ)
            self.give(target, kept, self.inside[source], self.deep.get(source, 0))
            ways &= ~_PARTLY
            if not ways:
                return
        if ways & COMPUTED and self.itself[source] & READ:
            self.give(target, self.itself[source] & (READ | self._sites))
        if ways == COMPUTED:
            return
        itself, inside, deep = self._leaving(source, ways)
        if not (itself or inside or deep):
            return
        records = itself & self._records
        self.give(target, *self._arriving(itself, inside, deep, ways))
        if records and ways & (SPILLED | HEAPED):
            kept = AS_IT_IS if ways & SPILLED else 0
            self._spill(records, target, kept | INTO | (SUNK if ways & HEAPED else 0))

    def _leaving(self, slot: Slot, ways: int) -> tuple[int, int, int]:
        """What of that in a slot goes these ways."""
        if not ways & NAMELESS:
            return self.itself[slot], self.inside[slot], self.deep.get(slot, 0)
        kept = FLAGS & ~(HOLDER if ways & UNBOUND else 0) | self._sites
        return self.itself[slot] & kept, self.inside[slot] & kept, 0

    def _arriving(self, itself: int, inside: int, deep: int, ways: int) -> tuple[int, int, int]:
        """What comes out where; of what is inside, only records are told apart by how deep they are."""
        inner = inside & self._records
        kept = itself if ways & PLAIN else 0
        if not ways & RECORDS:
            kept &= ~self._records
        out, lower = inside & ~self._records, deep
        if ways & PICKED:
            kept |= inside | itself & AWAY | (deep if ways & DUG else 0)
            out |= deep
        if ways & INTO:
            out |= itself
        if ways & (PLAIN | HEAPED):
            out |= inner
        if ways & (INTO | HEAPED):
            lower |= inner
        return kept, out, lower | (itself & self._records if ways & SUNK else 0)

    def _spill(self, records: int, target: Slot, ways: int) -> None:
        """What is in records, whatever their keys, gets to a slot, and into containers there."""
        for record in self.decoded(records):
            self.connect((whole(record),), target, ways)
