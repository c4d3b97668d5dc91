"""The attributes of classes and of what is made by them, as far as it is known whose they are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.graph import Graph, Rules
from lintvalue.triage.slots import (
    AS_IT_IS,
    AWAY,
    FOREIGN,
    FORKING,
    HELD,
    HOLDER,
    LIBRARY,
    MODULE,
    NAMELESS,
    OUTER,
    SOME_ATTRIBUTE,
    SPAWNING,
    exported,
    member,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.sketch import Class, Sketch
    from lintvalue.triage.slots import Slot, Slots

# What an attribute has from its object; a package has modules.
_GOT = Rules((AWAY | FORKING | SPAWNING | MODULE, 0, 0), (LIBRARY, 0, SPAWNING))
_PICKLING = frozenset({"__getstate__", "__reduce__", "__reduce_ex__"})
Attributes = dict["Slot", list[tuple[str, "Slot"]]]  # of what is in a slot: which, and its slot


class Members(Graph):
    """Related classes have their attributes together; what nobody knows the class of may be any."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        super().__init__()
        self._gets: Attributes = defaultdict(list)
        self._puts: Attributes = defaultdict(list)
        self._owners: dict[str, set[str]] = defaultdict(set)  # the classes that have an attribute
        self.classes: dict[str, list[Class]] = defaultdict(list)
        self._instances: set[Slot] = set()  # where those of classes are
        self._kinds = 0  # the bits of classes, and of their instances
        self._found: dict[Slot, int] = defaultdict(int)  # those whose attributes are led there
        for one in (one for sketch in sketches for one in sketch.classes):
            self.classes[one.name].append(one)
            self._kinds |= self.encoded((one.name, result(one.name)))
            self.give(result(one.name), self.encoded((result(one.name),)))
            self._instances.add(result(one.name))
        self._modules = [one.number for one in sketches]
        self._guessed: set[str] = set()  # attributes of who knows what
        self.by_any_name = any(map(_asks_for_any, sketches))
        self._elder: dict[str, str] = {}  # of a class: one that it is related to
        self._used: dict[str, set[str]] = defaultdict(set)  # the attributes that a family has
        for one in (one for many in self.classes.values() for one in many):
            for base in one.bases:
                self._relate(one.name, base)
        for sketch in sketches:
            self._look(sketch)

    def _look(self, sketch: Sketch) -> None:
        for slots, attribute, got in sketch.gets:
            self.mark(slots, got, _GOT)
            for slot in slots:
                self._gets[slot].append((attribute, got))
        for slots, attribute, put in sketch.puts:
            for slot in slots:
                self._puts[slot].append((attribute, put))
        for owner, name in sketch.members:
            self._own(owner, name)

    def _own(self, owner: str, name: str) -> None:
        """A class has an attribute, together with those that it is related to."""
        if owner in self._owners[name]:
            return
        self._owners[name].add(owner)
        own, eldest = member(owner, name), self._shared(owner, name)
        if name in self._guessed:
            self.connect((own,), name)
        if self.by_any_name:
            for some in (SOME_ATTRIBUTE, self._shared(owner, SOME_ATTRIBUTE)):
                self.connect((own,), some, AS_IT_IS | NAMELESS)
        if own != eldest:
            self.connect((own,), eldest)
            self.connect((eldest,), own)

    def _shared(self, owner: str, name: str) -> str:
        """The slot that all related classes have for an attribute."""
        eldest = self.eldest(owner)
        self._used[eldest].add(name)
        return member(eldest, name)

    def eldest(self, owner: str) -> str:
        """The class that stands for all that a class is related to."""
        while owner in self._elder:
            owner = self._elder[owner]
        return owner

    def _relate(self, owner: str, base: str) -> None:
        """Two classes, by name, are related, if that is what the base is the name of."""
        one, other = self.eldest(owner), self.eldest(base)
        if base not in self.classes or one == other:
            return
        self._elder[one] = other
        self._used[other] |= self._used.pop(one, set())
        for name in self._used[other]:
            self.connect((member(one, name),), member(other, name))
            self.connect((member(other, name),), member(one, name))

    def _owner(self, name: str) -> str:
        """The class that a name is of, or that makes what it stands for; "" for all else."""
        owner = name.removesuffix("()")
        return owner if owner in self.classes else ""

    def related(self, owner: str, name: str) -> list[str]:
        """The methods of a name that a class and those it is related to have."""
        family = self.eldest(owner)
        found = (one for one in self._owners.get(name, ()) if self.eldest(one) == family)
        return [member(one, name) for one in found]

    def find(self, slot: Slot) -> None:
        """Lead the attributes of what is in a slot to where they are read, and what is stored to them."""
        if self.itself[slot] & MODULE:
            self._find_in_modules(slot)
        new = self.itself[slot] & self._kinds & ~self._found[slot]
        if not new:
            return
        self._found[slot] |= new
        itself = self._owner(slot) if slot in self._instances and isinstance(slot, str) else ""
        for owner in map(self._owner, self.decoded(new)):
            if itself and slot != itself:
                self._relate(itself, owner)
            for attribute, got in self._gets.get(slot, ()):
                self.connect((self._shared(owner, attribute),), got)
            for attribute, put in self._puts.get(slot, ()):
                self._own(owner, attribute)
                self.connect((put,), self._shared(owner, attribute))
                self.hold(put, owner)

    def _find_in_modules(self, slot: Slot) -> None:
        for attribute, got in self._gets.get(slot, ()):
            self.connect((exported(attribute),), got)
        for attribute, put in self._puts.get(slot, ()):
            # It may take the place of what is defined there, too.
            there: list[Slot] = [(number, attribute) for number in self._modules]
            for place in (exported(attribute), *(one for one in there if one in self._next)):
                self.connect((put,), place)

    def hold(self, attribute: Slot, owner: str) -> None:
        """Instances of a class hold what they have in an attribute."""
        if not any(self.pickles(one, set()) for one in self.classes[owner]):
            self.mark_deep(attribute, result(owner), HELD, HOLDER)
            self._pending[attribute] = None

    def pickles(self, kind: Class, seen: set[str]) -> bool:
        """Whether a class says itself what of its objects is sent."""
        seen.add(kind.name)
        above = [one for base in {*kind.bases} - seen for one in self.classes.get(base, ())]
        own = not _PICKLING.isdisjoint(kind.methods)
        return own or any(self.pickles(one, seen) for one in above)

    def guess(self, sketches: Iterable[Sketch]) -> None:
        """What is an attribute of who knows what may be one of anything; not one that nobody names."""
        for sketch in sketches:
            for slots, attribute, got in sketch.gets:
                if attribute != SOME_ATTRIBUTE and not self._is_known(slots):
                    self._gather(attribute)
                    self.connect((attribute,), got)
            for slots, attribute, put in sketch.puts:
                if not self._is_known(slots):
                    self.spread((put,), attribute)

    def _gather(self, attribute: str) -> None:
        """What anything has as an attribute, lies in one place from now on."""
        if attribute not in self._guessed:
            self._guessed.add(attribute)
            known = [member(owner, attribute) for owner in self._owners.get(attribute, ())]
            self.connect((exported(attribute), *known), attribute)

    def spread(self, slots: Slots, attribute: str) -> None:
        """What is in some slots becomes an attribute, nobody knows of what."""
        self.connect(slots, attribute)
        self.connect(slots, exported(attribute))
        for owner in self._owners.get(attribute, ()):
            self.connect(slots, member(owner, attribute))

    def _is_known(self, slots: Slots) -> bool:
        held = self._of(slots)
        known = FOREIGN | FORKING | LIBRARY | MODULE | self._kinds
        return bool(held & known) and not held & OUTER


def _asks_for_any(sketch: Sketch) -> bool:
    """Whether some attribute is read of which nobody knows the name."""
    own = any(name == SOME_ATTRIBUTE for _, name in sketch.members)
    return own or any(name == SOME_ATTRIBUTE for _, name, _ in sketch.gets)
