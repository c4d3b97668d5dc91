"""Calls of the project's own functions and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.lean import replace
from lintvalue.model.project import LockKind
from lintvalue.resolve import library
from lintvalue.resolve.activations import context_of
from lintvalue.resolve.arguments import NOTHING_KNOWN, Arguments
from lintvalue.resolve.builtins import ADDS
from lintvalue.resolve.crowds import of_all
from lintvalue.resolve.releases import RELEASES
from lintvalue.resolve.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Library,
    Lock,
    Made,
    Method,
    Partial,
    Unknown,
    Value,
    join,
    one,
)

if TYPE_CHECKING:
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame, Section
    from lintvalue.resolve.values import Thing


class Calls:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def evaluate(self, frame: Frame, node: e.Call) -> Value:
        """`function(arguments)`."""
        callee = self.run.expressions.evaluate(frame, node.function)
        arguments = self.run.passing.evaluate(frame, node)
        if not callee.things:
            return Value(frozenset(), arguments.all().reads)
        if frame.state is not None and not all(isinstance(x, Library) for x in callee.things):
            frame.state.forget()
        parts = [self.call(frame, node, thing, arguments) for thing in callee.things]
        return join(parts).depending_on(callee.reads)

    def call(self, frame: Frame, node: e.Call, thing: Thing, arguments: Arguments) -> Value:
        """Call one thing."""
        match thing:
            case Unknown():
                return self.unknown(frame, node, arguments)
            case Function():
                return self.run.activations.call(frame, thing, arguments, node)
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
        name = node.function.name if isinstance(node.function, e.Attribute) else ""
        if name == "run_in_executor":
            self._to_executor(frame, arguments)
        if name in RELEASES:
            self.run.releases.released(frame, (Unknown(),))
        if name in ADDS or name in library.SENDS:
            self.run.results.kept(frame, None, arguments.all())
        for part, value in arguments.given:
            self.run.records.escape(frame, part, value)
            self.run.releases.escaped(frame, value)
        self._guarded(frame, name)
        return Value(UNKNOWN.things, arguments.all().reads)

    def _guarded(self, frame: Frame, name: str) -> None:
        """Remember a method that is called on something that we can't name, under a lock taken for it."""
        above = frame.caller.state.held if frame.caller and frame.caller.state else ()
        taken = [part for part in _held(frame) if part.id not in {outer.id for outer in above}]
        held = any(not part.guess and any(map(_may_exclude, part.locks)) for part in taken)
        if name and held and name not in self.run.world.guarded:
            self.run.world.guarded.add(name)
            self.run.world.grown = True

    def _to_executor(self, frame: Frame, arguments: Arguments) -> None:
        """`loop.run_in_executor(pool, f, …)` pickles for a pool of processes."""
        for made in arguments.keyword("executor", 0).of(Made):
            launch = self.run.world.launches.get(made.site)
            if launch is not None and not launch.thread:
                self.run.sending.sent(frame, arguments.positional[1:])

    def _partial(self, frame: Frame, node: e.Call, thing: Partial, arguments: Arguments) -> Value:
        merged = Arguments(
            (*thing.positional, *arguments.positional),
            tuple({**dict(thing.keywords), **dict(arguments.keywords)}.items()),
            arguments.rest,
        )
        return join(self.call(frame, node, part, merged) for part in thing.function.things)

    def call_value(
        self, frame: Frame, function: Value, receiver: Thing | None = None, *given: Value
    ) -> Value:
        """Call whatever `function` is with these arguments, from where the frame now is."""
        arguments = Arguments(tuple(given))
        results = []
        for thing in function.things:
            bound = thing
            if isinstance(thing, Function) and receiver is not None:
                bound = replace(thing, receiver=receiver)
            if isinstance(bound, Function):
                results.append(self.run.activations.call(frame, bound, arguments, None))
            elif isinstance(bound, (Class, Partial, Method, Library)) and frame.statement:
                node = e.Call(frame.statement, e.Name(frame.statement, ""), ())
                results.append(self.call(frame, node, bound, arguments))
        return join(results)

    def call_from(self, frame: Frame, thing: Thing, arguments: Arguments) -> Value:
        """Call without a call expression: what a launch does with its target."""
        assert frame.statement is not None
        node = e.Call(frame.statement, e.Name(frame.statement, ""), ())
        return self.call(frame, node, thing, arguments)

    def call_unknown(self, frame: Frame, thing: Function) -> Value:
        """Call with arguments of which nothing is known but the annotations."""
        return self.run.activations.call(frame, thing, NOTHING_KNOWN, None)

    # Classes

    def instantiate(self, frame: Frame, node: e.Call, thing: Class, arguments: Arguments) -> Value:
        """Make an instance; `__init__` runs with it."""
        instance = self._instance(frame, node, thing)
        self.run.world.instances.setdefault(thing, set()).add(instance)
        self.run.world.homes.setdefault(instance, set()).add(frame.context.launch)
        self.initialise(frame, instance, arguments, node)
        self.run.launches.made(frame, instance)
        return one(instance)

    def _instance(self, frame: Frame, node: e.Call, thing: Class) -> Instance:
        """The object that a call makes, told apart by its place, or one of a crowd."""
        if self.run.world.classes[thing].node.name in self.run.world.crowds:
            return of_all(thing)
        site = self.run.expressions.site(frame, node)
        instance = Instance(thing, replace(site, context=site.context[:1]))
        self.run.world.born[instance] = self.run.root
        return instance

    def initialise(
        self, frame: Frame, instance: Instance, arguments: Arguments, node: e.Call | None
    ) -> None:
        """Run `__init__`, or fill a record's fields."""
        found = self.run.definitions.lookup(instance.definition, "__init__")
        if found.of(Function):
            for method in found.of(Function):
                self.run.activations.call(
                    frame, replace(method, receiver=instance), arguments, node
                )
        elif self.run.definitions.is_record(instance.definition):
            self._fill(frame, instance, arguments)
            self._after(frame, instance)
        elif node is not None and self.run.definitions.has_unknown_bases(instance.definition):
            self.run.records.escape(frame, node, arguments.all())

    def _after(self, frame: Frame, instance: Instance) -> None:
        found = self.run.definitions.lookup(instance.definition, "__post_init__")
        for method in found.of(Function):
            self.run.activations.call(frame, replace(method, receiver=instance), Arguments(), None)

    def _fill(self, frame: Frame, instance: Instance, arguments: Arguments) -> None:
        fields = self.run.definitions.fields(instance.definition)
        for position, name in enumerate(fields):
            value = join((arguments.keyword(name, position), arguments.rest))
            if not value.things:
                value = self._default(frame, instance, name)
            self.run.names.name_objects(name, value)
            self.run.wrappers.bound(frame, instance, name, value, initial=True)
            self.run.world.store(("attribute", instance, name), value)

    def _default(self, frame: Frame, instance: Instance, name: str) -> Value:
        """A field's default; `field(default_factory=f)` calls f for each instance."""
        value = self.run.definitions.lookup(instance.definition, name)
        factories = [self.run.world.load("made", made.site, "factory") for made in value.of(Made)]
        if not factories:
            return value
        inside = replace(frame, site_context=context_of(instance.site))
        return join(self.call_value(inside, factory) for factory in factories)


def _held(frame: Frame) -> tuple[Section, ...]:
    return frame.state.held if frame.state is not None else ()


def _may_exclude(lock: Lock | Unknown) -> bool:
    """Whether a lock may keep out other processes, for all that we know."""
    return not isinstance(lock, Lock) or lock.kind is not LockKind.THREAD
