"""What else must be read to know all that is done to what some pieces of a project make.

What is left unread makes nothing shared. It comes to what others make by a name that leads to it, or since
it is handed to it. A method needs its object, so it is enough to ask who names what modules export; that
others name a class, or a function that has to do with something shared, counts as well.
"""

from __future__ import annotations

import builtins
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field
from lintvalue.triage.handing import PARTIAL
from lintvalue.triage.passing import plain
from lintvalue.triage.sketch import FILLS
from lintvalue.triage.slots import (
    CELL,
    DATA,
    FOREIGN,
    FORKING,
    FREEING,
    HOLDER,
    INHERITED,
    LIBRARY,
    LOCKS,
    MADE,
    MANAGER,
    NUMBER,
    OUTER,
    PART,
    PLAIN,
    PROXY,
    READ,
    SPAWNING,
    TAKING,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeGuard

    from lintvalue.triage.flow import Flow
    from lintvalue.triage.sketch import Call, Function, Sketch
    from lintvalue.triage.slots import Slot, Slots

# What must not get to others, and what leads to it.
_OURS = DATA | PROXY | PART | LOCKS | HOLDER | MANAGER | TAKING | FREEING
_IN_REACH = INHERITED | HOLDER
_LIBRARYS = LIBRARY | FORKING | SPAWNING | MANAGER
# What is called, if it is nobody's in sight: code that has nothing to do with the project, or ours.
_KNOWN = _OURS | _LIBRARYS | FOREIGN
_MAKERS = frozenset(name for name, bits in MADE.items() if bits & (DATA | LOCKS | MANAGER))
# What was read, and processes.
_TOLD = READ | FORKING | SPAWNING
# Methods of containers, and functions of Python's own. What others have written is told by its flag.
_PLAIN = FILLS | frozenset(dir(builtins))


@dataclass(slots=True)
class Wanted:
    """What must be read, too: whoever mentions a name, what defines one, and where that is imported from.

    `starting`: whoever starts processes, too, since something is in reach of all. `open`: something of ours
    gets to what is not read. If nothing is found that is wanted, all is.
    """

    mentioned: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    starting: bool = False
    open: bool = False


def wanted(sketches: Sequence[Sketch], flow: Flow) -> Wanted:
    """What else must be read of a project, a part of which was."""
    return _Apart(sketches, flow).wanted()


def involved(sketches: Sequence[Sketch], flow: Flow) -> Wanted:
    """What else has a part in what is wrong: what reads are given to, and what is held meanwhile."""
    return _Apart(sketches, flow, _TOLD).wanted()


class _Apart:
    def __init__(self, sketches: Sequence[Sketch], flow: Flow, told: int = 0) -> None:
        self._sketches = sketches
        self._told = told  # what does no harm to others, but they may to it
        self._flow = flow
        self._insides = _Insides(one for sketch in sketches for one in sketch.functions)
        self._members = set().union(*(one.members for one in sketches))
        self._heirs: dict[str, set[str]] = defaultdict(set)  # the classes that are made of one
        for name in flow.classes:
            for base in flow.named((result(name),)):
                self._heirs[base].add(name)
        self._variants: dict[str, set[str]] = defaultdict(set)  # with arguments that are there
        for name in flow.names():
            self._variants[plain(name)].add(name)
        # Of what is ours, holds it, or is a function or a class that deals with it.
        self._bits = _OURS
        self._content = {slot: flow.all_in(slot) for slot in flow.slots()}
        self._left = list(self._content)
        self._touched: set[Slot] = set()
        self._built: set[str] = set()  # classes that are given something of ours
        self._found = Wanted()

    def wanted(self) -> Wanted:
        known = 0
        while self._bits != known:
            known = self._bits
            self._spread()
            unknown = self._leading(self._unknown())
            self._touch(unknown)
            self._found.mentioned.update(filter(str.isidentifier, filter(_is_text, unknown)))
            # Others may put something there by another name for it.
            self._found.mentioned.update(_exported(self._flow.following(unknown, PLAIN)))
        self._found.mentioned.update(_exported(self._touched))
        for one in self._sketches:
            self._found.mentioned.update(x for _, x, put in one.puts if self._is_ours((put,)))
        everywhere = (slots for one in self._sketches for slots in one.everywhere)
        self._found.starting = any(self._flow.content(slots) & _IN_REACH for slots in everywhere)
        return self._found

    def _leading(self, slots: Iterable[Slot]) -> set[Slot]:
        """Where what others give may lie, if that is what gets to some slots."""
        known = {*slots}
        if known:
            self._flow.keep_all(self._sketches)
        return self._flow.leading(known)

    # What deals with something of ours

    def _spread(self) -> None:
        """Touch what has something of ours in it, until nothing changes."""
        known = 0
        while self._bits != known:
            known = self._bits
            self._touch([slot for slot in self._left if self._content[slot] & known])

    def _touch(self, slots: Iterable[Slot]) -> None:
        new = {*slots} - self._touched
        self._touched |= new
        self._left = [slot for slot in self._left if slot not in new]
        for slot in new:
            self._bits |= self._flow.encoded(self._around(slot))

    def _around(self, slot: Slot) -> Iterator[str]:
        """What one comes by to a slot: functions, records, classes and their instances."""
        if isinstance(slot, tuple):
            for function in self._insides.around(slot[0]):
                yield from self._with_class(function.name)
        elif slot.startswith("#"):
            yield slot.partition("[")[0]
        else:
            yield from self._with_class(slot.removesuffix("()"))

    def _with_class(self, name: str) -> Iterator[str]:
        yield from self._variants.get(name, ())
        owner, _, attribute = name.partition(".")
        # What a class only has for others that it is related to leads to none of its own objects.
        if owner in self._flow.classes and (not attribute or (owner, attribute) in self._members):
            yield from self._made_of(owner, set())

    def _made_of(self, owner: str, seen: set[str]) -> Iterator[str]:
        """A class, what inherits from it, and their objects."""
        seen.add(owner)
        yield from (owner, result(owner))
        for heir in self._heirs[owner] - seen:
            yield from self._made_of(heir, seen)

    def _is_ours(self, slots: Iterable[Slot]) -> bool:
        return any(self._content.get(slot, 0) & self._bits for slot in slots)

    # How others may have a part in it

    def _unknown(self) -> Iterator[Slot]:
        """Where something lies that is called with something of ours, or to make it, and nobody knows it."""
        for one in self._sketches:
            for call in one.calls:
                yield from self._called(one, call)
            for base, name, _ in one.made:
                if name in _MAKERS:
                    yield from self._unseen(one, base)
            for place, slots in one.rebound:  # by what may be a number
                if self._flow.held(self._flow.put_in(place)) & CELL:
                    yield from self._unseen(one, slots)
            if self._told:
                yield from self._involved(one)
        yield from self._bases()

    def _called(self, one: Sketch, call: Call) -> Iterator[Slot]:
        given = self._flow.given(call)
        if self._is_ours(given) or self._is_told(given):
            yield from self._keeps(one, call)
        elif call.name in _MAKERS:
            yield from self._unseen(one, call.function)
        elif call.name == PARTIAL and call.positional and self._deals(call.caller):
            yield from self._unseen(one, call.positional[0])
        if self._flow.held(call.function) & DATA:  # the type of what is made
            yield from self._unseen(one, given)

    def _deals(self, function: str) -> bool:
        """Whether a function deals with something of ours."""
        return bool(self._flow.encoded(self._variants[function]) & self._bits)

    def _is_told(self, slots: Slots) -> bool:
        return bool(self._told and self._flow.content(slots) & self._told)

    def _involved(self, one: Sketch) -> Iterator[Slot]:
        """What `with` enters, and locks that are taken; and what gets processes as attributes."""
        entered = ((slots, who) for who, slots in one.entering)
        for slots, who in (*one.takers, *entered):
            if self._deals(who):
                yield from self._unseen(one, slots)
        for base, _, put in one.puts:
            if self._is_ours((put,)) or self._is_told((put,)):
                yield from self._unseen(one, base)

    def _keeps(self, one: Sketch, call: Call) -> Iterator[Slot]:
        """What may be called where something of ours is given."""
        held, called = self._flow.held(call.function), self._flow.named(call.function)
        given = self._flow.given(call)
        names = {plain(name).removesuffix("()") for name in called or self._flow.named(given)}
        self._built |= names & self._flow.classes.keys()
        # What others call along with it, such as a partial, is among what is given.
        if (held | (0 if called else self._flow.held(given))) & OUTER:
            self._want_named(one)
        if self._flow.hands_to_others(call):
            yield from given
            self._want_named(one)
        if not called and not held & _KNOWN and call.name not in _PLAIN:
            yield from call.function

    def _bases(self) -> Iterator[Slot]:
        """Where that lies which classes are made of that deal with something of ours."""
        lineage = self._lineage()
        for one in self._sketches:
            made = {
                result(kind.name) for kind in one.classes if kind.name in lineage and kind.bases
            }
            for source, target in one.flows if made else ():
                if target in made:
                    yield from self._unseen(one, (source,))

    def _lineage(self) -> set[str]:
        """The classes that deal with something of ours, and all that they are made of."""
        found = {name for name in self._flow.classes if self._flow.encoded((name,)) & self._bits}
        pending = [*(found := found | self._built)]
        while pending:
            above = {base for kind in self._flow.classes[pending.pop()] for base in kind.bases}
            more = (above & self._flow.classes.keys()) - found
            found |= more
            pending.extend(more)
        return found

    def _unseen(self, one: Sketch, slots: Slots) -> Iterator[Slot]:
        """Some slots, if nobody knows what is in them; what others have there is read."""
        held = self._flow.held(slots)
        if held & OUTER:
            self._want_named(one)
        if not held & _KNOWN and not self._flow.named(slots):
            yield from (slot for slot in slots if slot != NUMBER)

    def _want_named(self, one: Sketch) -> None:
        """What a file names may be what something of ours gets to."""
        names = one.named.union(call.name for call in one.calls)
        self._found.defined |= names
        near = (x for x in one.borrowed if x.slot in one.outer)
        self._found.files.update(x.path for x in near if not names.isdisjoint(x.names))
        self._found.open = True


def _exported(slots: Iterable[Slot]) -> Iterator[str]:
    """The names under which modules have some of these."""
    return (slot[1:] for slot in slots if _is_text(slot) and slot[:1] == ".")


def _is_text(slot: Slot) -> TypeGuard[str]:
    return isinstance(slot, str)


class _Insides:
    """Functions by the numbers of what is in them."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self._functions = sorted(functions, key=lambda one: one.scope)
        self._starts = [one.scope for one in self._functions]
        self._outer: list[int] = []  # the place of the one around each, or -1
        for at, function in enumerate(self._functions):
            self._outer.append(self._inmost(at - 1, function.scope))

    def around(self, number: int) -> Iterator[Function]:
        """All functions that something lies in."""
        at = self._inmost(bisect_right(self._starts, number) - 1, number)
        while at >= 0:
            yield self._functions[at]
            at = self._outer[at]

    def _inmost(self, at: int, number: int) -> int:
        """The place of the first one, from there outwards, that a number is in."""
        while at >= 0 and self._functions[at].end <= number:
            at = self._outer[at]
        return at
