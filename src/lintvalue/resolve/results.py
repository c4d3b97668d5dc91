"""Results of locked updates that are read apart from them: tickets that two processes may both get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.lean import replace
from lintvalue.model.project import Fault, Misuse
from lintvalue.model.span import Location
from lintvalue.resolve.state import Done
from lintvalue.resolve.updates import same_cell
from lintvalue.resolve.values import Items, Shared, Value
from lintvalue.resolve.world import Stale
from lintvalue.resolve.writers import silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame, Section
    from lintvalue.resolve.values import Read, Site
    from lintvalue.resolve.world import Event, World

# What comes out of these is an answer, and no number that somebody goes by.
_ANSWERS = frozenset({"not", "is", "is not", "in", "not in", "==", "!=", "<", ">", "<=", ">="})


class Results:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def updated(
        self, frame: Frame, site: Site, cell: str, at: Location, held: Sequence[Section]
    ) -> None:
        """A locked update is done; what is read of the cell under another lock is no result of it."""
        if frame.state is not None and held:
            sections = frozenset(section.id for section in held)
            frame.state.done |= {Done(site, cell, at, sections)}

    def returned(self, frame: Frame, done: Iterable[Done]) -> None:
        """What a callee has done; it did so under all that the caller holds."""
        if frame.state is not None:
            sections = frozenset(section.id for section in frame.state.held)
            frame.state.done |= {replace(one, sections=sections) for one in done}

    def told(self, frame: Frame, read: Read) -> Read:
        """A load, with the update of the cell that it comes after."""
        if frame.statement is not None:
            place = Location(frame.path, frame.statement)
            self.run.world.statements.setdefault(read.at, (place, frame.qualified))
        for done in frame.state.done if frame.state else ():
            if _apart(read, done):
                return replace(read, after=done.at)
        return read

    def kept(self, frame: Frame, node: e.Expression | None, value: Value) -> None:
        """A value is returned or stored, and with it what was loaded before or after an update."""
        if frame.state is None or (isinstance(node, e.Combined) and node.operator in _ANSWERS):
            return
        for read in _reads(value):
            if read.after is not None:
                self._stale(read, read.after)
            elif read.frame == frame.serial:
                for done in frame.state.done:
                    if _apart(read, done):
                        self._stale(read, done.at)

    def stored(self, frame: Frame, base: Value, value: Value) -> None:
        """A value is stored somewhere else than where it was loaded from."""
        sites = {thing.site for thing in base.of(Shared)}
        reads = frozenset(read for read in _reads(value) if read.site not in sites)
        self.kept(frame, None, Value(frozenset(), reads))

    def _stale(self, read: Read, update: Location) -> None:
        if read.at in self.run.world.statements:
            at, function = self.run.world.statements[read.at]
            if at != update:
                self.run.world.stale.add(Stale(at, update, read.site, function))


def _reads(value: Value) -> frozenset[Read]:
    """The loads that a value comes from, also those of a tuple's elements."""
    inner = (_reads(element) for thing in value.of(Items) for element in thing.elements)
    return value.reads.union(*inner)


def _apart(read: Read, done: Done) -> bool:
    """Whether a load is of the cell that was updated, but not in the same critical section."""
    same = read.site == done.site and same_cell(read.cell, done.cell)
    return same and not read.sections & done.sections


def stale(
    world: World, objects: Mapping[Site, int], events: Mapping[Site, list[Event]]
) -> Iterator[Misuse]:
    """Results that are read apart from the update, where another process may have updated meanwhile."""
    for found in world.stale:
        writes = events.get(found.site, [])
        if any(_contended(world, event, found, writes) for event in writes):
            name = world.shared[found.site].name
            known = (objects[found.site],)
            yield Misuse(Fault.STALE, found.at, known, name, found.function, found.update)


def _contended(world: World, event: Event, found: Stale, writes: list[Event]) -> bool:
    if event.at != found.update or event.form is None or not event.held:
        return False
    return silence(world, event, writes) is None
