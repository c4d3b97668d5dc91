"""What gets where over several files, calls included."""

from __future__ import annotations

from collections import defaultdict
from itertools import repeat
from typing import TYPE_CHECKING

from lintvalue.triage.graph import Graph
from lintvalue.triage.sketch import LAUNCHES, MADE_BY, THREADS
from lintvalue.triage.slots import (
    ANY_WAY,
    AS_IT_IS,
    DATA,
    FOREIGN,
    HOLDER,
    INHERITED,
    INTO,
    LIBRARY,
    LOCKLESS,
    MADE,
    MANAGED,
    MANAGER,
    MEMORY,
    NAMELESS,
    OUT_OF,
    PART,
    PROXY,
    SEEDS,
    SOME_ATTRIBUTE,
    keyed,
    member,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.sketch import Call, Class, Function, Sketch
    from lintvalue.triage.slots import Slot, Slots

# What the attributes of an object have from it, such as the methods of a view of an array.
_BESTOWED = DATA | PROXY | LOCKLESS | MEMORY
# An object holds what it has in an attribute, also inside a container there.
_HELD = INHERITED | HOLDER
# More functions than this in one place are not told apart.
_MOST = 24
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
_MOST_BEGUN = 8
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
        self.callers: dict[Slot, Call] = {}  # the call that each result is of
        self._calls: dict[Slot, list[Call]] = defaultdict(list)
        self._gets: dict[Slot, list[tuple[str, Slot]]] = defaultdict(list)
        self._puts: dict[Slot, list[tuple[str, Slot]]] = defaultdict(list)
        self._members: dict[str, list[str]] = defaultdict(
            list
        )  # the classes that have an attribute
        self._defined: dict[str, list[Function]] = defaultdict(list)
        self._classes: dict[str, list[Class]] = defaultdict(list)
        self._any = self.encoded(("<any>",))
        self._followed: dict[tuple[int, str], int] = defaultdict(int)
        self._kinds = 0  # the bits of classes, and of their instances
        self._found: dict[Slot, int] = defaultdict(int)  # those whose attributes are led there
        self._bound: set[tuple[int, str]] = set()
        self._given: dict[int, Slots] = {}
        for sketch in sketches:
            self._define(sketch)
        self._families = _families(one for sketch in sketches for one in sketch.classes)
        for sketch in sketches:
            self._spread(sketch)
            self._make(sketch)
        self._join_members(sketches)
        # Functions that are named elsewhere than where they are called.
        named = set().union(*(one.named for one in sketches))
        self._taken = {name for name in self._defined if name.rpartition(".")[2] in named}
        self._begin(sketches)
        self.settle()
        self._guess(sketches)
        self.settle()

    def called(self, call: Call) -> set[str]:
        """The functions that a call may call, now or by what it is given."""
        handed = [slot for slots in call.positional for slot in slots] if call.name == "map" else ()
        tokens = self.tokens((*call.function, *handed))
        if tokens.bit_count() > _MOST or tokens & self._any:
            return self._taken
        made = call.name == _ANY_CLASS
        return {one for name in self.decoded(tokens) for one in self._runs(_plain(name), made=made)}

    def reached(self, slot: Slot) -> None:
        for call in self._calls.get(slot, ()):
            self._call(call)
        if slot in self._gets or slot in self._puts:
            self._find(slot)

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
            self.callers[call.result] = call
            for slot in {*call.function, *self._all_given(call)}:
                self._calls[slot].append(call)

    def _spread(self, sketch: Sketch) -> None:
        for source, target in sketch.flows:
            self.lead(source, target, AS_IT_IS)
        for sources, target, ways in sketch.moves:
            for source in sources:
                self.lead(source, target, ways)
        for slots, attribute, got in sketch.gets:
            for slot in slots:
                self._gets[slot].append((attribute, got))
                self.mark(slot, got, FOREIGN)
        for slots, attribute, put in sketch.puts:
            for slot in slots:
                self._puts[slot].append((attribute, put))

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
                self.lead(attribute, SOME_ATTRIBUTE, AS_IT_IS | NAMELESS)
                for one in objects:
                    self.mark_deep(attribute, one, _HELD, HOLDER)
        for kind in sketch.classes:
            own = [member(kind.name, name) for name in (*kind.stored, *kind.fields)]
            for attribute in (*own, *map(result, kind.bases)):
                for whole in (result(kind.name), *(member(kind.name, one) for one in kind.methods)):
                    self.mark_deep(attribute, whole, _HELD, HOLDER)

    def _join_members(self, sketches: Sequence[Sketch]) -> None:
        """Related classes have their attributes together; who knows of no class sees those of all."""
        for owner, name in set().union(*(one.members for one in sketches)):
            self._members[name].append(owner)
            own, eldest = member(owner, name), member(self._families.get(owner, owner), name)
            self.lead(own, name, AS_IT_IS)
            if own != eldest:
                self.lead(own, eldest, AS_IT_IS)
                self.lead(eldest, own, AS_IT_IS)

    def _begin(self, sketches: Sequence[Sketch]) -> None:
        for slot, bits in SEEDS.items():
            self.give(slot, bits)
        for name in self._taken:
            self.lead(result(name), _ANY_RESULT, AS_IT_IS)
            for function in self._defined[name]:
                for parameter in function.parameters:
                    self.lead(_ANY_GIVEN, (function.scope, parameter), ANY_WAY)
        for sketch in sketches:
            for foreign in sketch.foreign:
                self.give(foreign, FOREIGN)
            for named, name in sketch.names:
                self.give(named, self.encoded((name,)))
            for one in sketch.classes:
                self._kinds |= self.encoded((one.name, result(one.name)))
                self.give(result(one.name), self.encoded((result(one.name),)))

    def _guess(self, sketches: Sequence[Sketch]) -> None:
        """What is an attribute of who knows what may be one of anything."""
        for sketch in sketches:
            for slots, attribute, got in sketch.gets:
                if not self._is_known(slots):
                    self.connect((attribute,), got)
            for slots, attribute, put in sketch.puts:
                if not self._is_known(slots):
                    self.connect((put,), attribute)
                    for owner in self._members.get(attribute, ()):
                        self.connect((put,), member(owner, attribute))

    def _is_known(self, slots: Slots) -> bool:
        """Whether it is known whose attributes these are."""
        return any(self.itself[slot] & (FOREIGN | LIBRARY | self._kinds) for slot in slots)

    def _owner(self, name: str) -> str:
        """The class that a name is of, or that makes it; "" for functions."""
        owner = name.removesuffix("()")
        return owner if owner in self._classes else ""

    # Attributes

    def _find(self, slot: Slot) -> None:
        """The attributes of what is in a slot, where classes say what they are."""
        new = self.itself[slot] & self._kinds & ~self._found[slot]
        self._found[slot] |= new
        for owner in map(self._owner, self.decoded(new)):
            for attribute, got in self._gets.get(slot, ()):
                self._reach(owner, attribute, got, put=False)
            for attribute, put in self._puts.get(slot, ()):
                self._reach(owner, attribute, put, put=True)

    def _reach(self, owner: str, attribute: str, slot: Slot, *, put: bool) -> None:
        eldest = member(self._families.get(owner, owner), attribute)
        if put:
            self.connect((slot,), eldest)
            if owner not in self._members[attribute]:
                self._members[attribute].append(owner)
                self.connect((eldest,), attribute)
        else:
            self.connect((eldest,), slot)

    # Calls

    def _call(self, call: Call) -> None:
        called = self.tokens(call.function)
        if called.bit_count() > _MOST or called & self._any:
            self._hand_to_any(call)
        else:
            for name in self.decoded(self._news(call, called)):
                self._bind(call, name)
        if self._hands(call):
            self._hand_all(call)
        if not called:
            self._elsewhere(call)
        elif call.name in _FILLS:
            self._fill(call)

    def _runs(self, name: str, *, made: bool) -> list[str]:
        """The functions that run where something is called: of a class, and of an object, or its class."""
        if name in self._defined:
            return [name]
        owner = self._owner(name)
        family = self._families.get(owner, owner)
        return [
            member(one, special)
            for special in (MADE_BY if made or owner == name else ("__call__",))
            for one in self._members.get(special, ())
            if owner and self._families.get(one, one) == family
        ]

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

    def _news(self, call: Call, tokens: int, what: str = "") -> int:
        """Those of some tokens that a call was not yet followed for."""
        key = id(call), what
        known = self._followed[key]
        self._followed[key] = known | tokens
        return tokens & ~known

    def _once(self, call: Call, what: str) -> bool:
        key = id(call), what
        if key in self._bound:
            return False
        self._bound.add(key)
        return True

    def _bind(self, call: Call, name: str) -> None:
        """A function gets its arguments; a class, for its instance."""
        plain, made = _plain(name), call.name == _ANY_CLASS
        owner = self._owner(plain)
        if owner and (made or owner == plain):
            for one in self._classes[owner]:
                self._construct(call, one, set())
            self.connect((result(owner),), call.result)
        for run in self._runs(plain, made=made) if made or owner != plain else ():
            for function in self._defined[run]:
                self._pass(call, function, name)
            self.connect((result(run),), call.result)

    def _construct(self, call: Call, one: Class, seen: set[str]) -> None:
        seen.add(one.name)
        inits = self._defined.get(member(one.name, "__init__"), ())
        for function in (*inits, *self._defined.get(member(one.name, "__new__"), ())):
            self._pass(call, function, "")
        for field in one.fields:
            for slots in (*call.positional, *(slots for _, slots in call.keywords)):
                self.connect(slots, member(one.name, field))
        for base in {*one.bases} - seen if not inits else ():
            for above in self._classes.get(base, ()):
                self._construct(call, above, seen)
            if base not in self._classes:
                self._elsewhere(call)

    def _pass(self, call: Call, function: Function, name: str) -> None:
        """A function gets the arguments; `name` tells how many it has, "" that it makes its object."""
        exact = _plain(name).rpartition(".")[2] == call.name
        bound = True if not name else call.bound if exact else None
        starred = call.starred or _SOME in name
        for index, slots in enumerate(call.positional, name.count(_BEGUN)):
            for one in _receiving(function, index, starred=starred, bound=bound):
                ways = INTO if one in function.rest else AS_IT_IS
                self.connect(slots, (function.scope, one), ways)
        plain = [one for one in function.parameters if one not in function.rest]
        for key, slots in call.keywords:
            for one in plain if not key else {key} & {*plain}:
                self.connect(slots, (function.scope, one), AS_IT_IS if key else OUT_OF)
            for one in function.rest if key not in plain else ():
                self.connect(slots, (function.scope, one), INTO if key else AS_IT_IS)

    def _hand_all(self, call: Call) -> None:
        """Functions that are given away along with other things may be called with them."""
        given = self._all_given(call)
        functions = self.tokens(given)
        others = tuple(slot for slot in given if slot not in call.packed)
        first = self._first(call, others)
        handed = first or functions
        if handed.bit_count() > _MOST or handed & self._any:
            self._hand_to_any(call)
            return
        for name in self.decoded(self._news(call, handed, "given")):
            self._hand(call, name, others if first else given)

    def _first(self, call: Call, others: Slots) -> int:
        """What is most likely to be called: `target=`, `initializer=`, what stands in front."""
        named = [slot for key, slots in call.keywords if key in _LATER for slot in slots]
        placed = [slot for slots in call.positional for slot in slots if slot in others]
        return self.tokens(named) or self.tokens(placed) or self.tokens(others)

    def _hand_to_any(self, call: Call) -> None:
        """Too many functions to tell them apart: any that is not only called may be meant."""
        if _launches(call):
            self.launched |= self._taken
        if self._once(call, "any"):
            self.connect(self._all_given(call), _ANY_GIVEN)
            self.connect((_ANY_RESULT,), call.result)

    def _hand(self, call: Call, name: str, others: Slots) -> None:
        run = self._runs(_plain(name), made=False)
        if _launches(call):
            self.launched.update(run)
        for function in (function for one in run for function in self._defined[one]):
            for index, slots in enumerate(call.later, name.count(_BEGUN)):
                for parameter in _receiving(function, index, starred=_SOME in name, bound=None):
                    ways = INTO if parameter in function.rest else AS_IT_IS
                    self.connect(slots, (function.scope, parameter), ways)
            for parameter in function.parameters:
                self.connect(others, (function.scope, parameter), ANY_WAY)
        if not call.name.endswith(_STARTERS):
            for one in (*run, *filter(None, (self._owner(name),))):
                self.connect((result(one),), call.result, AS_IT_IS | INTO)

    def _elsewhere(self, call: Call) -> None:
        """What we know of code that we don't see."""
        given = self._all_given(call)
        if call.name == _PARTIAL:
            self._begin_with(call)
        self.give(call.result, self.held(call.function) & FOREIGN)
        if not self._once(call, "elsewhere"):
            return
        if call.name in _PASSING:
            self.connect(given, call.result, ANY_WAY if call.name in _TURNING else AS_IT_IS)
            self._label(call)
        if call.name in _FILLS:
            self._label(call)
            self._fill(call)

    def _begin_with(self, call: Call) -> None:
        """A partial is the function with some more arguments."""
        functions = self.tokens(call.positional[0] if call.positional else ())
        count = _SOME if call.starred else _BEGUN * (len(call.positional) - 1)
        if functions.bit_count() > _MOST or functions & self._any:
            self.give(call.result, self._any)
        else:
            names = self.decoded(functions)
            self.give(call.result, self.encoded(map(_begun, names, repeat(count))))

    def _label(self, call: Call) -> None:
        """What is given by a name becomes an attribute, or an item, of that name."""
        for key, slots in call.keywords:
            self.connect(slots, key or call.result)
            self.connect(slots, keyed(key))
            for owner in self._members.get(key, ()):
                self.connect(slots, member(owner, key))

    def _fill(self, call: Call) -> None:
        given = self._all_given(call)
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


def _begun(name: str, count: str) -> str:
    """The name of a function that has some more of its arguments."""
    whole = name + count
    return _plain(name) + _SOME if whole.count(_BEGUN) > _MOST_BEGUN else whole


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
