"""What is taken down while the program runs: loads, stores, and every use of an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Touch
from lintvalue.model.span import Location
from lintvalue.resolve.values import (
    NOTHING,
    Const,
    Container,
    Distinct,
    Items,
    Plain,
    Read,
    Shared,
    Unknown,
    Value,
    one,
)
from lintvalue.resolve.world import Seen, Touched

if TYPE_CHECKING:
    from lintvalue.model import expressions as e
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame
    from lintvalue.resolve.values import Site, Thing


class Records:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def read(
        self, frame: Frame, node: e.Expression, thing: Shared, cell: str, key: str = ""
    ) -> Read:
        """Take down a load."""
        self._touch_cell(frame, thing)
        state = frame.state
        held = state.held if state else ()
        read = Read(
            thing.site,
            cell,
            Location(frame.path, node.span),
            frozenset(section.id for section in held),
            frame.serial,
            frame.statement_serial,
            key=key,
        )
        return self.run.results.told(frame, read)

    def _touch_cell(self, frame: Frame, thing: Shared) -> None:
        """Take down a load or a store: which locks are held, and that the object's own is taken."""
        self.touch(frame, thing)
        held = frame.state.held if frame.state else ()
        locks = frozenset(lock for part in held for lock in self.run.updates.sure(part, thing))
        live = self.run.updates.live(frame, thing.site)
        touched = Touched(locks, frame.context, live)
        self.run.world.cells.setdefault(thing.site, set()).add(touched)
        own = self.run.world.shared[thing.site].lock
        if not thing.view and len(own) == 1:
            [lock] = own
            name = self.run.world.shared[thing.site].name
            self.run.locking.taken_again(frame, lock, thing.site, name)

    def touch(self, frame: Frame, thing: Shared) -> None:
        """Take down that this context knows the object."""
        self.run.world.interest += 1
        self.met(frame, thing.site)

    def met(self, frame: Frame, site: Site) -> None:
        """Take down that this context uses an object or a lock, and where it first does."""
        assert frame.statement is not None
        here = Location(frame.path, frame.statement)
        contexts = self.run.world.touched.setdefault(site, {})
        contexts[frame.context] = min(contexts.get(frame.context, here), here)

    def write(
        self,
        frame: Frame,
        node: e.Attribute | e.Subscript | e.Call,
        thing: Shared,
        cell: str,
        value: Value,
        key: Value = NOTHING,
    ) -> None:
        """Take down a store, and the update that it completes if `value` comes from the same cell."""
        self._touch_cell(frame, thing)
        self.run.wrappers.stored(frame, node, thing, value)
        own = self._own_key(frame, key) or (
            thing.turn is not None and self._is_own(frame, Distinct(thing.turn))
        )
        self.run.updates.stored(frame, node, thing, cell, value, own_cell=own)

    def _own_key(self, frame: Frame, key: Value) -> bool:
        """Whether an index may well be the process's own, and surely is no one constant."""
        own = {part for part in key.things if self._is_own(frame, part)}
        others = key.things - own
        constants = [part for part in others if isinstance(part, Const)]
        known = all(isinstance(part, (Plain, Unknown, Const, Distinct)) for part in others)
        known &= Plain(folded=True) not in others
        return bool(own) and known and len(constants) != 1

    def _is_own(self, frame: Frame, part: Thing) -> bool:
        """Whether an index is another one in each process: its rank, or the turn that made it."""
        if not isinstance(part, Distinct):
            return False
        launch = self.run.world.launches.get(frame.context.launch) if frame.context.launch else None
        return part.at is None or (launch is not None and part.at in launch.loops)

    def use(
        self, frame: Frame, touch: Touch, node: e.Expression, base: e.Expression, value: Value
    ) -> None:
        """Take down a use at an expression, of all that its base may be."""
        place = Location(frame.path, node.span)
        assert frame.statement is not None
        seen = self.run.world.uses.setdefault((touch, place), Seen(base.span, frame.statement))
        for thing in value.things:
            if isinstance(thing, Shared):
                seen.sites.add(thing.site)
                self.touch(frame, thing)
            elif not isinstance(thing, Const) or thing.value is not None:
                seen.sure = False

    def used_otherwise(
        self, frame: Frame, node: e.Expression, value: Value, *, harmless: bool = False
    ) -> None:
        """An object itself among operands: compared, added, formatted."""
        if value.of(Shared) and not harmless:
            self.use(frame, Touch.ESCAPE, node, node, value)

    def escape(self, frame: Frame, node: e.Expression, value: Value, depth: int = 3) -> None:
        """Objects that go where we can't follow, also in containers."""
        if value.of(Shared):
            self.use(frame, Touch.ESCAPE, node, node, value)
        if depth == 0:
            return
        for thing in value.things:
            if isinstance(thing, Items):
                for element in thing.elements:
                    self.escape(frame, node, element, depth - 1)
            elif isinstance(thing, Container):
                self.escape(frame, node, self.run.expressions.contents(one(thing)), depth - 1)
