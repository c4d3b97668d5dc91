"""What gets where over several files, calls included."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.graph import ANY, Graph
from lintvalue.triage.sketch import LAUNCHES, THREADS
from lintvalue.triage.slots import (
    ANY_WAY,
    ANYTHING,
    AS_IT_IS,
    DATA,
    HOLDER,
    INHERITED,
    INTO,
    LIBRARY,
    LOCKLESS,
    MADE,
    MANAGED,
    MANAGER,
    MEMORY,
    OUT_OF,
    PART,
    PROXY,
    SEEDS,
    SHIFT,
    SOME_ATTRIBUTE,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.sketch import Call, Class, Function, Sketch
    from lintvalue.triage.slots import Slot, Slots

# What the attributes of an object have from it, such as the methods of a view of an array.
_BESTOWED = DATA | PROXY | LOCKLESS | MEMORY
# An object holds what it has in an attribute, also inside a container there.
_HELD = (INHERITED | HOLDER) | (INHERITED | HOLDER) << SHIFT
# Methods that put what they are given into their object, whatever functions the project has.
_MERGES = frozenset({"extend", "update"})
_FILLS = frozenset(
    {"append", "appendleft", "extend", "insert", "add", "put", "update", "setdefault", "push"}
)
_ANY_GIVEN, _ANY_RESULT = "!given", "!result"
# What is returned by these holds what they are given. All other code that we don't see gives back
# what nobody can tell, and keeps nothing.
_PASSING = frozenset(
    {
        "next", "enumerate", "zip", "dict", "map", "filter", "list", "tuple", "set", "frozenset",
        "sorted", "reversed", "iter", "frombuffer", "asarray", "as_array", "ndarray", "array", "cast",
        "SimpleNamespace", "Namespace", "namedtuple", "deque", "OrderedDict", "defaultdict", "field",
        "ib", "attrib", "synchronized", "enter_context", "enter_async_context", "closing", "chain",
        "get", "pop", "setdefault", "popleft", "popitem", "values", "items", "copy", "deepcopy",
        "getattr", "replace", "memoryview", "vars",
    }
)  # fmt: skip
# These take something out of a container, or put it into one.
_TURNING = frozenset({"next", "dict", "map", "filter", "namedtuple", "replace", "chain"})
# What a function is called with that is given as one of these.
_LATER = frozenset({"target", "initializer", "function", "func", "fn"})
_PARTIAL = "partial"
# A function has one of these behind its name for each argument that it is given already, or the other
# one if nobody knows how many.
_BEGUN, _SOME = "*", "~"
# Code that calls what it is given, whatever functions the project has.
_HANDING = frozenset(
    {
        "map", "filter", "reduce",
        "apply", "apply_async", "map_async", "imap", "imap_unordered", "starmap",
        "starmap_async", "submit", "run_in_executor", "spawn", "start_processes",
    }
)  # fmt: skip
# The name that a class may have where it is called without its own.
_ANY_CLASS = "cls"

_STARTERS = LAUNCHES + THREADS


class Flow(Graph):
    """All that follows from the sketches of some files."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        super().__init__()
        self.launched: set[str] = set()  # functions that processes, or threads, may be started with
        self._calls: dict[Slot, list[Call]] = defaultdict(list)
        self._defined: dict[str, list[Function]] = defaultdict(list)
        self._classes: dict[str, list[Class]] = defaultdict(list)
        self._bound: set[tuple[int, str]] = set()
        self._given: dict[int, Slots] = {}
        for sketch in sketches:
            self._define(sketch)
            self._spread(sketch)
            self._make(sketch)
        self._families = _families(one for sketch in sketches for one in sketch.classes)
        # Functions that are named elsewhere than where they are called.
        self._taken = {name for one in sketches for name in one.named if name in self._defined}
        self._begin(sketches)
        self.settle()

    def called(self, name: str, function: Slots) -> set[str]:
        """The functions that something called `name`, which lies in some slots, may be one of."""
        found = self.named(function)
        return {name, *(self._taken if found is ANY else map(_plain, found))}

    def reached(self, slot: Slot) -> None:
        for call in self._calls.get(slot, ()):
            self._call(call)

    # What is known from the start

    def _define(self, sketch: Sketch) -> None:
        for function in sketch.functions:
            self._defined[function.name].append(function)
            if function.owner and function.positional:
                own = function.scope, function.positional[0]
                self.lead(result(function.owner), own, AS_IT_IS)
        for one in sketch.classes:
            self._classes[one.name].append(one)
        for call in sketch.calls:
            for slot in {*call.function, *self._all_given(call)}:
                self._calls[slot].append(call)

    def _spread(self, sketch: Sketch) -> None:
        for source, target in sketch.flows:
            self.lead(source, target, AS_IT_IS)
        for sources, target, ways in sketch.moves:
            for source in sources:
                self.lead(source, target, ways)

    def _make(self, sketch: Sketch) -> None:
        for slots, name, target in sketch.made:
            for maker, made in ((LIBRARY, MADE), (MANAGER, MANAGED)):
                for slot in slots if name in made else ():
                    self.mark(slot, target, maker, made[name])
        for objects, item in sketch.items:
            for slot in objects:
                self.mark(slot, item, DATA, PART, unless=PROXY)
        for objects, part in sketch.derived:
            for slot in objects:
                self.mark(slot, part, _BESTOWED)
        self._hold(sketch)

    def _hold(self, sketch: Sketch) -> None:
        """An object holds what is in its attributes; so do its bound methods."""
        for objects, attributes in sketch.held_by:
            for attribute in attributes:
                self.mark(attribute, SOME_ATTRIBUTE, ANYTHING)
                for one in objects:
                    self.mark(attribute, one, _HELD, HOLDER)
        for kind in sketch.classes:
            for attribute in (*kind.stored, *kind.fields, *map(result, kind.bases)):
                for whole in (result(kind.name), *kind.methods):
                    self.mark(attribute, whole, _HELD, HOLDER)

    def _begin(self, sketches: Sequence[Sketch]) -> None:
        for slot, bits in SEEDS.items():
            self.give(slot, bits)
        for name in self._taken:
            self.lead(result(name), _ANY_RESULT, AS_IT_IS)
            for function in self._defined[name]:
                for parameter in function.parameters:
                    self.lead(_ANY_GIVEN, (function.scope, parameter), ANY_WAY)
        for sketch in sketches:
            for place, name in sketch.names:
                self.know(place, frozenset({name}))
            for one in sketch.classes:
                if "__call__" in one.methods:
                    self.know(result(one.name), frozenset({"__call__"}))

    # Calls

    def _call(self, call: Call) -> None:
        given = self._all_given(call)
        functions = self.named(given)
        called = self.named(call.function)
        if not functions and not self.held(given) and called <= {call.name}:
            return  # nothing but what its name says
        callees = {_plain(name) for name in called} | {call.name}
        callees &= self._defined.keys() | self._classes.keys()
        for name in callees:
            self._bind(call, name)
        if self._hands(call):
            self._hand_all(call, given, functions)
        if called is ANY:
            self._hand_to_any(call, given)
        if not callees:
            self._elsewhere(call, given, functions)
        elif call.name in _FILLS:
            self._fill(call, given)

    def _hands(self, call: Call) -> bool:
        """Whether a call is known to call what it is given."""
        given = {key for key, _ in call.keywords}
        known = call.name in _HANDING or call.name.endswith(_STARTERS)
        return known or call.name == _PARTIAL or not given.isdisjoint(_LATER)

    def _all_given(self, call: Call) -> Slots:
        key = id(call)
        if key not in self._given:
            self._given[key] = _given(call)
        return self._given[key]

    def _once(self, call: Call, what: str) -> bool:
        key = id(call), what
        if key in self._bound:
            return False
        self._bound.add(key)
        return True

    def _bind(self, call: Call, name: str) -> None:
        """A function gets its arguments; a class, for its instance."""
        if self._once(call, name):
            for function in self._defined.get(name, ()):
                if name != call.name:
                    self._pass(call, function, starred=True, bound=None)
                elif self.related(call.owner, function.owner):
                    self._pass(call, function, starred=call.starred, bound=call.bound)
            for one in self._classes.get(name, ()):
                self._construct(call, one, set())
            self.connect((result(name),), call.result)

    def related(self, owner: str, other: str) -> bool:
        """Whether a method of one class may be called on self in another one."""
        families = self._families
        return not owner or families.get(owner, owner) == families.get(other, other)

    def _construct(self, call: Call, one: Class, seen: set[str]) -> None:
        seen.add(one.name)
        inits = [f for f in self._defined.get("__init__", ()) if f.owner == one.name]
        for function in (*inits, *self._defined.get("__new__", ())):
            self._pass(call, function, starred=call.starred, bound=True)
        for field in one.fields:
            for slots in (*call.positional, *(slots for _, slots in call.keywords)):
                self.connect(slots, field)
        for base in {*one.bases} - seen if not inits else ():
            for above in self._classes.get(base, ()):
                self._construct(call, above, seen)
            if base not in self._classes:
                given = self._all_given(call)
                self._elsewhere(call, given, self.named(given))

    def _pass(self, call: Call, function: Function, *, starred: bool, bound: bool | None) -> None:
        for index, slots in enumerate(call.positional):
            for name in _receiving(function, index, starred=starred, bound=bound):
                ways = INTO if name in function.rest else AS_IT_IS
                self.connect(slots, (function.scope, name), ways)
        plain = [name for name in function.parameters if name not in function.rest]
        for key, slots in call.keywords:
            for name in plain if not key else {key} & {*plain}:
                self.connect(slots, (function.scope, name), AS_IT_IS if key else OUT_OF)
            for name in function.rest if key not in plain else ():
                self.connect(slots, (function.scope, name), INTO if key else AS_IT_IS)

    def _hand_all(self, call: Call, given: Slots, functions: frozenset[str]) -> None:
        """Functions that are given away along with other things may be called with them."""
        others = tuple(slot for slot in given if slot not in call.packed)
        first = self._first(call, others)
        if first is ANY or (not first and functions is ANY):
            self._hand_to_any(call, given)
            return
        for name in first or functions:
            if self._once(call, f"given {name}"):
                self._hand(call, name, others if first else given)

    def _first(self, call: Call, others: Slots) -> frozenset[str]:
        """What is most likely to be called: `target=`, `initializer=`, what stands in front."""
        named = [slot for key, slots in call.keywords if key in _LATER for slot in slots]
        placed = [slot for slots in call.positional for slot in slots if slot in others]
        return self.named(named) or self.named(placed) or self.named(others)

    def _hand_to_any(self, call: Call, given: Slots) -> None:
        """Too many functions to tell them apart: any that is not only called may be meant."""
        if _launches(call):
            self.launched |= self._taken
        if self._once(call, "any"):
            self.connect(given, _ANY_GIVEN)
            self.connect((_ANY_RESULT,), call.result)

    def _hand(self, call: Call, name: str, others: Slots) -> None:
        if _launches(call):
            self.launched.add(_plain(name))
        begun = name.count(_BEGUN)
        for function in self._defined.get(_plain(name), ()):
            for index, slots in enumerate(call.later, begun):
                for parameter in _receiving(function, index, starred=_SOME in name, bound=None):
                    ways = INTO if parameter in function.rest else AS_IT_IS
                    self.connect(slots, (function.scope, parameter), ways)
            for parameter in function.parameters:
                self.connect(others, (function.scope, parameter), ANY_WAY)
        if not call.name.endswith(_STARTERS):
            self.connect((result(_plain(name)),), call.result, AS_IT_IS | INTO)

    def _elsewhere(self, call: Call, given: Slots, functions: frozenset[str]) -> None:
        """What we know of code that we don't see."""
        if call.name == _PARTIAL:
            count = _SOME if call.starred else _BEGUN * (len(call.positional) - 1)
            begun = frozenset(f"{name}{count}" for name in functions)
            self.know(call.result, ANY if functions is ANY else begun)
        if not self._once(call, "elsewhere"):
            return
        if call.name in _PASSING:
            self.connect(given, call.result, ANY_WAY if call.name in _TURNING else AS_IT_IS)
            for key, slots in call.keywords:
                self.connect(slots, key or call.result)
        if call.name == _ANY_CLASS:
            for function in self._defined.get("__init__", ()):
                self._pass(call, function, starred=call.starred, bound=True)
        if call.name in _FILLS:
            for key, slots in call.keywords:
                self.connect(slots, key or call.result)
            self._fill(call, given)

    def _fill(self, call: Call, given: Slots) -> None:
        for slot in call.receiver:
            self.connect(given, slot, AS_IT_IS | INTO if call.name in _MERGES else INTO)


