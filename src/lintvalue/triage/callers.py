"""Which functions call which, by their names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.slots import DATA, SOME_ATTRIBUTE, last

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lintvalue.triage.flow import Flow
    from lintvalue.triage.sketch import Call, Sketch


class Callers:
    """Who calls which function, makes instances, enters contexts, reads and stores properties."""

    def __init__(self, sketches: Sequence[Sketch], flow: Flow) -> None:
        self._flow = flow
        self._sketches = sketches
        decorated = set().union(*(one.properties for one in sketches))
        self._properties = _by_last(name for name in decorated if "." in name)
        self._functions = _by_last({one.name for sketch in sketches for one in sketch.functions})
        self.texts = set().union(*(one.texts for one in sketches))  # what getattr() may be given
        self._returning = set().union(*(one.returning for one in sketches))
        self._direct: dict[str, set[str]] = defaultdict(set)
        self._aside: dict[str, set[str]] = defaultdict(set)  # by no call that is written out
        self.calls: dict[str, list[Call]] = defaultdict(list)  # of each function
        self._follow()
        self._callees: dict[str, set[str]] = defaultdict(set)
        for called, callers in self._direct.items():
            for caller in callers:
                self._callees[caller].add(called)

    def named(self, name: str) -> set[str]:
        """All functions and methods of a name."""
        return self._functions.get(name, set())

    def of(self, names: Iterable[str]) -> set[str]:
        """Functions of these names, and all that lead to a call of one."""
        return _closed(names, self._direct)

    def calling(self, names: Iterable[str]) -> set[str]:
        """Functions that call one of these themselves."""
        return set().union(*(self._direct[name] for name in names))

    def reached(self, names: Iterable[str]) -> set[str]:
        """Functions of these names, and all that they lead to calls of."""
        return _closed(names, self._callees)

    def gathered(self, sites: Mapping[str, int]) -> dict[str, int]:
        """What functions do to which allocation sites, themselves or by what they lead to calls of."""
        found: dict[str, int] = defaultdict(int, sites)
        pending = list(sites)
        while pending:
            called = pending.pop()
            for caller in self._direct.get(called, ()):
                if found[called] & ~found[caller]:
                    found[caller] |= found[called]
                    pending.append(caller)
        return found

    def calls_aside(self, function: str, names: Iterable[str]) -> bool:
        """Whether a function may call one of these at a time that nobody knows."""
        return any(function in self._aside.get(name, ()) for name in names)

    def telling(self, readers: set[str]) -> set[str]:
        """Functions whose callers learn what they, or others, have read."""
        return (readers | self.told(readers)) & self._returning

    def told(self, readers: set[str]) -> set[str]:
        """Functions that what others read is returned to."""
        found: set[str] = set()
        pending = list(readers & self._returning)
        while pending:
            more = self._direct[pending.pop()] - found
            found |= more
            pending.extend(more & self._returning)
        return found

    def accessors(self, attribute: str) -> set[str]:
        """What reading an attribute, or storing into it, calls."""
        if attribute == SOME_ATTRIBUTE:
            return set().union(*(self._properties.get(name, ()) for name in self.texts))
        return self._properties.get(attribute, set())

    def _follow(self) -> None:
        for one in self._sketches:
            for call in one.calls:
                self.calls[call.caller].append(call)
                for called in self._flow.called(call):
                    self._direct[called].add(call.caller)
        for caller, called in (*self._implied(), *self._left_over()):
            self._direct[called].add(caller)
            self._aside[called].add(caller)

    def _implied(self) -> Iterator[tuple[str, str]]:
        for one in self._sketches:
            for caller, attribute, base in one.attributes:
                if not self._flow.held(base) & DATA:
                    yield from ((caller, name) for name in self.accessors(attribute))
            for caller, slots in one.entering:
                yield from ((caller, name) for name in self._flow.entered(slots))

    def _left_over(self) -> Iterator[tuple[str, str]]:
        """Nested functions that nobody in sight calls may be called as soon as they are there."""
        launched = {name for _, runs in self._flow.launched(forked=True) for name in runs}
        for one in self._sketches:
            for caller, called in one.nested:
                if not self._direct.get(called) and called not in launched:
                    yield caller, called


def _by_last(names: Iterable[str]) -> dict[str, set[str]]:
    """Names of functions and methods, by what they are called in their class."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        found[last(name)].add(name)
    return found


def _closed(names: Iterable[str], steps: Mapping[str, set[str]]) -> set[str]:
    """All that can be reached from names, themselves included."""
    found = set(names)
    pending = list(found)
    while pending:
        more = steps.get(pending.pop(), found) - found
        found |= more
        pending.extend(more)
    return found
