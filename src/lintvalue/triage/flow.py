"""What gets where over several files, calls included."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from lintvalue.triage.calling import Calling
from lintvalue.triage.contents import ALL
from lintvalue.triage.graph import Rules
from lintvalue.triage.handing import ANY_GIVEN, ANY_RESULT
from lintvalue.triage.passing import plain
from lintvalue.triage.slots import (
    ANY_WAY,
    AS_IT_IS,
    AWAY,
    DATA,
    FOREIGN,
    FORKING,
    FREEING,
    GETATTR,
    HELD,
    HOLDER,
    LIBRARY,
    LOCKLESS,
    LOCKS,
    MADE,
    MAKERS,
    MANAGED,
    MANAGER,
    MEMORY,
    MODULE,
    NAMELESS,
    NUMBER,
    PART,
    PROXY,
    READ,
    SEEDS,
    SENDING,
    SOME_ATTRIBUTE,
    SPILLED,
    STORED,
    STORES,
    TAKING,
    item,
    last,
    member,
    result,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.sketch import Class, Sketch
    from lintvalue.triage.slots import Key, Slot, Slots

# What the attributes of an object have from it, such as the methods of a view of an array.
_BESTOWED = DATA | PROXY | LOCKLESS | MEMORY | READ
_BARE = Rules((DATA, 0, LOCKLESS))
_LOADED = Rules((DATA, 0, READ))
_ITEM = Rules((DATA, PROXY, PART), (DATA, 0, READ))
_DERIVED = Rules((_BESTOWED, 0, 0), (DATA, 0, READ))
_READ = Rules((READ, 0, READ))
_TAKES, _FREES = Rules((DATA | LOCKS, 0, TAKING)), Rules((DATA | LOCKS, 0, FREEING))
# What the library, or a manager, makes by a name.
_MADE_BY = ((LIBRARY | FORKING, MADE), (MANAGER, MANAGED))
_MAKING = {
    name: Rules(*((maker, 0, made[name]) for maker, made in _MADE_BY if name in made))
    for name in MAKERS
}
_BOUND = Rules((HOLDER, 0, HOLDER))
_CONTEXT = ("__enter__", "__exit__")


class Flow(Calling):
    """All that follows from the sketches of some files."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        super().__init__(sketches)
        self._sketches = sketches
        properties = set().union(*(sketch.properties for sketch in sketches))
        self._setters = {last(name).removesuffix(STORES) for name in properties}
        self._closures: dict[str, list[Slot]] | None = None
        for sketch in sketches:
            self._flow(sketch)
            self._make(sketch)
        self._begin(sketches)
        self.settle()
        self.guess(sketches)
        self.settle()
        self._derive_all(sketches)

    def _derive_all(self, sketches: Sequence[Sketch]) -> None:
        """What follows of shared memory and locks, where there are any."""
        for sketch in sketches if self.holds(DATA | LOCKS) else ():
            self._locate(sketch)
            self._hold(sketch)
        if self.holds(DATA):
            self._compute(sketches)
        self.look_again()
        self.settle()

    def entered(self, slots: Slots) -> set[str]:
        """The methods that `with` calls."""
        owners = filter(None, map(self._owner, self.named(slots)))
        return {run for owner in owners for name in _CONTEXT for run in self.related(owner, name)}

    def reach(self, slots: Iterable[Slot]) -> int:
        """The allocation sites of all that some slots lead to, by items and attributes, too."""
        found, pending, seen = 0, list(slots), set(slots)
        while pending:
            slot = pending.pop()
            both = self.all_in(slot)
            if both & (DATA | LOCKS):
                found |= both & self._sites or ALL
            more = {part for name in self.decoded(both) for part in self._parts(name)} - seen
            seen |= more
            pending.extend(more)
        return found

    def _parts(self, name: str) -> Iterable[Slot]:
        """The slots of what something has in it."""
        if name in self._keys:
            return (whole(name),)
        owner = self._owner(name)
        if not owner:
            return self.closed_over(plain(name))
        eldest = self.eldest(owner)
        own = {one for kind in self.classes[owner] for one in kind.names}
        return [member(eldest, one) for one in (own if owner == name else self._used[eldest])]

    def closed_over(self, name: str) -> Iterable[Slot]:
        """The slots of what a function uses of those around it."""
        if self._closures is None:
            self._closures = defaultdict(list)
            scopes = {one.scope: one.name for many in self._defined.values() for one in many}
            for source, target in (flow for sketch in self._sketches for flow in sketch.flows):
                if source[0] != target[0] and source[0] in scopes and target[0] in scopes:
                    self._closures[scopes[target[0]]].append(source)
        return self._closures.get(name, ())

    def methods_of(self, slots: Iterable[Slot]) -> set[str]:
        """The methods that objects have which classes make that are in some slots."""
        kinds = self._kinds_in(slots)
        pending = list(kinds)
        while pending:
            owner = pending.pop()
            # A record makes what is in its fields; an object has the methods of the classes above, too.
            fields = (member(owner, name) for one in self.classes[owner] for name in one.fields)
            above = {base for one in self.classes[owner] for base in one.bases}
            more = (self._kinds_in(fields) | above & self.classes.keys()) - kinds
            kinds |= more
            pending.extend(more)
        functions = (one for many in self._defined.values() for one in many)
        return {one.name for one in functions if one.owner in kinds}

    def _kinds_in(self, slots: Iterable[Slot]) -> set[str]:
        names = {plain(name) for name in self.named(slots)}
        return {name for name in names if self._owner(name) == name}

    def reached(self, slot: Slot) -> None:
        for call in self._calls.get(slot, ()):
            self.follow(call)
        if slot in self._gets or slot in self._puts or slot in self._instances:
            self.find(slot)

    # What is known from the start

    def _flow(self, sketch: Sketch) -> None:
        self.lead_all((source, target, AS_IT_IS) for source, target in sketch.flows)
        self.lead_all(
            (source, target, ways) for sources, target, ways in sketch.moves for source in sources
        )
        kept = (slot for _, slots in sketch.held_by for slot in slots if self.by_any_name)
        self.lead_all((slot, SOME_ATTRIBUTE, AS_IT_IS | NAMELESS) for slot in kept)
        self.lead_all(
            (source, target, AS_IT_IS if attribute in self._setters else STORED)
            for sources, attribute, target in sketch.stores
            for source in sources
        )
        for slot, record, items in sketch.records:
            self.give(slot, self.record(record))
            for key, slots in items.items():
                self.put(record, key, slots)
        for sources, key, target in (*sketch.picks, *sketch.gets):
            for source in sources:
                self.each_record(source, partial(self._pick, key, target))

    def _pick(self, key: Key, target: Slot, record: str) -> None:
        self.connect((item(record, key),), target)

    def _make(self, sketch: Sketch) -> None:
        for slots, name, target in sketch.made:
            self.mark(slots, target, _MAKING[name])

    def _locate(self, sketch: Sketch) -> None:
        """Where what is made comes from, and methods that are not called."""
        for slots, target in sketch.makes:
            self.mark_made(slots, target)
        for methods, rules in ((sketch.takes, _TAKES), (sketch.frees, _FREES)):
            for objects, method in methods:
                self.mark(objects, method, rules)

    def _compute(self, sketches: Sequence[Sketch]) -> None:
        """What is made of shared memory: parts, and numbers that are read."""
        for one in sketches:
            every = (
                (one.bare, _BARE),
                (one.items, _ITEM),
                (one.derived, _DERIVED),
                (one.loads, _LOADED),
            )
            for pairs, rules in every:
                for slots, target in pairs:
                    self.mark(slots, target, rules)
        for call in self.awaited:
            self.mark({*self.given(call)} - {NUMBER}, call.result, _READ)

    def _hold(self, sketch: Sketch) -> None:
        """An object holds what is in its attributes; so do its bound methods."""
        for objects, attributes in sketch.held_by:
            for attribute in attributes:
                for one in objects:
                    self.mark_deep(attribute, one, HELD, HOLDER)
        for begun, given in sketch.partials:
            for slot in given:
                self.mark_deep(slot, begun, HELD, HOLDER)
        for kind in (one for one in sketch.classes if not self.pickles(one, set())):
            own = [member(kind.name, name) for name in (*kind.stored, *kind.fields)]
            for attribute in (*own, *map(result, kind.bases)):
                self.mark_deep(attribute, result(kind.name), HELD, HOLDER)
            for method in self._methods(kind, set()):
                self.mark((result(kind.name),), self._shared(kind.name, method), _BOUND)

    def _methods(self, kind: Class, seen: set[str]) -> set[str]:
        """The names of all methods that a class has, from those that it is made of, too."""
        seen.add(kind.name)
        above = [one for base in {*kind.bases} - seen for one in self.classes.get(base, ())]
        return {*kind.methods}.union(*(self._methods(one, seen) for one in above))

    def _begin(self, sketches: Sequence[Sketch]) -> None:
        for seed, bits in SEEDS.items():
            self.give(seed, bits)
        self.give(GETATTR, self.encoded((GETATTR,)))
        for name in self._taken:
            self.lead(result(name), ANY_RESULT, AS_IT_IS)
            for function in self._defined[name]:
                for parameter in function.parameters:
                    self.lead(ANY_GIVEN, (function.scope, parameter), ANY_WAY & ~SPILLED)
        for sketch in sketches:
            self._name_all(sketch)
            self.await_all(sketch)

    def _name_all(self, sketch: Sketch) -> None:
        for place in sketch.modules:
            self.give(place, MODULE)
        for place in sketch.sends:
            self.give(place, SENDING)
        for place in (*sketch.foreign, *sketch.beyond):
            self.give(place, FOREIGN)
        for place in (*sketch.left, *sketch.outer):
            self.give(place, AWAY)
        for place, name in sketch.names:
            self.give(place, self.encoded((name,)))