def _families(classes: Iterable[Class]) -> dict[str, str]:
    """One name for all classes that are related: by a chain of bases, up and down."""
    above: dict[str, str] = {}

    def eldest(name: str) -> str:
        while above.get(name, name) != name:
            name = above[name]
        return name

    for one in classes:
        for base in one.bases:
            above[eldest(one.name)] = eldest(base)
    return {name: eldest(name) for name in above}


def _launches(call: Call) -> bool:
    """Whether a call may start processes: `Process(…)`, `pool.map(…)`; not the `map` of Python's own."""
    on_pool = call.name in _HANDING and (call.name != "map" or bool(call.receiver))
    return on_pool or call.name.endswith(LAUNCHES)


def _plain(name: str) -> str:
    return name.rstrip(_BEGUN + _SOME)


def _given(call: Call) -> Slots:
    """All that a call is given."""
    found = [slot for slots in call.positional for slot in slots]
    found.extend(slot for _, slots in call.keywords for slot in slots)
    return tuple(found)


def _receiving(
    function: Function, index: int, *, starred: bool, bound: bool | None
) -> Iterable[str]:
    """The parameters that may get a positional argument; `bound` tells if a method has its object."""
    names = function.positional
    if starred:
        return function.parameters
    first = index
    last = index + 1
    if function.owner and bound is not False:
        last += 1
        first += bound is True and not function.decorated
    if function.has_object:
        first = max(first, 1)
    return names[first:last] or function.rest
