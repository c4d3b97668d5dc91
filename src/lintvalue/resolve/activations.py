"""Running functions: each once for all calls of which the outcome must be the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lintvalue.model.span import Location
from lintvalue.resolve.state import Done, Frame, Freed, Section, State, Taken, merge
from lintvalue.resolve.values import (
    NONE,
    UNKNOWN,
    Class,
    Const,
    Container,
    Distinct,
    Function,
    Instance,
    Library,
    Lock,
    Plain,
    Shared,
    Site,
    Unknown,
    Value,
    join,
    one,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from lintvalue.model import expressions as e
    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.resolve.arguments import Arguments
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.values import Read, Thing

_DEEPEST = 40
_SCALARS = (Const, Plain, Unknown, Distinct, Library)
_LONGEST_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Summary:
    """What one activation came to; `kept` are places in the caller's held sections."""

    serial: int
    value: Value
    started: frozenset[Site]
    ended: frozenset[Site]
    kept: tuple[int, ...]
    opened: tuple[Section, ...]
    alive: bool
    freed: frozenset[Freed] = frozenset()
    taken: frozenset[Taken] = frozenset()
    done: frozenset[Done] = frozenset()


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of a function of the project, its arguments bound."""

    frame: Frame
    thing: Function
    definition: FunctionNode
    bound: dict[str, Value]
    place: Location

    @property
    def state(self) -> State:
        assert self.frame.state is not None
        return self.frame.state

    @property
    def reads(self) -> frozenset[Read]:
        return frozenset(read for value in self.bound.values() for read in value.reads)


class Activations:
    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.summaries: dict[Hashable, Summary] = {}
        self.inert: dict[Hashable, Value] = {}
        self.running: set[Hashable] = set()

    def call(
        self, frame: Frame, thing: Function, arguments: Arguments, node: e.Call | None
    ) -> Value:
        """Run a function's body with these arguments, or recall what that came to."""
        world = self.run.world
        definition = world.functions.get(replace(thing, receiver=None))
        if definition is None or frame.state is None:
            return UNKNOWN
        world.called.add((thing.path, thing.span))
        bound = self.run.passing.bind(frame, thing, definition, arguments)
        place = Location(frame.path, node.span if node else frame.statement or definition.span)
        wanted = Invocation(frame, thing, definition, bound, place)
        outline = self._outline(wanted)
        if outline in self.inert:
            return self.inert[outline].depending_on(arguments.all().reads)
        return self._recall(wanted, outline)

    def _recall(self, wanted: Invocation, outline: Hashable) -> Value:
        """The summary of an activation, which runs if it has not run yet."""
        key = self._key(wanted)
        if self.run.exhausted:
            self.run.releases.unseen(wanted.frame)
            return Value(UNKNOWN.things, wanted.reads)
        if key in self.running or wanted.frame.depth > _DEEPEST:
            self.run.releases.unseen(wanted.frame)
            return Value(frozenset(), wanted.reads)
        if key not in self.summaries:
            before = self.run.world.interest
            self.running.add(key)
            self.summaries[key] = self._run(wanted)
            self.running.discard(key)
            if outline is not None and self.run.world.interest == before:
                self.inert[outline] = self.summaries[key].value.without_reads()
        return self._apply(wanted, self.summaries[key])

    def _outline(self, wanted: Invocation) -> Hashable:
        """A call without what can't matter unless shared memory does; None where that is handed over.

        A function that did nothing that matters will not do so for other numbers, from other
        places, with other locks held.
        """
        values = wanted.bound.values()
        if any(self.run.world.matters(value) for value in values):
            return None
        objects = tuple(
            frozenset(part for part in value.things if not isinstance(part, _SCALARS))
            for value in values
        )
        return (wanted.thing, objects, wanted.frame.context.root)

    def _key(self, wanted: Invocation) -> Hashable:
        """What a call's outcome depends on; its place matters only to what it makes or is told."""
        frame, thing, state = wanted.frame, wanted.thing, wanted.state
        makes = (thing.path, thing.span) in self.run.world.makers
        born = any(self._is_new(part) for value in wanted.bound.values() for part in value.things)
        told = wanted.place if wanted.reads else None
        return (
            thing,
            tuple((name, value.things) for name, value in wanted.bound.items()),
            frozenset(map(_load, wanted.reads)),
            tuple(section.locks for section in state.held),
            state.live if born or not frame.context.root else None,
            frame.context,
            self.run.root if frame.context.root and born else -1,
            (self.run.loops, wanted.place, frame.site_context) if makes else told,
        )

    def _is_new(self, part: Thing) -> bool:
        """Whether a thing was made since the code that we don't see called in."""
        world = self.run.world
        if isinstance(part, Shared):
            return world.shared[part.site].root == self.run.root
        return isinstance(part, Instance) and world.born.get(part) == self.run.root

    def _run(self, wanted: Invocation) -> Summary:
        world, thing, bound = self.run.world, wanted.thing, wanted.bound
        inner = Frame(
            id=self.run.frame_id((thing, _closed_over(bound))),
            serial=self.run.next(),
            path=thing.path,
            qualified=wanted.definition.qualified,
            context=wanted.frame.context,
            state=State(dict(bound), wanted.state.held, wanted.state.live),
            caller=wanted.frame,
            enclosing=world.frames.get(thing.frame),
            node=wanted.definition,
            receiver=thing.receiver,
            owner=self._owner(thing),
            site_context=self._site_context(wanted),
            depth=wanted.frame.depth + 1,
        )
        world.frames[inner.id] = inner
        inner.cells.update((name, value.without_reads()) for name, value in bound.items())
        entry = wanted.state.copy()
        self.run.statements.block(inner, wanted.definition.body)
        end = inner.state
        ends = [state for state in (end, *(state for _, state in inner.returns)) if state]
        inner.state = merge(ends) or entry.copy()
        taken = inner.state.taken
        self.run.definitions.leftover(inner)
        self.run.releases.left(inner, wanted.definition, [*ends, *inner.raises], taken)
        inner.state = end
        return self._summary(inner, wanted.definition, entry)

    def _owner(self, thing: Function) -> Class | None:
        enclosing = self.run.world.frames.get(thing.frame)
        if enclosing is not None and enclosing.kind == "class":
            return enclosing.owner
        return None

    def _site_context(self, wanted: Invocation) -> tuple[Location, ...]:
        """What tells apart the objects that one text makes: the instance, else the call."""
        thing = wanted.thing
        if isinstance(thing.receiver, Instance):
            return context_of(thing.receiver.site)
        return (wanted.place,) if (thing.path, thing.span) in self.run.world.makers else ()

    def _summary(self, inner: Frame, definition: FunctionNode, entry: State) -> Summary:
        ends = [state for _, state in inner.returns]
        exit_state = merge([*ends, inner.state])
        values = [value for value, _ in inner.returns]
        if inner.state is not None:
            values.append(NONE)
        value = join(values)
        if definition.generator:
            value = self._generated(inner, definition)
            if self.run.definitions.contextmanager(definition):
                exit_state = self._at_yield(inner) or exit_state
                value = join(inner.yielded)
        if exit_state is None:
            nothing: frozenset[Site] = frozenset()
            freed = frozenset(inner.freed)
            return Summary(inner.serial, value, nothing, nothing, (), (), alive=False, freed=freed)
        known = {section.id: index for index, section in enumerate(entry.held)}
        kept = tuple(known[section.id] for section in exit_state.held if section.id in known)
        opened = tuple(section for section in exit_state.held if section.id not in known)
        started, ended = exit_state.live - entry.live, entry.live - exit_state.live
        freed = frozenset(inner.freed)
        return Summary(
            inner.serial,
            value,
            started,
            ended,
            kept,
            opened,
            alive=True,
            freed=freed,
            taken=exit_state.taken,
            done=exit_state.done,
        )

    def _at_yield(self, inner: Frame) -> State | None:
        """What a context manager holds while its body runs; if only on some ways, who knows."""
        state = merge(inner.yields)
        if state is None:
            return None
        most = max(inner.yields, key=lambda way: len(way.held)).held
        if len(most) > len(state.held):
            uncertain = replace(most[-1], id=self.run.next(), locks=frozenset({Unknown()}))
            state.held = (*state.held, uncertain)
        return state

    def _generated(self, inner: Frame, definition: FunctionNode) -> Value:
        container = Container(
            Site(Location(inner.path, definition.span), inner.site_context), "list"
        )
        self.run.world.store(("item", container.site, None), join(inner.yielded))
        return one(container)

    def _apply(self, wanted: Invocation, summary: Summary) -> Value:
        """Come back: what the callee left held and running is so for the caller, too."""
        state = wanted.state
        if summary.alive:
            kept = [state.held[index] for index in summary.kept if index < len(state.held)]
            opened = [replace(section, id=self.run.next()) for section in summary.opened]
            state.held = (*kept, *opened)
            for site in summary.started & state.live:
                self.run.world.launches[site].overlapping = True
            state.live = (state.live | summary.started) - summary.ended
        self.run.releases.returned(wanted.frame, summary.freed, summary.taken)
        self.run.results.returned(wanted.frame, summary.done)
        sections = frozenset(section.id for section in state.held)
        given = {_load(read): read for read in wanted.reads}
        reads = frozenset(
            self._rebased(wanted.frame, read, sections)
            if read.frame == summary.serial
            else given.get(_load(read), read)
            for read in summary.value.reads
        )
        return Value(summary.value.things, reads)

    def _rebased(self, frame: Frame, read: Read, sections: frozenset[int]) -> Read:
        """A load in the callee, as the caller sees it: it happened in the calling statement."""
        here = replace(
            read, frame=frame.serial, statement=frame.statement_serial, sections=sections
        )
        return self.run.results.told(frame, here)


def _closed_over(bound: dict[str, Value]) -> frozenset[Thing]:
    """What tells apart the activations that nested functions close over."""
    kinds = (Shared, Lock, Function, Class)
    return frozenset(
        part for value in bound.values() for part in value.things if isinstance(part, kinds)
    )


def _load(read: Read) -> Hashable:
    return (read.site, read.cell, read.at)


def context_of(site: Site) -> tuple[Location, ...]:
    """The context of what is made for the object of `site`."""
    return (site.at, *site.context)[:_LONGEST_CONTEXT]
