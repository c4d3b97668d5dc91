"""What gets where over several files, calls included."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from lintvalue.model.lean import replace
from lintvalue.triage.graph import ALL
from lintvalue.triage.passing import BEGUN, SOME, Passing, begin, plain
from lintvalue.triage.sketch import FILLS, HANDING_ON, LAUNCHES, PACKED, STAYING, THREADS
from lintvalue.triage.slots import (
    ANY_WAY,
    AS_IT_IS,
    DATA,
    FOREIGN,
    FORKING,
    FREEING,
    HOLDER,
    INHERITED,
    INTO,
    LIBRARY,
    LOCKLESS,
    LOCKS,
    MADE,
    MANAGED,
    MANAGER,
    MEMORY,
    MODULE,
    NAMELESS,
    NONE,
    NUMBER,
    PART,
    PICKED,
    PROXY,
    READ,
    RECORDS,
    SEEDS,
    SOME_ATTRIBUTE,
    SPAWNING,
    SPILLED,
    TAKING,
    UNORDERED,
    item,
    last,
    member,
    result,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lintvalue.triage.sketch import Call, Class, Function, Joint, Sketch
    from lintvalue.triage.slots import Key, Slot, Slots

# What the attributes of an object have from it, such as the methods of a view of an array.
_BESTOWED = DATA | PROXY | LOCKLESS | MEMORY | READ
# An object holds what it has in an attribute, also inside a container there.
_HELD = INHERITED | HOLDER
# What is not the same in another order.
_ORDERED = frozenset(
    {"list", "tuple", "copy", "deepcopy", "dict", "OrderedDict", "get", "pop", "getattr"}
)
# More functions than this in one place are not told apart.
_MOST = 100
# How those get what they are given into their object that do not put it in as it is.
_MERGES = {"extend": UNORDERED, "update": AS_IT_IS}
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
_PICKLING = frozenset({"__getstate__", "__reduce__", "__reduce_ex__"})
_CONTEXT = ("__enter__", "__exit__")
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


class Flow(Passing):
    """All that follows from the sketches of some files."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        super().__init__(sketches)
        self._launched: list[tuple[Call, Iterable[str]]] = []  # what a call starts a process with
        self.callers: dict[Slot, Call] = {}  # the call that each result is of
        self._calls: dict[Slot, list[Call]] = defaultdict(list)
        self._any = self.encoded(("<any>",))
        self._followed: dict[tuple[int, str], int] = defaultdict(int)
        self._done: set[tuple[int, str]] = set()
        self._given: dict[int, Slots] = {}
        # Functions that are named elsewhere than where they are called.
        named = set().union(*(one.named for one in sketches))
        self._taken = {name for name in self._defined if last(name) in named}
        for sketch in sketches:
            self._flow(sketch)
            self._locate(sketch)
            self._make(sketch)
            self._derive(sketch)
            self._hold(sketch)
        self._begin(sketches)
        self.settle()
        self.guess(sketches)
        self.settle()

    def called(self, call: Call) -> set[str]:
        """The functions that a call may call, now or by what it is given."""
        handed = [slot for slots in call.positional for slot in slots] if call.name == "map" else ()
        tokens = self.tokens((*call.function, *handed))
        if self._is_any(tokens):
            return self._taken
        makes = call.name == _ANY_CLASS
        return {one for name in self.decoded(tokens) for one in self.runs(plain(name), makes=makes)}

    def is_own(self, function: Slots) -> bool:
        """Whether what is called is surely none of the library's, and no pool's."""
        out_of_sight = FOREIGN | FORKING | LIBRARY | SPAWNING
        return bool(self.tokens(function)) and not self.held(function) & out_of_sight

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
            return ()
        eldest = self._eldest(owner)
        own = {one for kind in self._classes[owner] for one in kind.names}
        return [member(eldest, one) for one in (own if owner == name else self._used[eldest])]

    def keeps_a_read(self, sketch: Sketch) -> bool:
        """Whether what was read is kept in a tuple or a partial, or given to another process or thread."""
        kept = [*sketch.kept]
        for call in sketch.calls:
            given = self._all_given(call)
            if call.name == _PARTIAL or _launches(call) or call.name.endswith(_STARTERS):
                if self.content(given) & READ:
                    return True
            elif call.name in FILLS:
                kept.append(given)
        return any(self.content(map(whole, self.stowed(slots))) & READ for slots in kept)

    def reached(self, slot: Slot) -> None:
        for call in self._calls.get(slot, ()):
            self._call(call)
        if slot in self._gets or slot in self._puts or slot in self._instances:
            self.find(slot)

    # What is known from the start

    def _flow(self, sketch: Sketch) -> None:
        for source, target in sketch.flows:
            self.lead(source, target, AS_IT_IS)
        for sources, target, ways in sketch.moves:
            for source in sources:
                self.lead(source, target, ways)
        for slot, record, items in sketch.records:
            self.give(slot, self.record(record))
            for key, slots in items.items():
                self.put(record, key, slots)
        for sources, key, target in (*sketch.picks, *sketch.gets):
            for source in sources:
                self.each_record(source, partial(self._pick, key, target))

    def _pick(self, key: Key, target: Slot, record: str) -> None:
        self.connect((item(record, key),), target)

    def _locate(self, sketch: Sketch) -> None:
        for slots, target in sketch.bare:
            for slot in slots:
                self.mark(slot, target, DATA, LOCKLESS)
        for slots, target in sketch.makes:
            site = self.site(f"!made {target}")
            for slot in slots:
                self.mark(slot, target, DATA | LOCKS, site)

    def _make(self, sketch: Sketch) -> None:
        for slots, name, target in sketch.made:
            for maker, made in ((LIBRARY | FORKING, MADE), (MANAGER, MANAGED)):
                for slot in slots if name in made else ():
                    self.mark(slot, target, maker, made[name])
        for objects, got in sketch.items:
            for slot in objects:
                self.mark(slot, got, DATA, PART, unless=PROXY)
                self.mark(slot, got, DATA, READ)
        for objects, part in sketch.derived:
            for slot in objects:
                self.mark(slot, part, _BESTOWED)
                self.mark(slot, part, DATA, READ)

    def _derive(self, sketch: Sketch) -> None:
        """What is made of shared memory: numbers that are read, methods that are not called."""
        for methods, flag in ((sketch.takes, TAKING), (sketch.frees, FREEING)):
            for objects, method in methods:
                for slot in objects:
                    self.mark(slot, method, DATA | LOCKS, flag)
        for objects, loaded in sketch.loads:
            for slot in objects:
                self.mark(slot, loaded, DATA, READ)

    def _hold(self, sketch: Sketch) -> None:
        """An object holds what is in its attributes; so do its bound methods."""
        for objects, attributes in sketch.held_by:
            for attribute in attributes:
                self.lead(attribute, SOME_ATTRIBUTE, AS_IT_IS | NAMELESS)
                for one in objects:
                    self.mark_deep(attribute, one, _HELD, HOLDER)
        for begun, given in sketch.partials:
            for slot in given:
                self.mark_deep(slot, begun, _HELD, HOLDER)
        for kind in (one for one in sketch.classes if not self._pickles(one, set())):
            own = [member(kind.name, name) for name in (*kind.stored, *kind.fields)]
            for attribute in (*own, *map(result, kind.bases)):
                for holder in (
                    result(kind.name),
                    *(member(kind.name, one) for one in kind.methods),
                ):
                    self.mark_deep(attribute, holder, _HELD, HOLDER)

    def _pickles(self, kind: Class, seen: set[str]) -> bool:
        """Whether a class says itself what of its objects is sent."""
        seen.add(kind.name)
        above = [one for base in {*kind.bases} - seen for one in self._classes.get(base, ())]
        own = not _PICKLING.isdisjoint(kind.methods)
        return own or any(self._pickles(one, seen) for one in above)

    def _begin(self, sketches: Sequence[Sketch]) -> None:
        for seed, bits in SEEDS.items():
            self.give(seed, bits)
        for name in self._taken:
            self.lead(result(name), _ANY_RESULT, AS_IT_IS)
            for function in self._defined[name]:
                for parameter in function.parameters:
                    self.lead(_ANY_GIVEN, (function.scope, parameter), ANY_WAY & ~SPILLED)
        for sketch in sketches:
            self._name_all(sketch)
            self._await_all(sketch)

    def _name_all(self, sketch: Sketch) -> None:
        for place in sketch.modules:
            self.give(place, MODULE)
        for place in sketch.foreign:
            self.give(place, FOREIGN)
        for place, name in sketch.names:
            self.give(place, self.encoded((name,)))

    def _await_all(self, sketch: Sketch) -> None:
        joint = {one.result: one for one in sketch.joint}
        for call in sketch.calls:
            self.callers[call.result] = call
            if call.result in joint:
                self._divide(call, joint[call.result])
            else:
                self._await(call)

    def _await(self, call: Call) -> None:
        for slot in {*call.function, *self._all_given(call)} - {NUMBER}:
            self._calls[slot].append(call)

    def _divide(self, call: Call, joint: Joint) -> None:
        """What came together is called together; so is what did not come in records."""

        def follow(record: str) -> None:
            part = _part(call, joint, partial(item, record))
            self._await(part)
            self._pending.update(dict.fromkeys(part.function))

        loose = _part(call, joint, lambda key: f"!loose {call.result} {key}")
        for key in (joint.function, *joint.spread, *joint.named):
            for slot in joint.slots:
                self.lead(slot, f"!loose {call.result} {key}", PICKED)
        self._await(loose)
        for slot in joint.slots:
            self.each_record(slot, follow)

    # Calls

    def _call(self, call: Call) -> None:
        called = self.tokens(call.function)
        self.give(call.result, self.held(self._all_given(call)) & READ)
        if self._is_any(called):
            self._hand_to_any(call)
        else:
            for name in self.decoded(self._news(call, called)):
                self._bind(call, name)
        if call.name == _PARTIAL and not called:
            self._begin_with(call)
        elif self._hands(call) and not self._is_plain(called):
            self._hand_all(call)
        if not called:
            self._elsewhere(call)
        elif call.name in FILLS:
            self._fill(call)

    def _is_any(self, tokens: int) -> bool:
        """Whether these are more than can be told apart."""
        return bool(tokens & self._any) or tokens.bit_count() > _MOST

    def _hands(self, call: Call) -> bool:
        """Whether a call is known to call what it is given."""
        given = {key for key, _ in call.keywords}
        known = call.name in _HANDING or call.name.endswith(_STARTERS)
        return known or not given.isdisjoint(_LATER)

    def _is_plain(self, called: int) -> bool:
        """Whether these are nothing but classes that say how their objects are made."""
        owners = [self._owner(name) for name in self.decoded(called)]
        return bool(owners) and all(owner and self._is_whole(owner, set()) for owner in owners)

    def _is_whole(self, owner: str, seen: set[str]) -> bool:
        seen.add(owner)
        bases = {base for one in self._classes[owner] for base in one.bases} - {"object"} - seen
        return member(owner, "__init__") in self._defined or all(
            base in self._classes and self._is_whole(base, seen) for base in bases
        )

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
        if key in self._done:
            return False
        self._done.add(key)
        return True

    def _bind(self, call: Call, name: str) -> None:
        """A function gets its arguments; a class, for its instance."""
        function, makes = plain(name), call.name == _ANY_CLASS
        owner = self._owner(function)
        if owner and (makes or owner == function):
            unseen = [
                base for one in self._classes[owner] for base in self.construct(call, one, set())
            ]
            if unseen:
                self._elsewhere(call)
            self.connect((result(owner),), call.result)
        for run in self.runs(function, makes=makes) if makes or owner != function else ():
            for one in self._defined[run]:
                self.pass_all(call, one, name)
            self.connect((result(run),), call.result)

    def _hand_all(self, call: Call) -> None:
        """Functions that are given away along with other things may be called with them."""
        later = {slot for key, slots in call.keywords if key in STAYING for slot in slots}
        given = tuple(x for x in (*self._all_given(call), *self._merged(call)) if x not in later)
        first = self._first(call, given)
        handed = self.tokens(first)
        if self._is_any(handed):
            self._hand_to_any(call)
            return
        others = tuple(slot for slot in given if slot not in first) if first != given else given
        for name in self.decoded(self._news(call, handed, "given")):
            self._hand(call, name, others)

    def _merged(self, call: Call) -> Slots:
        """What is given by `**more`."""
        more = [slot for key, slots in call.keywords if not key for slot in slots]

        def follow(record: str, key: Key) -> None:
            self._calls[item(record, key)].append(call)
            self._pending[item(record, key)] = None

        if more and self._once(call, "merged"):
            self.each_item(more, follow)
        return tuple(
            item(record, key) for record in self.records(more) for key in self._keys[record]
        )

    def _first(self, call: Call, given: Slots) -> Slots:
        """Where that is which is called: `target=`, `initializer=`, what stands in front, or anything."""
        named = [slot for key, slots in call.keywords if key in _LATER for slot in slots]
        more = [slot for key, slots in call.keywords if not key for slot in slots]
        named += [item(record, key) for record in self.records(more) for key in _LATER]
        places = (tuple(named), *call.positional)
        return next((slots for slots in places if self.tokens(slots)), given)

    def _hand_to_any(self, call: Call) -> None:
        """Too many functions to tell them apart: any that is not only called may be meant."""
        if self._once(call, "any"):
            self._launched.append((call, self._taken))
            self.connect(self._all_given(call), _ANY_GIVEN, ANY_WAY)
            self.connect((_ANY_RESULT,), call.result)

    def _hand(self, call: Call, name: str, given: Slots) -> None:
        """`args=(hits, lock)` are given one by one, and so is what is iterated over."""
        runs = self.runs(plain(name), makes=False)
        self._launched.append((call, runs))
        inner = f"!items {id(call)}"
        self.connect(given, inner, PICKED)
        packed = {slot for key, slots in call.keywords if key in PACKED for slot in slots}
        single = [slot for slot in given if slot not in packed]
        for function in (function for run in runs for function in self._defined[run]):
            self._place_anywhere(function, single, AS_IT_IS | INTO | PICKED)
            self._place_anywhere(function, (inner,), AS_IT_IS)
            self.each_item((*given, inner), partial(self._hand_item, function, name))
        if not call.name.endswith(_STARTERS):
            for one in (*runs, *filter(None, (self._owner(name),))):
                self.connect((result(one),), call.result, AS_IT_IS | INTO)

    def launched(self, *, forked: bool = False) -> Iterator[tuple[Slots, Iterable[str]]]:
        """What processes, or threads, are given, and what they run; not those that are surely forked."""
        for call, runs in self._launched:
            if _launches(call) and (forked or not self._forks(call)):
                yield self._all_given(call), runs

    def threaded(self, callers: set[str]) -> set[str]:
        """What threads run that some functions start."""
        started = (runs for call, runs in self._launched if call.caller in callers)
        return {name for runs in started for name in runs}

    def _forks(self, call: Call) -> bool:
        """Whether what a call starts surely has all that its parent had."""
        return self.held(call.function) & (FORKING | SPAWNING) == FORKING

    def _hand_item(self, function: Function, name: str, record: str, key: Key) -> None:
        slots = (item(record, key),)
        if isinstance(key, str):
            self._name(function, key, slots)
        elif SOME in name:
            self._place_anywhere(function, slots, AS_IT_IS)
        else:
            self._place(function, key + name.count(BEGUN), slots, bound=None)

    def _elsewhere(self, call: Call) -> None:
        """What we know of code that we don't see."""
        self.give(call.result, self.held(call.function) & FOREIGN)
        if not self._once(call, "elsewhere"):
            return
        if call.name in _PASSING:
            ways = ANY_WAY if call.name in _TURNING else AS_IT_IS
            if call.name not in _ORDERED:
                ways = ways & ~RECORDS | UNORDERED
            self.connect(self._all_given(call), call.result, ways)
            self._label(call)
        if call.name in FILLS:
            self._label(call)
            self._fill(call)

    def _begin_with(self, call: Call) -> None:
        """A partial is the function with some more arguments."""
        functions = self.tokens(call.positional[0] if call.positional else ())
        count = SOME if call.spread else BEGUN * (len(call.positional) - 1)
        if self._is_any(functions):
            self.give(call.result, self._any)
            self._hand_to_any(call)
            return
        for name in self.decoded(self._news(call, functions, "begun")):
            self.give(call.result, self.encoded((begin(name, count),)))
            for run in self.runs(plain(name), makes=False):
                for function in self._defined[run]:
                    self.pass_all(_later(call), function, name)

    def _label(self, call: Call) -> None:
        """What is given by a name becomes an attribute, or an item, of that name."""
        for key, slots in call.keywords:
            if key:
                self.spread(slots, key)
            else:
                self.connect(slots, call.result)

    def _fill(self, call: Call) -> None:
        for slot in call.receiver:
            for ways, given in self._filled(call):
                self.connect(given, slot, ways)

    def _filled(self, call: Call) -> Iterator[tuple[int, Slots]]:
        """`update` and `extend` put in what is in what they are given."""
        named = tuple(slot for key, slots in call.keywords if key for slot in slots)
        merged = tuple(slot for slot in self._all_given(call) if slot not in named)
        yield INTO, named
        yield _MERGES.get(call.name, INTO), merged


