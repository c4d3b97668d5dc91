"""Which functions call which, by their names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.sketch import MADE_BY, OF_LOCKS
from lintvalue.triage.slots import DATA, result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lintvalue.triage.flow import Flow
    from lintvalue.triage.sketch import Call, Class, Sketch


class Callers:
    """Who calls functions of each name, makes instances, enters contexts, reads and stores properties.

    A class calls what its instances are made by, `result` of it, and that of its bases.
    """

    def __init__(self, sketches: Sequence[Sketch], flow: Flow) -> None:
        self._flow = flow
        self._sketches = sketches
        self._properties = set().union(*(one.properties for one in sketches))
        self._returning = set().union(*(one.returning for one in sketches))
        self._classes = [kind for one in sketches for kind in one.classes]
        self._direct: dict[str, set[str]] = defaultdict(set)
        for caller, called in self._steps():
            self._direct[called].add(caller)

    def of(self, names: Iterable[str]) -> set[str]:
        """Functions of these names, and all that lead to a call of one."""
        return _closed(names, self._direct)

    def calling(self, names: Iterable[str]) -> set[str]:
        """Functions that call one of these themselves."""
        return set().union(*(self._direct[name] for name in names))

    def reached(self, names: Iterable[str]) -> set[str]:
        """Functions of these names, and all that they lead to calls of."""
        callees: dict[str, set[str]] = defaultdict(set)
        for called, callers in self._direct.items():
            for caller in callers:
                callees[caller].add(called)
        return _closed(names, callees)

    def told(self, readers: set[str]) -> set[str]:
        """Functions that what others read is returned to."""
        found: set[str] = set()
        pending = list(readers & self._returning)
        while pending:
            more = self._direct[pending.pop()] - found
            found |= more
            pending.extend(more & self._returning)
        return found

    def called(self, call: Call) -> set[str]:
        """The functions that a call may call, now or by what it is given."""
        function = () if call.name in OF_LOCKS else call.function
        found = self._flow.called(call.name, function)
        if call.name == "map":
            given = (slot for slots in call.positional for slot in slots)
            found |= self._flow.called("", tuple(given))
        if not found.isdisjoint(MADE_BY):
            found |= {result(one.name) for one in self._classes if self._is_near(call, one)}
        return found

    def _is_near(self, call: Call, one: Class) -> bool:
        return self._flow.related(call.owner, one.name)

    def accessors(self, attribute: str) -> set[str]:
        """What reading an attribute, or storing into it, calls."""
        known = attribute in self._properties
        return self._flow.called(attribute, (attribute,)) if known else set()

    def _steps(self) -> Iterator[tuple[str, str]]:
        for one in self._sketches:
            for call in one.calls:
                yield from ((call.caller, name) for name in self.called(call))
            for caller, attribute, base in one.attributes:
                if not self._flow.held(base) & DATA:
                    yield from ((caller, name) for name in self.accessors(attribute))
            for caller in one.entering:
                yield from ((caller, name) for name in ("__enter__", "__exit__"))
        for kind in self._classes:
            yield kind.name, result(kind.name)
            if "__init__" not in kind.methods:
                yield from ((kind.name, base) for base in kind.bases)


def _closed(names: Iterable[str], steps: Mapping[str, set[str]]) -> set[str]:
    """All that can be reached from names, themselves included."""
    found = set(names)
    pending = list(found)
    while pending:
        more = steps.get(pending.pop(), found) - found
        found |= more
        pending.extend(more)
    return found
