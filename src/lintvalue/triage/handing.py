"""What is called by code that is given it, and processes that are started with it."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from lintvalue.triage.passing import BEGUN, SOME, Passing, plain
from lintvalue.triage.sketch import HANDING_ON, LAUNCHES, PACKED, STAYING, THREADS
from lintvalue.triage.slots import (
    ANY_WAY,
    AS_IT_IS,
    FORKING,
    INTO,
    OUTER,
    PICKED,
    SENDING,
    SPAWNING,
    item,
    last,
    member,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lintvalue.triage.sketch import Call, Function, Sketch
    from lintvalue.triage.slots import Key, Slot, Slots

# More functions than this in one place are not told apart.
_MOST = 100
PARTIAL = "partial"
ANY_GIVEN, ANY_RESULT = "!given", "!result"
# What a function is called with that is given as one of these.
_LATER = frozenset({"target", "initializer", "function", "func", "fn"})
_BEGUN = frozenset({"target", "initializer"})  # by a process, or a pool
# Code that calls what it is given, whatever functions the project has.
_HANDING = frozenset(
    {
        "map", "filter", "reduce",
        "apply", "apply_async", "map_async", "imap", "imap_unordered", "starmap",
        "starmap_async", "submit", "run_in_executor", "spawn", "start_processes",
    }
)  # fmt: skip
STARTERS = LAUNCHES + THREADS


class Handing(Passing):
    """Follows what is given away along with functions."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        super().__init__(sketches)
        self._launched: list[tuple[Call, Iterable[str]]] = []  # what a call starts a process with
        self._calls: dict[Slot, list[Call]] = defaultdict(list)
        self._any = self.encoded(("<any>",))
        self._followed: dict[tuple[int, str], int] = defaultdict(int)
        self._done: set[tuple[int, str]] = set()
        self._given: dict[int, Slots] = {}
        # Functions that are named elsewhere than where they are called.
        named = set().union(*(one.named for one in sketches))
        self._taken = {name for name in self._defined if last(name) in named}

    def launched(self, *, forked: bool = False) -> Iterator[tuple[Slots, Iterable[str]]]:
        """What processes, or threads, are given, and what they run; not those that are surely forked."""
        for call, runs in self._launched:
            if (launches(call) or self.sends(call)) and (forked or not self._forks(call)):
                yield self.given(call), runs

    def threaded(self, callers: set[str]) -> set[str]:
        """What threads run that some functions start."""
        started = (runs for call, runs in self._launched if call.caller in callers)
        return {name for runs in started for name in runs}

    def _forks(self, call: Call) -> bool:
        """Whether what a call starts surely has all that its parent had."""
        return self.held(call.function) & (FORKING | SPAWNING) == FORKING

    def _is_any(self, tokens: int) -> bool:
        """Whether these are more than can be told apart."""
        return bool(tokens & self._any) or tokens.bit_count() > _MOST

    def _hands(self, call: Call) -> bool:
        """Whether a call is known to call what it is given."""
        given = {key for key, _ in call.keywords}
        known = call.name in _HANDING or call.name.endswith(STARTERS)
        return known or not given.isdisjoint(_LATER) or self.sends(call)

    def sends(self, call: Call) -> bool:
        """Whether a call may be of a method that sends, by whatever name."""
        return bool(self.held(call.function) & SENDING)

    def hands_to_others(self, call: Call) -> bool:
        """Whether nobody knows what is called that a call hands its arguments to."""
        begins = call.name == PARTIAL and bool(call.positional)
        if not (begins or self._hands(call)):
            return False
        first = call.positional[0] if begins else self._first(call, self.given(call))
        return not self.tokens(first) or bool(self.held(first) & OUTER)

    def _is_plain(self, called: int) -> bool:
        """Whether these are nothing but classes that say how their objects are made."""
        names = self.decoded(called)
        return bool(names) and all(
            name == self._owner(name) and self._is_whole(name, set()) for name in names
        )

    def _is_whole(self, owner: str, seen: set[str]) -> bool:
        seen.add(owner)
        bases = {base for one in self.classes[owner] for base in one.bases} - {"object"} - seen
        return member(owner, "__init__") in self._defined or all(
            base in self.classes and self._is_whole(base, seen) for base in bases
        )

    def runs_in(self, call: Call) -> Slots:
        """What is called, and what that may call of what it is given."""
        return (*call.function, *(self.given(call) if self._hands(call) else ()))

    def given(self, call: Call) -> Slots:
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

    def _hand_all(self, call: Call) -> None:
        """Functions that are given away along with other things may be called with them."""
        later = {slot for key, slots in call.keywords if key in STAYING for slot in slots}
        given = tuple(x for x in (*self.given(call), *self._merged(call)) if x not in later)
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
            self.connect(self.given(call), ANY_GIVEN, ANY_WAY)
            self.connect((ANY_RESULT,), call.result)

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
        if not call.name.endswith(STARTERS):
            for one in (*runs, *filter(None, (self._owner(name),))):
                self.connect((result(one),), call.result, AS_IT_IS | INTO)

    def _hand_item(self, function: Function, name: str, record: str, key: Key) -> None:
        slots = (item(record, key),)
        if isinstance(key, str):
            self._name(function, key, slots)
        elif SOME in name:
            self._place_anywhere(function, slots, AS_IT_IS)
        else:
            self._place(function, key + name.count(BEGUN), slots, bound=None)


def launches(call: Call) -> bool:
    """Whether a call may start processes: `Process(…)`, `pool.map(…)`; not the `map` of Python's own."""
    on_pool = call.name in _HANDING and (call.name not in HANDING_ON or bool(call.receiver))
    unknown = not call.name.endswith(THREADS) and any(key in _BEGUN for key, _ in call.keywords)
    return on_pool or unknown or call.name == "__init__" or call.name.endswith(LAUNCHES)


def _given(call: Call) -> Slots:
    """All that a call is given."""
    found = [slot for slots in call.positional for slot in slots]
    found.extend(slot for _, slots in call.keywords for slot in slots)
    return tuple(found)