def _launches(call: Call) -> bool:
    """Whether a call may start processes: `Process(…)`, `pool.map(…)`; not the `map` of Python's own."""
    on_pool = call.name in _HANDING and (call.name not in HANDING_ON or bool(call.receiver))
    unknown = not call.name.endswith(THREADS) and any(key == "target" for key, _ in call.keywords)
    return on_pool or unknown or call.name == "__init__" or call.name.endswith(LAUNCHES)


def _part(call: Call, joint: Joint, where: Callable[[int], Slot]) -> Call:
    """The call of what is at the places of what came together."""
    spread = tuple((0, (where(key),)) for key in joint.spread)
    named = tuple(("", (where(key),)) for key in joint.named)
    positional = tuple(NONE for _ in spread)
    function = (where(joint.function),)
    return replace(call, function=function, positional=positional, spread=spread, keywords=named)


def _later(call: Call) -> Call:
    """What a partial begins to call."""
    spread = tuple((index - 1, slots) for index, slots in call.spread)
    return replace(call, name="", positional=call.positional[1:], spread=spread, bound=None)


def _given(call: Call) -> Slots:
    """All that a call is given."""
    found = [slot for slots in call.positional for slot in slots]
    found.extend(slot for _, slots in call.keywords for slot in slots)
    return tuple(found)
