"""What is sent to another process by pickling it, and must not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Kind, LockKind
from lintvalue.model.span import Location
from lintvalue.resolve.values import Container, Function, Instance, Items, Lock, Partial, Shared
from lintvalue.resolve.world import Slip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame
    from lintvalue.resolve.values import Thing, Value

# Multiprocessing allows these to be pickled while a process is started, at no other time.
_INHERITED = frozenset({Kind.VALUE, Kind.RAW_VALUE, Kind.ARRAY, Kind.RAW_ARRAY})
_PROXIES = frozenset({LockKind.MANAGER, LockKind.THREAD})
_DEEPEST = 4
# Classes with one of these choose themselves what of them is pickled.
_CUSTOM = ("__getstate__", "__reduce__", "__reduce_ex__")


class Sending:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def sent(self, frame: Frame, values: Iterable[Value]) -> None:
        """Take down that values are sent, if one of them is or holds what must be inherited."""
        assert frame.statement is not None
        at = Location(frame.path, frame.statement)
        for value in values:
            for thing in self._held(value, _DEEPEST):
                info = self.run.world.shared.get(thing.site)
                symbol = info.name if info and isinstance(thing, Shared) else ""
                slip = Slip(Fault.SENT, at, thing.site, symbol or "a lock", frame.qualified)
                self.run.world.slips.setdefault((Fault.SENT, at), slip)

    def _held(self, value: Value, depth: int) -> Iterator[Shared | Lock]:
        """The objects and locks in a value that nothing else can be."""
        if depth == 0 or len(value.things) != 1:
            return
        [thing] = value.things
        if (isinstance(thing, Shared) and thing.kind in _INHERITED and not thing.view) or (
            isinstance(thing, Lock) and thing.kind not in _PROXIES
        ):
            yield thing
        for part in self._parts(thing):
            yield from self._held(part, depth - 1)

    def _parts(self, thing: Thing) -> Iterable[Value]:
        match thing:
            case Items():
                return thing.elements
            case Container():
                return self.run.world.members("item", thing.site).values()
            case Partial():
                return (*thing.positional, *(value for _, value in thing.keywords))
            case Function(receiver=Instance() as receiver):
                return self._attributes(receiver)
            case Instance():
                return self._attributes(thing)
        return ()

    def _attributes(self, instance: Instance) -> Iterable[Value]:
        lookup = self.run.definitions.lookup
        if any(lookup(instance.definition, name).things for name in _CUSTOM):
            return ()
        return self.run.world.members("attribute", instance).values()
