"""What calls lead to: of functions in sight, and of code that nobody sees."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lintvalue.model.lean import replace
from lintvalue.triage.handing import PARTIAL, STARTERS, Handing, launches
from lintvalue.triage.passing import BEGUN, SOME, begin, plain
from lintvalue.triage.sketch import FILLS
from lintvalue.triage.slots import (
    ANY_WAY,
    AS_IT_IS,
    AWAY,
    FOREIGN,
    FORKING,
    INTO,
    LIBRARY,
    NONE,
    NUMBER,
    PICKED,
    READ,
    RECORDS,
    SPAWNING,
    UNORDERED,
    item,
    result,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lintvalue.triage.sketch import Call, Joint, Sketch
    from lintvalue.triage.slots import Slot, Slots

# What is not the same in another order.
_ORDERED = frozenset(
    {"list", "tuple", "copy", "deepcopy", "dict", "OrderedDict", "get", "pop", "getattr"}
)
# How those get what they are given into their object that do not put it in as it is.
_MERGES = {"extend": UNORDERED, "update": AS_IT_IS}
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
_KEEPING = _PASSING | FILLS | {PARTIAL}
# The name that a class may have where it is called without its own.
_ANY_CLASS = "cls"


class Calling(Handing):
    """Follows calls as soon as something new is in what they call, or in what they are given."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        super().__init__(sketches)
        self.callers: dict[Slot, Call] = {}  # the call that each result is of
        self.awaited: list[Call] = []  # also those of what came together

    def called(self, call: Call) -> set[str]:
        """The functions that a call may call, now or by what it is given."""
        handed = [slot for slots in call.positional for slot in slots] if call.name == "map" else ()
        tokens = self.tokens((*call.function, *handed))
        if not tokens:
            return set()
        if self._is_any(tokens):
            return self._taken
        makes = call.name == _ANY_CLASS
        return {one for name in self.decoded(tokens) for one in self.runs(plain(name), makes=makes)}

    def is_own(self, function: Slots) -> bool:
        """Whether what is called is surely none of the library's, and no pool's."""
        out_of_sight = FOREIGN | FORKING | LIBRARY | SPAWNING
        return bool(self.tokens(function)) and not self.held(function) & out_of_sight

    def keeps_a_read(self, sketch: Sketch) -> bool:
        """Whether what was read is kept in a tuple or a partial, or given to another process or thread."""
        kept = [*sketch.kept]
        for call in sketch.calls:
            given = self.given(call)
            if call.name == PARTIAL or launches(call) or call.name.endswith(STARTERS):
                if self.content(given) & READ:
                    return True
            elif call.name in FILLS:
                kept.append(given)
        return any(self.content(map(whole, self.stowed(slots))) & READ for slots in kept)

    def await_all(self, sketch: Sketch) -> None:
        joint = {one.result: one for one in sketch.joint}
        for call in sketch.calls:
            self.callers[call.result] = call
            if call.result in joint:
                self._divide(call, joint[call.result])
            else:
                self._await(call)

    def _await(self, call: Call) -> None:
        """What is given only matters if it may be called, or kept."""
        self.awaited.append(call)
        matters = call.name in _KEEPING or self._hands(call)
        given = {*self.given(call)} - {NUMBER} if matters else ()
        for slot in {*call.function, *given}:
            self._calls[slot].append(call)

    def _await_given(self, call: Call) -> None:
        """Follow a call again with what it is given, now that this matters."""
        for slot in self.given(call):
            self._calls[slot].append(call)
            self._pending[slot] = None

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

    def keep_all(self, sketches: Iterable[Sketch]) -> None:
        """Lead on what nobody in sight is given to, though nothing is there so far."""
        for sketch in sketches:
            for call in sketch.calls:
                if call.name in _KEEPING and not self.tokens(call.function):
                    self._elsewhere(call)

    def follow(self, call: Call) -> None:
        called = self.tokens(call.function)
        if self._is_any(called):
            self._hand_to_any(call)
        else:
            for name in self.decoded(self._news(call, called)):
                self._bind(call, name)
        if call.name == PARTIAL and not called:
            self._begin_with(call)
        elif self._hands(call) and not self._is_plain(called):
            if self.sends(call) and self._once(call, "sends"):
                self._await_given(call)
            self._hand_all(call)
        if not called:
            self._elsewhere(call)
        elif call.name in FILLS:
            self._fill(call)

    def _bind(self, call: Call, name: str) -> None:
        """A function gets its arguments; a class, for its instance."""
        function, makes = plain(name), call.name == _ANY_CLASS
        owner = self._owner(function)
        if owner and (makes or owner == function):
            unseen = [
                base for one in self.classes[owner] for base in self.construct(call, one, set())
            ]
            if unseen:
                self._elsewhere(call)
            self.connect((result(owner),), call.result)
        for run in self.runs(function, makes=makes) if makes or owner != function else ():
            for one in self._defined[run]:
                self.pass_all(call, one, name)
            self.connect((result(run),), call.result)

    def _elsewhere(self, call: Call) -> None:
        """What we know of code that we don't see."""
        self.give(call.result, self.held(call.function) & AWAY)
        if not self._once(call, "elsewhere"):
            return
        if call.name in _PASSING:
            self._take_names(call)
            ways = ANY_WAY if call.name in _TURNING else AS_IT_IS
            if call.name not in _ORDERED:
                ways = ways & ~RECORDS | UNORDERED
            self.connect(self.given(call), call.result, ways)
            self._label(call)
        if call.name in FILLS:
            self._label(call)
            self._fill(call)

    def _begin_with(self, call: Call) -> None:
        """A partial is the function with some more arguments."""
        begun = call.positional[0] if call.positional else ()
        functions = self.tokens(begun)
        self.give(call.result, self.held(begun) & AWAY)
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

    def _take_names(self, call: Call) -> None:
        """What is given by a name lies under it in what is made."""
        named = {key: slots for key, slots in call.keywords if key}
        if named:
            record = f"#{call.result}"
            self.give(call.result, self.record(record))
            for key, slots in named.items():
                self.put(record, key, slots)

    def _fill(self, call: Call) -> None:
        for slot in call.receiver:
            for ways, given in self._filled(call):
                self.connect(given, slot, ways)

    def _filled(self, call: Call) -> Iterator[tuple[int, Slots]]:
        """`update` and `extend` put in what is in what they are given."""
        named = tuple(slot for key, slots in call.keywords if key for slot in slots)
        merged = tuple(slot for slot in self.given(call) if slot not in named)
        yield INTO, named
        yield _MERGES.get(call.name, INTO), merged


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
