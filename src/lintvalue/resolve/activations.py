"""Running functions: each once for all calls of which the outcome must be the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, replace
from lintvalue.model.span import Location
from lintvalue.resolve.crowds import is_crowd
from lintvalue.resolve.state import Frame, Section, State, merge
from lintvalue.resolve.summaries import load, summarised
from lintvalue.resolve.values import (
    NONE,
    UNKNOWN,
    Class,
    Const,
    Container,
    Decision,
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
    bare,
    join,
    one,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from lintvalue.model import expressions as e
    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.resolve.arguments import Arguments
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.summaries import Summary
    from lintvalue.resolve.values import Read, Thing

_DEEPEST = 40
_MOST_ACTIVE = 3
_FEW = 2
_SCALARS = (Const, Plain, Unknown, Distinct, Library)
_LONGEST_CONTEXT = 2


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

    @property
    def decisions(self) -> frozenset[Decision]:
        """What the caller's own tests decided: they are followed through one call, and no further.

        Whatever a program does depends on something that it looked at long before, somewhere else.
        """
        return self.state.deciding - self.frame.inherited

    def given(self, read: Read) -> Hashable:
        """What the outcome may depend on of a load in the caller, or before."""
        scope: Frame | None = self.frame
        while scope is not None and scope.serial != read.frame:
            scope = scope.caller
        meeting = scope or self.frame
        return (
            load(read),
            frozenset(n for n, part in enumerate(self.state.held) if part.id in read.sections),
            (meeting.path, meeting.statement, meeting.statement_serial == read.statement),
        )


class Activations:
    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.summaries: dict[Hashable, Summary] = {}
        self.inert: dict[Hashable, Value] = {}
        self.running: set[Hashable] = set()
        self.active: Counter[Function] = Counter()  # how often each is entered and not yet left

    def call(
        self, frame: Frame, thing: Function, arguments: Arguments, node: e.Call | None
    ) -> Value:
        """Run a function's body with these arguments, or recall what that came to."""
        world = self.run.world
        definition = world.functions.get(bare(thing))
        if definition is None or frame.state is None:
            return UNKNOWN
        frame.state.forget()
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
        if key in self.running or self._too_deep(wanted):
            self.run.releases.unseen(wanted.frame)
            return Value(frozenset(), wanted.reads)
        if key not in self.summaries:
            before = self.run.world.interest
            self.running.add(key)
            self.active[wanted.thing] += 1
            self.summaries[key] = self._run(wanted)
            self.active[wanted.thing] -= 1
            self.running.discard(key)
            if outline is not None and self.run.world.interest == before:
                self.inert[outline] = self.summaries[key].value.without_reads()
        return self._apply(wanted, self.summaries[key])

    def _too_deep(self, wanted: Invocation) -> bool:
        """Whether nothing new comes of going on: arguments of a recursion may grow without an end."""
        return wanted.frame.depth > _DEEPEST or self.active[wanted.thing] >= _MOST_ACTIVE

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
        return (wanted.thing, objects, self._constants(wanted), wanted.frame.context.root)

    def _constants(self, wanted: Invocation) -> Hashable:
        """What a function is given that only converts it: `to_bytes("")` is as constant as its text."""
        given = [value.things for value in wanted.bound.values() if value.things]
        known = len(given) <= _FEW and all(
            len(things) == 1 and isinstance(next(iter(things)), Const) for things in given
        )
        return tuple(given) if known else None

    def _key(self, wanted: Invocation) -> Hashable:
        """What a call's outcome depends on; its place matters only to what it makes or is told."""
        frame, thing, state = wanted.frame, wanted.thing, wanted.state
        makes = (thing.path, thing.span) in self.run.world.makers and not is_crowd(thing.receiver)
        born = any(self._is_new(part) for value in wanted.bound.values() for part in value.things)
        return (
            thing,
            tuple((name, value.things) for name, value in wanted.bound.items()),
            frozenset(map(wanted.given, wanted.reads)),
            frozenset((wanted.given(part.read), part.role) for part in wanted.decisions),
            tuple(section.locks for section in state.held),
            state.live if born or not frame.context.root else None,
            frame.context,
            self.run.root if frame.context.root and born else -1,
            (self.run.loops, wanted.place, frame.site_context) if makes else None,
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
            state=State(dict(bound), wanted.state.held, wanted.state.live, wanted.decisions),
            caller=wanted.frame,
            enclosing=world.frames.get(thing.frame),
            node=wanted.definition,
            receiver=thing.receiver,
            owner=self._owner(thing),
            site_context=self._site_context(wanted),
            depth=wanted.frame.depth + 1,
            inherited=wanted.decisions,
        )
        world.frames[inner.id] = inner
        inner.cells.update((name, value.without_reads()) for name, value in bound.items())
        entry = wanted.state.copy()
        self.run.statements.block(inner, wanted.definition.body)
        end = inner.state
        ends = [state for state in (end, *(state for _, state in inner.returns)) if state]
        inner.state = (merge(ends) or entry).copy()  # what follows is done by others, later
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
        self.run.declarations.declared(inner.path, definition.returns, value)
        if definition.generator and self.run.definitions.contextmanager(definition):
            exit_state = self._at_yield(inner) or exit_state
            value = join(inner.yielded)
        return summarised(inner, value, entry, exit_state)

    def _at_yield(self, inner: Frame) -> State | None:
        """What a context manager holds while its body runs; if only on some ways, who knows."""
        state = merge(inner.yields)
        if state is None:
            return None
        most = max(inner.yields, key=lambda way: len(way.held)).held
        if len(most) > len(state.held):
            uncertain = replace(self._opened(most[-1]), locks=frozenset({Unknown()}))
            state.held = (*state.held, uncertain)
        return state

    def _generated(self, inner: Frame, definition: FunctionNode) -> Value:
        container = Container(
            Site(Location(inner.path, definition.span), inner.site_context), "list"
        )
        self.run.world.store(("item", container.site, None), join(inner.yielded))
        return one(container)

    def _kept(self, section: Section, renewed: bool) -> Section:
        return replace(section, id=self.run.next()) if renewed else section

    def _opened(self, section: Section) -> Section:
        serial = self.run.next()
        return replace(section, id=serial, origin=serial)

    def _apply(self, wanted: Invocation, summary: Summary) -> Value:
        """Come back: what the callee left held and running is so for the caller, too."""
        state = wanted.state
        if summary.alive:
            kept = [self._kept(state.held[at], renewed) for at, renewed in summary.kept]
            opened = [self._opened(section) for section in summary.opened]
            state.held = (*kept, *opened)
            for site in summary.started & state.live:
                self.run.world.launches[site].overlapping = True
            state.live = (state.live | summary.started) - summary.ended
        self.run.releases.returned(wanted.frame, summary.freed, summary.taken)
        self.run.results.returned(wanted.frame, summary.done)
        given = {load(read): read for read in wanted.reads}

        def back(read: Read) -> Read:
            """A load in the callee, as the caller sees it: it happened in the calling statement."""
            if read.frame != summary.serial:
                return given.get(load(read), read)
            here = replace(
                read,
                frame=wanted.frame.serial,
                statement=wanted.frame.statement_serial,
                sections=frozenset(state.held[place].id for place in read.sections),
            )
            return self.run.results.told(wanted.frame, here)

        made = frozenset(replace(part, read=back(part.read)) for part in summary.decided)
        wanted.frame.inherited |= made
        state.spent |= {
            part for part in state.decided if (part.read.site, part.read.cell) in summary.stored
        }
        state.decided |= made
        state.stored |= summary.stored
        return Value(summary.value.things, frozenset(map(back, summary.value.reads)))


def _closed_over(bound: dict[str, Value]) -> frozenset[Thing]:
    """What tells apart the activations that nested functions close over."""
    kinds = (Shared, Lock, Function, Class)
    return frozenset(
        part for value in bound.values() for part in value.things if isinstance(part, kinds)
    )


def context_of(site: Site) -> tuple[Location, ...]:
    """The context of what is made for the object of `site`."""
    return (site.at, *site.context)[:_LONGEST_CONTEXT]
