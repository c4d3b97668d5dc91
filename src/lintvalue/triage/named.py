"""What is called by a plain name, where that can be told without following anything."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.triage.slots import exported, last

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.triage.sketch import Call, Sketch
    from lintvalue.triage.slots import Slot


class Named:
    """Names that are given to one function, and never to anything else that could be called."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        functions = [one for sketch in sketches for one in sketch.functions if "@" in one.name]
        self._names = {last(one.name) for one in functions} - _changed(sketches)
        self._given = {
            (one.scope, name) for one in functions for name in (*one.parameters, *one.rest)
        }
        self._sources: dict[Slot, list[Slot]] = defaultdict(list)
        self._meant: dict[Slot, set[str]] = defaultdict(set)
        places = {exported(name) for name in self._names}
        for sketch in sketches:
            for source, target in sketch.flows:
                if target in places if isinstance(target, str) else target[1] in self._names:
                    self._sources[target].append(source)
            for slot, name in sketch.names:
                self._meant[slot].add(name)
            for slot in (*sketch.left, *sketch.foreign, *sketch.modules, *sketch.outer):
                self._meant[slot].add("")
        self._known: dict[Slot, set[str]] = {}

    def called(self, call: Call) -> set[str]:
        """The one function that is called; nothing if that is not sure."""
        if call.name not in self._names or len(call.function) != 1:
            return set()
        slot = call.function[0]
        if slot not in self._known:
            self._known[slot] = self._look_up(slot)
        return self._known[slot]

    def _look_up(self, slot: Slot) -> set[str]:
        found: set[str] = set()
        pending, seen = [slot], {slot}
        while pending:
            one = pending.pop()
            found |= self._meant.get(one, set())
            sources = self._sources.get(one, ())
            if one in self._given or not (sources or one in self._meant or _is_place(one)):
                return set()
            pending.extend(source for source in sources if source not in seen)
            seen.update(sources)
        return found if len(found) == 1 and "" not in found else set()


def _is_place(slot: Slot) -> bool:
    return isinstance(slot, str) and slot[:1] == "."


def _changed(sketches: Sequence[Sketch]) -> set[str]:
    """Names that something may be given to by way of an object or a module."""
    put = {name for sketch in sketches for _, name, _ in sketch.puts}
    calls = (call for sketch in sketches for call in sketch.calls)
    return put.union(key for call in calls for key, _ in call.keywords)
