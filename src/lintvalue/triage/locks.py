"""Locks that are taken twice, or kept, or that processes find without having been given them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.slots import (
    FREEING,
    INHERITED,
    LOCK,
    LOCKS,
    MEMORY,
    SEEDS,
    SOME_ATTRIBUTE,
    SPAWNING,
    TAKING,
    last,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.callers import Callers
    from lintvalue.triage.flow import Flow
    from lintvalue.triage.sketch import Call, Class, Sketch, Taking
    from lintvalue.triage.slots import Slot, Slots


class Locks:
    """Tells locks apart by where they are made."""

    def __init__(self, sketches: Sequence[Sketch], flow: Flow, callers: Callers) -> None:
        self._sketches = sketches
        self._flow = flow
        self._callers = callers
        calls = [call for one in sketches for call in one.calls]
        self._takers = [call for call in calls if flow.held(call.function) & TAKING]
        self._freers = [call for call in calls if flow.held(call.function) & FREEING]
        self._taken = self._by_function((*(one.takers for one in sketches), _users(self._takers)))
        self._takes = callers.gathered(self._taken)
        self._loose = _users(call for call in self._takers if not self._ends(call))
        kept = self._by_function((*(one.takers for one in sketches), self._loose))
        self._keeps = callers.gathered(kept) if self._takers else self._takes

    def doubt(self) -> str:
        checks = (self._kept, self._twice, self._not_given)
        return next((found for check in checks if (found := check())), "")

    def _by_function(self, found: Iterable[Iterable[tuple[Slots, str]]]) -> dict[str, int]:
        """The allocation sites of the locks that each function does something to."""
        sites: dict[str, int] = defaultdict(int)
        for slots, function in (pair for many in found for pair in many):
            sites[function] |= self._flow.sites(slots, INHERITED)
        return sites

    def _kept(self) -> str:
        """A lock that only others release may be meant to be kept."""
        releases = (one.releases for one in self._sketches)
        released = self._by_function((*releases, _users(self._freers)))
        for slots, function in (*(x for one in self._sketches for x in one.leaky), *self._loose):
            sites = self._flow.sites(slots, INHERITED)
            own = self._callers.reached([function])
            here = elsewhere = 0
            for other, locks in released.items():
                here |= locks if other in own else 0
                elsewhere |= locks if other not in own and locks >= 0 else 0
            if sites & (here | ~elsewhere):
                return "a lock that is acquired and not surely released"
        return ""

    def _ends(self, call: Call) -> bool:
        """Whether a `finally` that comes next lets go of what a call has taken."""
        sites = self._flow.sites(call.function, INHERITED)
        final = (slots for one in self._sketches for slots in one.finals.get(call.result, ()))
        return sites >= 0 and any(
            self._flow.held(slots) & FREEING and self._flow.sites(slots, INHERITED) == sites
            for slots in final
        )

    def _twice(self) -> str:
        for call in self._takers:
            others = (one for one in self._takers if one.caller == call.caller and one is not call)
            more = self._by_function((*(one.takers for one in self._sketches), _users(others)))
            if more[call.caller] & self._flow.sites(call.function, LOCK):
                return "a lock that is taken while another is held"
        for taking in (taking for one in self._sketches for taking in one.takings):
            if self._held(taking.held) & self._then(taking):
                return "a lock that is taken while another is held"
        return ""

    def _held(self, slots: Slots) -> int:
        """What is held where something is entered: a lock, what calls one takes, and its context."""
        found = self._flow.sites(slots, LOCK)
        calls = [self._flow.callers[slot] for slot in slots if slot in self._flow.callers]
        for name in {*self._flow.entered(slots), *(x for c in calls for x in self._flow.called(c))}:
            found |= self._keeps.get(name, 0)
        return found

    def _then(self, taking: Taking) -> int:
        found = self._flow.sites(taking.taken, LOCKS)
        if isinstance(taking.called, str):
            names = self._callers.accessors(taking.called)
        else:
            names = self._flow.called(taking.called)
            if taking.called in self._takers:
                found |= self._flow.sites(taking.called.function, LOCKS)
        for name in {*names, *self._flow.entered(taking.taken)}:
            found |= self._takes.get(name, 0)
        return found

    def _not_given(self) -> str:
        """A lock does no harm where no process takes it, or none comes to it by what all can see."""
        if not any(one.starts for one in self._sketches):
            return ""
        everywhere = self._everywhere()
        sites = self._flow.reach(everywhere)
        memory, of_modules = self._memory()
        if sites & of_modules or sites & self._met_by_processes(everywhere, sites & memory):
            return "something shared that is in reach without being handed over"
        return ""

    def _memory(self) -> tuple[int, int]:
        """The allocation sites of memory, and of what modules and classes make themselves."""
        memory = of_modules = 0
        for one in self._sketches:
            bodies = [(function.scope, function.end) for function in one.functions]
            for _, target in one.makes:
                site = self._flow.sites((target,), MEMORY)
                memory |= site
                if site and not (_lies_in(target, bodies) and not _lies_in(target, one.bodies)):
                    of_modules |= site
        return memory, of_modules

    def _everywhere(self) -> dict[Slot, str]:
        """Where globals, attributes of classes and of functions, and defaults lie, and their names."""
        known = (slot for one in self._sketches for slots in one.everywhere for slot in slots)
        found = {slot: _name(slot) for slot in known}
        puts = (entry for one in self._sketches for entry in one.puts)
        return found | {put: name for base, name, put in puts if self._is_definition(base)}

    def _is_definition(self, slots: Slots) -> bool:
        """Whether something may be a class or a function, not an instance."""
        return not all(name.endswith("()") for name in self._flow.named(slots))

    def _met_by_processes(self, everywhere: dict[Slot, str], memory: int) -> int:
        """Locks that processes take, and memory that they may do anything to."""
        running = self._running(called=False)
        found = 0
        for name in running:
            found |= self._taken.get(name, 0)
        found = found and found & self._flow.reach(self._seen(running, everywhere))
        if memory and not found:
            running = self._running(called=True)
            found = memory & self._flow.reach(self._seen(running, everywhere))
        return found

    def _running(self, *, called: bool) -> set[str]:
        """The functions that processes may run, in threads of theirs, too.

        Code that nobody sees calls the methods of what they make, as far as nobody else calls them;
        `called`: or seems to.
        """
        begun = self._flow.launched(forked=False)
        launched = {name for _, functions in begun for name in functions}
        running = self._callers.reached(launched | self._runs())
        while more := (self._flow.threaded(running) | self._made_by(running, called)) - running:
            running = self._callers.reached(running | more)
        return running

    def _made_by(self, running: set[str], called: bool) -> set[str]:
        """The methods of objects that some functions may make."""
        calls = (call for name in running for call in self._callers.calls.get(name, ()))
        found = self._flow.methods_of(slot for call in calls for slot in self._flow.runs_in(call))
        return {name for name in found if called or not self._callers.calling((name,))}

    def _seen(self, running: set[str], everywhere: dict[Slot, str]) -> set[Slot]:
        """The globals, attributes of classes and defaults that some functions use themselves."""
        names = {
            attribute
            for one in self._sketches
            for who, attribute, _ in one.attributes
            if who in running
        }
        if SOME_ATTRIBUTE in names:
            names |= self._callers.texts
        found = {slot for slot, name in everywhere.items() if name in names}
        found |= {slot for name in running for slot in self._flow.closed_over(name)}
        scopes = {f.scope for one in self._sketches for f in one.functions if f.name in running}
        for one in self._sketches:
            known = (everywhere.keys() | _globals(one)) - SEEDS.keys()
            found |= {
                source for source, target in one.flows if source in known and target[0] in scopes
            }
        return found

    def _runs(self) -> set[str]:
        """What processes run that are subclasses of the library's."""
        kinds = [kind for one in self._sketches for kind in one.classes if self._starts(kind)]
        return {name for kind in kinds for name in self._flow.related(kind.name, "run")}

    def _starts(self, kind: Class) -> bool:
        named = any(base.endswith("Process") for base in kind.bases)
        return named or bool(self._flow.held((result(kind.name),)) & SPAWNING)


def _lies_in(slot: Slot, bodies: Iterable[tuple[int, int]]) -> bool:
    """Whether a slot is of what stands between two numbers."""
    number = slot[0]
    return isinstance(number, int) and any(start <= number < end for start, end in bodies)


def _users(calls: Iterable[Call]) -> list[tuple[Slots, str]]:
    """What is called, and by whom."""
    return [(call.function, call.caller) for call in calls]


def _globals(sketch: Sketch) -> set[Slot]:
    """The names of a module and of others, and what they are called in the functions that use them."""
    found: set[Slot] = set()
    # What inner functions use is told before what those around them use.
    for source, target in reversed(sketch.flows):
        if source in found or isinstance(source, str) or source[0] == sketch.number:
            found.add(source)
            if isinstance(source, str) or _name(source) == _name(target):
                found.add(target)
    return found


def _name(slot: Slot) -> str:
    return last(slot) if isinstance(slot, str) else slot[1]
