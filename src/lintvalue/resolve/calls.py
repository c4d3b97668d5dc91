"""Calls of the project's own functions and classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.span import Location
from lintvalue.resolve.state import Frame, Section, State, merge
from lintvalue.resolve.values import (
    NONE,
    NOTHING,
    UNKNOWN,
    Class,
    Const,
    Container,
    Distinct,
    Function,
    Instance,
    Items,
    Library,
    Lock,
    Made,
    Method,
    Partial,
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

    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.model.statements import Parameter
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.values import Read, Thing

_DEEPEST = 40
_SCALARS = (Const, Plain, Unknown, Distinct, Library)
_LONGEST_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call hands over; `rest` is what comes by `*` or `**` of unknown length."""

    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    rest: Value = NOTHING
    given: tuple[tuple[e.Expression, Value], ...] = ()  # as written

    def keyword(self, name: str, position: int | None = None) -> Value:
        """An argument by name, or by place."""
        for key, value in self.keywords:
            if key == name:
                return value
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return NOTHING

    def all(self) -> Value:
        return join([*self.positional, *(value for _, value in self.keywords), self.rest])


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


class Calls:
    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.summaries: dict[Hashable, Summary] = {}
        self.inert: dict[Hashable, Value] = {}
        self.running: set[Hashable] = set()

    # Call expressions

    def evaluate(self, frame: Frame, node: e.Call) -> Value:
        """`function(arguments)`."""
        callee = self.run.expressions.evaluate(frame, node.function)
        arguments = self.arguments(frame, node)
        if not callee.things:
            return Value(frozenset(), arguments.all().reads)
        parts = [self.call(frame, node, thing, arguments) for thing in callee.things]
        return join(parts).depending_on(callee.reads)

    def arguments(self, frame: Frame, node: e.Call) -> Arguments:
        """Evaluate the arguments, in order."""
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        rest = NOTHING
        given = []
        for argument in node.arguments:
            value = self.run.expressions.evaluate(frame, argument.value)
            given.append((argument.value, value))
            if argument.star == 1:
                rest = self._spread(frame, value, positional, rest)
            elif argument.star:
                rest = self._spread_mapping(value, keywords, rest)
            elif argument.keyword:
                keywords[argument.keyword] = value
            else:
                positional.append(value)
        return Arguments(tuple(positional), tuple(keywords.items()), rest, tuple(given))

    def _spread(self, frame: Frame, value: Value, positional: list[Value], rest: Value) -> Value:
        match list(value.things):
            case [Items(elements=elements)]:
                positional.extend(elements)
                return rest
            case [Container(kind="list") as container]:
                if indexed := self._indexed(container):
                    positional.extend(indexed)
                    return rest
        return join((rest, self.run.expressions.element(frame, value, None)))

    def _indexed(self, container: Container) -> list[Value]:
        """The elements of a list display, if nothing was added to it since."""
        cells = self.run.world.members("item", container.site)
        found: list[Value] = []
        while None not in cells and str(len(found)) in cells:
            found.append(cells[str(len(found))])
        return found

    def _spread_mapping(self, value: Value, keywords: dict[str, Value], rest: Value) -> Value:
        for container in value.of(Container):
            for key, held in self.run.world.members("item", container.site).items():
                if key is None:
                    rest = join((rest, held))
                else:
                    keywords[key] = held
        return rest if value.of(Container) else join((rest, UNKNOWN))

    def call(self, frame: Frame, node: e.Call, thing: Thing, arguments: Arguments) -> Value:
        """Call one thing."""
        match thing:
            case Function():
                return self.function(frame, thing, arguments, node)
            case Class():
                return self.instantiate(frame, node, thing, arguments)
            case Library():
                return self.run.making.call(frame, node, thing, arguments)
            case Method():
                return self.run.making.method(frame, node, thing, arguments)
            case Partial():
                return self._partial(frame, node, thing, arguments)
            case Instance():
                method = self.run.accesses.class_attribute(frame, thing, "__call__")
                if method.of(Function):
                    return join(self.call(frame, node, part, arguments) for part in method.things)
        return self.unknown(frame, node, arguments)

    def unknown(self, frame: Frame, node: e.Call, arguments: Arguments) -> Value:
        """A call of something that we can't see: what it is given escapes."""
        del node
        for part, value in arguments.given:
            self.run.accesses.escape(frame, part, value)
        return Value(UNKNOWN.things, arguments.all().reads)

    def _partial(self, frame: Frame, node: e.Call, thing: Partial, arguments: Arguments) -> Value:
        merged = Arguments(
            (*thing.positional, *arguments.positional),
            tuple({**dict(thing.keywords), **dict(arguments.keywords)}.items()),
            arguments.rest,
        )
        return join(self.call(frame, node, part, merged) for part in thing.function.things)

    def call_value(self, frame: Frame, function: Value, receiver: Thing | None = None, *given: Value) -> Value:
        """Call whatever `function` is with these arguments, from where the frame now is."""
        arguments = Arguments(tuple(given))
        results = []
        for thing in function.things:
            bound = thing
            if isinstance(thing, Function) and receiver is not None:
                bound = replace(thing, receiver=receiver)
            if isinstance(bound, Function):
                results.append(self.function(frame, bound, arguments, None))
            elif isinstance(bound, (Class, Partial, Method, Library)) and frame.statement:
                node = e.Call(frame.statement, e.Name(frame.statement, ""), ())
                results.append(self.call(frame, node, bound, arguments))
        return join(results)

    def call_from(self, frame: Frame, thing: Thing, arguments: Arguments) -> Value:
        """Call without a call expression: what a launch does with its target."""
        assert frame.statement is not None
        node = e.Call(frame.statement, e.Name(frame.statement, ""), ())
        return self.call(frame, node, thing, arguments)

    def nothing_known(self) -> Arguments:
        return Arguments(rest=UNKNOWN)

    def call_unknown(self, frame: Frame, thing: Function) -> Value:
        """Call with arguments of which nothing is known but the annotations."""
        return self.function(frame, thing, self.nothing_known(), None)

    # Classes

    def instantiate(self, frame: Frame, node: e.Call, thing: Class, arguments: Arguments) -> Value:
        """Make an instance; `__init__` runs with it."""
        site = self.run.expressions.site(frame, node)
        instance = Instance(thing, replace(site, context=site.context[:1]))
        self.run.world.instances.setdefault(thing, set()).add(instance)
        self.run.world.born[instance] = self.run.root
        self.initialise(frame, instance, arguments, node)
        self.run.launches.made(frame, instance)
        return one(instance)

    def initialise(self, frame: Frame, instance: Instance, arguments: Arguments, node: e.Call | None) -> None:
        """Run `__init__`, or fill a record's fields."""
        found = self.run.definitions.lookup(instance.definition, "__init__")
        if found.of(Function):
            for method in found.of(Function):
                self.function(frame, replace(method, receiver=instance), arguments, node)
        elif self.run.definitions.is_record(instance.definition):
            self._fill(frame, instance, arguments)
            self._after(frame, instance)
        elif node is not None and self.run.definitions.has_unknown_bases(instance.definition):
            self.run.accesses.escape(frame, node, arguments.all())

    def _after(self, frame: Frame, instance: Instance) -> None:
        found = self.run.definitions.lookup(instance.definition, "__post_init__")
        for method in found.of(Function):
            self.function(frame, replace(method, receiver=instance), Arguments(), None)

    def _fill(self, frame: Frame, instance: Instance, arguments: Arguments) -> None:
        fields = self.run.definitions.fields(instance.definition)
        for position, name in enumerate(fields):
            value = join((arguments.keyword(name, position), arguments.rest))
            if not value.things:
                value = self._default(frame, instance, name)
            self.run.names._name_objects(name, value)  # noqa: SLF001
            self.run.world.store(("attribute", instance, name), value)

    def _default(self, frame: Frame, instance: Instance, name: str) -> Value:
        """A field's default; `field(default_factory=f)` calls f for each instance."""
        value = self.run.definitions.lookup(instance.definition, name)
        factories = [self.run.world.load("made", made.site, "factory") for made in value.of(Made)]
        if not factories:
            return value
        inside = replace(frame, site_context=_context(instance.site))
        result = join(self.call_value(inside, factory) for factory in factories)
        return result

    # Functions

    def function(self, frame: Frame, thing: Function, arguments: Arguments, node: e.Call | None) -> Value:
        """Run a function's body with these arguments, or recall what that came to."""
        world = self.run.world
        base = replace(thing, receiver=None)
        definition = world.functions.get(base)
        if definition is None or frame.state is None:
            return UNKNOWN
        world.called.add((thing.path, thing.span))
        span = node.span if node else frame.statement
        place = Location(frame.path, span) if span else Location(frame.path, definition.span)
        bound = self._bind(frame, thing, definition, arguments, place)
        outline = self._outline(frame, thing, bound)
        if outline in self.inert:
            return self.inert[outline].depending_on(arguments.all().reads)
        key = self._key(frame, thing, bound, place)
        if key in self.running or frame.depth > _DEEPEST or self.run.exhausted:
            return Value(UNKNOWN.things if self.run.exhausted else frozenset(), arguments.all().reads)
        if key not in self.summaries:
            self.running.add(key)
            before = world.interest
            self.summaries[key] = self._run(frame, thing, definition, bound, key, place)
            self.running.discard(key)
            if world.interest == before and outline is not None:
                self.inert[outline] = self.summaries[key].value.without_reads()
        return self._apply(frame, self.summaries[key], bound)

    def _outline(self, frame: Frame, thing: Function, bound: dict[str, Value]) -> Hashable:
        """A call without what can't matter unless shared memory does; None where that is handed over.

        A function that did nothing that matters will not do so for other numbers, from other
        places, with other locks held.
        """
        if any(self.run.world.matters(value) for value in bound.values()):
            return None
        objects = tuple(
            frozenset(part for part in value.things if not isinstance(part, _SCALARS))
            for value in bound.values()
        )
        return (thing, objects, frame.context.root)

    def _key(self, frame: Frame, thing: Function, bound: dict[str, Value], place: Location) -> Hashable:
        """What a call's outcome depends on; where it stands only matters to what it makes or is told."""
        state = frame.state
        assert state is not None
        reads = [read for value in bound.values() for read in value.reads]
        makes = (thing.path, thing.span) in self.run.world.makers
        born = any(self._is_new(part) for value in bound.values() for part in value.things)
        return (
            thing,
            tuple((name, value.things) for name, value in bound.items()),
            frozenset((read.site, read.cell, read.at) for read in reads),
            tuple(section.locks for section in state.held),
            state.live if born or not frame.context.root else None,
            frame.context,
            self.run.root if frame.context.root and born else -1,
            (self.run.loops, place, frame.site_context) if makes else place if reads else None,
        )

    def _is_new(self, part: Thing) -> bool:
        """Whether a thing was made since the code that we don't see called in."""
        world = self.run.world
        if isinstance(part, Shared):
            return world.shared[part.site].root == self.run.root
        return isinstance(part, Instance) and world.born.get(part) == self.run.root

    def _run(
        self, frame: Frame, thing: Function, definition: FunctionNode, bound: dict[str, Value], key: Hashable, place: Location
    ) -> Summary:
        world = self.run.world
        entry = frame.state
        assert entry is not None
        inner = Frame(
            id=self.run.frame_id((thing, _closed_over(bound))),
            serial=self.run.next(),
            path=thing.path,
            qualified=definition.qualified,
            context=frame.context,
            state=State(bound, entry.held, entry.live),
            caller=frame,
            enclosing=world.frames.get(thing.frame),
            node=definition,
            receiver=thing.receiver,
            owner=self._owner(thing),
            site_context=self._site_context(frame, thing, place),
            depth=frame.depth + 1,
        )
        world.frames[inner.id] = inner
        for name, value in bound.items():
            inner.cells[name] = value.without_reads()
        self.run.statements.block(inner, definition.body)
        self.run.definitions.leftover(inner)
        return self._summary(inner, definition, entry)

    def _owner(self, thing: Function) -> Class | None:
        enclosing = self.run.world.frames.get(thing.frame)
        if enclosing is not None and enclosing.kind == "class":
            return enclosing.owner
        return None

    def _site_context(self, frame: Frame, thing: Function, place: Location) -> tuple[Location, ...]:
        """What tells apart the objects that one text makes: the instance, else the call."""
        if isinstance(thing.receiver, Instance):
            return _context(thing.receiver.site)
        if (thing.path, thing.span) not in self.run.world.makers:
            return ()
        return (place,)

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
                exit_state = merge(inner.yields) or exit_state
                value = join(inner.yielded)
        if exit_state is None:
            return Summary(inner.serial, value, frozenset(), frozenset(), (), (), alive=False)
        known = {section.id: index for index, section in enumerate(entry.held)}
        kept = tuple(known[section.id] for section in exit_state.held if section.id in known)
        opened = tuple(section for section in exit_state.held if section.id not in known)
        started, ended = exit_state.live - entry.live, entry.live - exit_state.live
        return Summary(inner.serial, value, started, ended, kept, opened, alive=True)

    def _generated(self, inner: Frame, definition: FunctionNode) -> Value:
        container = Container(Site(Location(inner.path, definition.span), inner.site_context), "list")
        self.run.world.store(("item", container.site, None), join(inner.yielded))
        return one(container)

    def _apply(self, frame: Frame, summary: Summary, bound: dict[str, Value]) -> Value:
        """Come back: what the callee left held and running is so for the caller, too."""
        state = frame.state
        assert state is not None
        if summary.alive:
            kept = [state.held[index] for index in summary.kept if index < len(state.held)]
            opened = [replace(section, id=self.run.next()) for section in summary.opened]
            state.held = (*kept, *opened)
            state.live = (state.live | summary.started) - summary.ended
        sections = frozenset(section.id for section in state.held)
        given = {_load(read): read for value in bound.values() for read in value.reads}
        reads = frozenset(
            self._rebased(frame, read, sections)
            if read.frame == summary.serial
            else given.get(_load(read), read)
            for read in summary.value.reads
        )
        return Value(summary.value.things, reads)

    def _rebased(self, frame: Frame, read: Read, sections: frozenset[int]) -> Read:
        """A load in the callee, as the caller sees it: it happened in the calling statement."""
        return replace(
            read, frame=frame.serial, statement=frame.statement_serial, sections=sections
        )

    # Parameters

    def _bind(
        self, frame: Frame, thing: Function, definition: FunctionNode, arguments: Arguments, place: Location
    ) -> dict[str, Value]:
        positional = list(arguments.positional)
        if thing.receiver is not None:
            positional.insert(0, one(thing.receiver))
        keywords = dict(arguments.keywords)
        bound: dict[str, Value] = {}
        for parameter in definition.parameters:
            value = self._argument(frame, thing, parameter, positional, keywords, arguments.rest)
            bound[parameter.name] = value
        if isinstance(thing.receiver, Instance) and definition.parameters:
            itself = definition.parameters[0].name
            if bound[itself].things != {thing.receiver} and definition.parameters[0].kind != "star":
                bound[itself] = one(thing.receiver)
        del place
        return bound

    def _argument(
        self, frame: Frame, thing: Function, parameter: Parameter, positional: list[Value], keywords: dict[str, Value], rest: Value
    ) -> Value:
        match parameter.kind:
            case "star":
                given = tuple(positional)
                positional.clear()
                return one(Items(given)) if not rest.things else self._open_ended(thing, parameter, given, rest)
            case "double-star":
                return self._keywords(thing, parameter, keywords)
        if positional and parameter.kind != "keyword-only":
            value = positional.pop(0)
        elif parameter.name in keywords:
            value = keywords.pop(parameter.name)
        else:
            default = self.run.world.load("default", thing.path, parameter.span)
            value = join((rest, default)) if rest.things else default
        self.run.names._name_objects(parameter.name, value)  # noqa: SLF001
        return self._annotated(frame, thing, parameter, value)

    def _open_ended(self, thing: Function, parameter: Parameter, given: tuple[Value, ...], rest: Value) -> Value:
        container = Container(Site(Location(thing.path, parameter.span)), "list")
        self.run.world.store(("item", container.site, None), join((*given, rest)))
        return one(container)

    def _keywords(self, thing: Function, parameter: Parameter, keywords: dict[str, Value]) -> Value:
        container = Container(Site(Location(thing.path, parameter.span)), "dict")
        for name, value in keywords.items():
            self.run.world.store(("item", container.site, name), value)
        keywords.clear()
        return one(container)

    def _annotated(self, frame: Frame, thing: Function, parameter: Parameter, value: Value) -> Value:
        """An annotation says what an argument is that nobody in sight hands over."""
        if parameter.annotation is None:
            return value
        if value.of(Shared):
            self.run.making.annotation_used(thing, parameter, value, frame)
            return value
        if value.of(Unknown) or not value.things:
            said = self.run.making.annotated(thing, parameter)
            return said if said.things else value
        return value


def _closed_over(bound: dict[str, Value]) -> frozenset[Thing]:
    """What tells apart the activations that nested functions close over."""
    kinds = (Shared, Lock, Function, Class)
    return frozenset(part for value in bound.values() for part in value.things if isinstance(part, kinds))


def _load(read: Read) -> Hashable:
    return (read.site, read.cell, read.at)


def _context(site: Site) -> tuple[Location, ...]:
    return (site.at, *site.context)[:_LONGEST_CONTEXT]


