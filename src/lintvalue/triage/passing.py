"""What functions get that are called."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.members import Members
from lintvalue.triage.sketch import MADE_BY
from lintvalue.triage.slots import (
    ANY_WAY,
    AS_IT_IS,
    INTO,
    PICKED,
    PLAIN,
    item,
    last,
    member,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.sketch import Call, Class, Function, Sketch
    from lintvalue.triage.slots import Key, Slot, Slots

# A function has one of these behind its name for each argument that it is given already, or the other
# one if nobody knows how many.
BEGUN, SOME = "*", "~"
_MOST_BEGUN = 8


class Passing(Members):
    """Leads arguments to parameters."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        super().__init__(sketches)
        self._defined: dict[str, list[Function]] = defaultdict(list)
        for function in (function for sketch in sketches for function in sketch.functions):
            self._defined[function.name].append(function)
            self._prepare(function)

    def _prepare(self, function: Function) -> None:
        """A method gets an instance of its class; what has no parameter comes as a record."""
        if function.owner and function.positional:
            first = function.scope, function.positional[0]
            self.connect((result(function.owner),), first)
            if first[1] == "cls":
                self.give(first, self.encoded((function.owner,)))
        for name in function.rest:
            self.give((function.scope, name), self.record(_rest(function, name)))

    def runs(self, name: str, *, makes: bool) -> list[str]:
        """The functions that run where something is called. `makes`: an object stands for its class."""
        if name in self._defined:
            return [name]
        owner = self._owner(name)
        special = MADE_BY if makes or owner == name else ("__call__",)
        return [run for one in special for run in self.related(owner, one)] if owner else []

    def pass_all(self, call: Call, function: Function, name: str) -> None:
        """A function gets the arguments; `name` tells how many it has, "" that it makes its object."""
        exact = last(plain(name)) == call.name
        bound = True if not name else call.bound if exact else None
        first = call.spread[0][0] if call.spread else len(call.positional)
        begun = name.count(BEGUN)
        for index, slots in enumerate(call.positional):
            if index < first and SOME not in name:
                self._place(function, index + begun, slots, bound=bound)
            elif index not in dict(call.spread):
                self._place_anywhere(function, slots, AS_IT_IS)
        for index, slots in call.spread:
            known = index + begun if index == first and SOME not in name else None
            self._spread(function, slots, known, bound=bound)
        for key, slots in call.keywords:
            if key:
                self._name(function, key, slots)
            else:
                self._merge(function, slots)

    def _place(self, function: Function, index: int, slots: Slots, *, bound: bool | None) -> None:
        """A positional argument; `bound` tells if a method has its object."""
        first, last = index, index + 1
        if function.owner and bound is not False:
            last += 1
            first += bound is True and not function.decorated
        if function.has_object:
            first = max(first, 1)
        names = function.positional
        for one in names[first:last]:
            self.connect(slots, (function.scope, one))
        for place in range(max(first, len(names)), last) if function.spread else ():
            self.put(_rest(function, function.spread), place - len(names), slots)

    def _place_anywhere(self, function: Function, slots: Iterable[Slot], ways: int) -> None:
        """An argument of which nobody knows where it goes."""
        for one in function.parameters:
            into = INTO if one in function.rest and ways & PLAIN else 0
            self.connect(slots, (function.scope, one), ways | into)

    def _spread(
        self, function: Function, slots: Slots, start: int | None, *, bound: bool | None
    ) -> None:
        """`*more`, which starts at a place, or nobody knows where."""
        self._place_anywhere(function, slots, PICKED)

        def pick(record: str, key: Key) -> None:
            if isinstance(key, str) or start is None:
                self._place_anywhere(function, (item(record, key),), AS_IT_IS)
            else:
                self._place(function, start + key, (item(record, key),), bound=bound)

        self.each_item(slots, pick)

    def _name(self, function: Function, key: str, slots: Slots) -> None:
        """A named argument."""
        if key in function.parameters and key not in function.rest:
            self.connect(slots, (function.scope, key))
        elif function.named:
            self.put(_rest(function, function.named), key, slots)

    def _merge(self, function: Function, slots: Slots) -> None:
        """`**more`."""
        self._place_anywhere(function, slots, PICKED)

        def pick(record: str, key: Key) -> None:
            if isinstance(key, str):
                self._name(function, key, (item(record, key),))

        self.each_item(slots, pick)

    def construct(self, call: Call, one: Class, seen: set[str]) -> list[str]:
        """An instance gets its arguments; the bases are told that nobody can see."""
        seen.add(one.name)
        inits = self._defined.get(member(one.name, "__init__"), ())
        for function in (*inits, *self._defined.get(member(one.name, "__new__"), ())):
            self.pass_all(call, function, "")
        for field in one.fields:
            for slots in (*call.positional, *(slots for _, slots in call.keywords)):
                self.connect(slots, member(one.name, field), ANY_WAY)
        above = {*one.bases} - seen if not inits else set()
        unseen = [base for base in above if base not in self.classes]
        for base in above:
            for other in self.classes.get(base, ()):
                unseen += self.construct(call, other, seen)
        return unseen


def _rest(function: Function, name: str) -> str:
    """The record of what a function gets without parameters of their own."""
    return f"#{function.scope}{name}"


def begin(name: str, count: str) -> str:
    """The name of a function that has some more of its arguments."""
    more = name + count
    return plain(name) + SOME if more.count(BEGUN) > _MOST_BEGUN else more


def plain(name: str) -> str:
    """The name of a function without what tells of its arguments."""
    return name.rstrip(BEGUN + SOME)
