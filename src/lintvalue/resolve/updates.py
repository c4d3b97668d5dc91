"""Stores that depend on an earlier load of the same cell: read-modify-writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.project import Form
from lintvalue.model.span import Location
from lintvalue.resolve.spelling import spell
from lintvalue.resolve.values import Const, Lock, Shared
from lintvalue.resolve.world import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.model.span import Span
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame, Section
    from lintvalue.resolve.values import Read, Site, Value


class Updates:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def stored(
        self,
        frame: Frame,
        node: e.Attribute | e.Subscript | e.Call,
        thing: Shared,
        cell: str,
        value: Value,
        *,
        own_cell: bool,
    ) -> None:
        """Take down a store of `value`, and what it makes of the loads that `value` comes from."""
        reads = [
            read for read in value.reads if read.site == thing.site and same_cell(read.cell, cell)
        ]
        assert frame.state is not None
        decided = [
            decision
            for decision in frame.state.deciding
            if decision.read.site == thing.site and same_cell(decision.read.cell, cell)
        ]
        again = [decision for decision in decided if self._sections(frame, decision.read)]
        tests = {decision.test for decision in again}
        confirmed = {decision.read for decision in decided if decision.test in tests}
        if not reads:
            self._event(frame, node, thing, cell, own_cell=own_cell, value=value)
        for read in reads:
            safe = read in confirmed
            self._update(frame, node, thing, cell, read, own_cell=own_cell, safe=safe)
        for decision in again or decided:
            self._event(
                frame,
                node,
                thing,
                cell,
                own_cell=own_cell,
                form=Form.DECIDED,
                read=decision.read,
                held=self._sections(frame, decision.read),
                role=decision.role,
                value=value,
            )
        frame.state.spent |= {part for part in decided if part.read.cell == cell}
        frame.state.stored |= {(thing.site, cell)}

    def _update(
        self,
        frame: Frame,
        node: _Store,
        thing: Shared,
        cell: str,
        read: Read,
        *,
        own_cell: bool,
        safe: bool,
    ) -> None:
        """The statement that has both halves is the one that is reported."""
        common = self._common_frame(frame, read)
        assert common.statement is not None
        one_statement = common.statement_serial == read.statement and common.serial == read.frame
        form = self._form(common) if one_statement else Form.SPLIT
        held = self._sections(frame, read)
        if form is Form.SPLIT and safe and not held:
            return  # compared with a new load and stored under one lock: it is confirmed
        self._event(
            common,
            node,
            thing,
            cell,
            own_cell=own_cell,
            form=form,
            read=read,
            held=held,
            direct=common is frame,
        )

    def _form(self, frame: Frame) -> Form:
        augmented = self.run.world.augmented
        assert frame.statement is not None
        return Form.AUGMENTED if Location(frame.path, frame.statement) in augmented else Form.SINGLE

    def _common_frame(self, frame: Frame, read: Read) -> Frame:
        """The activation in which the load and the store meet: the load's own, or a caller's."""
        scope: Frame | None = frame
        while scope is not None:
            if scope.serial == read.frame:
                return scope
            scope = scope.caller
        return frame

    def _sections(self, frame: Frame, read: Read) -> tuple[Section, ...]:
        assert frame.state is not None
        return tuple(section for section in frame.state.held if section.id in read.sections)

    def _event(
        self,
        frame: Frame,
        node: _Store,
        thing: Shared,
        cell: str,
        *,
        own_cell: bool,
        form: Form | None = None,
        read: Read | None = None,
        held: Iterable[Section] = (),
        direct: bool = True,
        value: Value | None = None,
        role: str = "",
    ) -> None:
        assert frame.statement is not None
        held = tuple(held)
        base = _base(node, thing) if direct else None
        at = node.span if isinstance(node, e.Call) and direct else frame.statement
        if form is not None:
            self.run.results.updated(frame, thing.site, cell, Location(frame.path, at), held)
        self.run.world.events.add(
            Event(
                site=thing.site,
                cell=cell,
                at=Location(frame.path, at),
                context=frame.context,
                live=self.live(frame, thing.site),
                own_cell=own_cell,
                form=form,
                read=read.at if read else None,
                held=frozenset(lock for section in held for lock in self.sure(section, thing)),
                unknown_lock=any(not self.sure(section, thing) for section in held),
                guessed=all(part.guess for part in held if not self.sure(part, thing)),
                base=base,
                symbol=self._symbol(node, thing),
                function=frame.qualified,
                stored=_constants(value) if value else frozenset(),
                role=role,
                key=read.key if read else "",
                reach=self._reach(frame) if form else frozenset(),
                openers=frozenset(
                    (lock, section.statement)
                    for section in held
                    for lock in self.sure(section, thing)
                ),
            )
        )

    def sure(self, section: Section, thing: Shared) -> frozenset[Lock]:
        """The lock that a section surely holds.

        Where an expression may mean several objects, `x.get_lock()` is the lock of that which `x` is.
        """
        if len(section.locks) == 1:
            return frozenset(lock for lock in section.locks if isinstance(lock, Lock))
        return self.run.world.shared[thing.site].lock & section.locks

    def _symbol(self, node: _Store, thing: Shared) -> str:
        """The object as the statement spells it."""
        written = "" if isinstance(node, e.Call) else spell(_object(node, thing) or node.value)
        return written or self.run.world.shared[thing.site].name

    def live(self, frame: Frame, site: Site) -> frozenset[Site] | None:
        """The launches that may run now, if the code that starts them is in sight."""
        assert frame.state is not None
        info = self.run.world.shared[site]
        known = not frame.context.root or info.root == self.run.root
        return frame.state.live if known else None

    def _reach(self, frame: Frame) -> frozenset[tuple[Lock, str]]:
        """Locks that have a name here: `lock`, `self.lock`, `hits.get_lock()`."""
        found = set()
        for text, value in self.run.names.spellings(frame):
            if len(value.things) != 1:
                continue
            [thing] = value.things
            if isinstance(thing, Lock):
                found.add((thing, text))
            elif isinstance(thing, Shared) and not thing.view:
                locks = self.run.world.shared[thing.site].lock
                found.update((lock, f"{text}.get_lock()") for lock in locks)
        return frozenset(found)


_Store = e.Attribute | e.Subscript | e.Call


def _constants(value: Value) -> frozenset[Const]:
    """The constants that a value is one of; none where it may be anything else."""
    known = frozenset(value.of(Const))
    return known if len(known) == len(value.things) else frozenset()


def _base(node: _Store, thing: Shared) -> Span | None:
    """The span of the object's own expression, if the statement has one."""
    found = None if isinstance(node, e.Call) else _object(node, thing)
    return found.span if found else None


def _object(node: e.Attribute | e.Subscript, thing: Shared) -> e.Expression | None:
    """The expression of the object in that of a cell: `points` in `points[1].x`."""
    if thing.view == "":
        return node.value
    if thing.view == "element" and isinstance(node.value, e.Subscript):
        return node.value.value
    if thing.view == "raw" and isinstance(node.value, e.Call):
        function = node.value.function
        return function.value if isinstance(function, e.Attribute) else None
    return None


def same_cell(read: str, written: str) -> bool:
    """Whether two cells of one object may be the same; an unknown key (`[*]`) may be any."""
    if read == written:
        return True
    return "[*]" in (read, written) and read.startswith("[") and written.startswith("[")
