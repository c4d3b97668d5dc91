"""The interpreter, taking down on its way what an explanation needs; a check runs without it.

Each part does what it always does, and notes what came of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field
from lintvalue.model.span import Location
from lintvalue.model.trace import Means, Scope
from lintvalue.resolve.accesses import Accesses
from lintvalue.resolve.activations import Activations
from lintvalue.resolve.arguments import Passing
from lintvalue.resolve.calls import Calls
from lintvalue.resolve.expressions import Expressions
from lintvalue.resolve.interpreter import Interpreter
from lintvalue.resolve.names import Names
from lintvalue.resolve.records import Records
from lintvalue.resolve.values import NOTHING, Instance, Shared, Site, Value

if TYPE_CHECKING:
    from lintvalue.model import expressions as e
    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.model.statements import Parameter
    from lintvalue.resolve.activations import Invocation
    from lintvalue.resolve.arguments import Arguments
    from lintvalue.resolve.state import Context, Frame, Section
    from lintvalue.resolve.summaries import Summary
    from lintvalue.resolve.values import Function, Read, Thing
    from lintvalue.resolve.world import World


@dataclass(frozen=True, slots=True)
class Named:
    """An object gets a name; see `model.trace.Arrival`."""

    site: Site
    means: Means
    name: str
    at: Location
    scope: Scope
    source: tuple[Location, Scope] | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """A load or a store, in the activation `serial`."""

    site: Site
    cell: str
    stores: bool
    whole: bool  # by the object itself, not by what `get_obj()` returns or an element of it
    at: Location
    serial: int


@dataclass(slots=True)
class Trails:
    """What was noted in one round; `path` is the file whose expressions are wanted.

    Names outlive their round: an object that is made up for code out of sight gets them only once.
    """

    path: str
    named: dict[Named, None]
    touches: dict[Touch, list[tuple[Section, ...]]] = field(default_factory=dict)
    frames: dict[int, tuple[Scope, Context, bool]] = field(default_factory=dict)
    calls: dict[tuple[int, int, Location], None] = field(default_factory=dict)
    met: dict[Location, set[Thing]] = field(default_factory=dict)
    held: dict[tuple[Location, Context], dict[tuple[Section, ...], None]] = field(
        default_factory=dict
    )

    def enter(self, frame: Frame) -> None:
        known = (scope_of(frame), frame.context, frame.kind == "launch")
        self.frames.setdefault(frame.serial, known)


def scope_of(frame: Frame) -> Scope:
    return Scope(frame.path, frame.qualified)


class TracedInterpreter(Interpreter):
    """An interpreter that keeps `trails`."""

    def __init__(self, world: World, path: str, named: dict[Named, None]) -> None:
        super().__init__(world)
        self.trails = Trails(path, named)
        self.expressions = _Expressions(self)
        self.names = _Names(self)
        self.passing = _Passing(self)
        self.accesses = _Accesses(self)
        self.records = _Records(self)
        self.activations = _Activations(self)
        self.calls = _Calls(self)

    def name(self, frame: Frame, means: Means, name: str, value: Value) -> None:
        """Note that objects get a name at the statement that runs."""
        if frame.statement is not None:
            at = Location(frame.path, frame.statement)
            for thing in value.of(Shared):
                self.trails.named[Named(thing.site, means, name, at, scope_of(frame))] = None


class _Expressions(Expressions):
    run: TracedInterpreter

    def evaluate(self, frame: Frame, node: e.Expression) -> Value:
        if frame.path != self.run.trails.path:
            return super().evaluate(frame, node)
        self._held(frame)
        value = super().evaluate(frame, node)
        place = Location(frame.path, node.span)
        self.run.trails.met.setdefault(place, set()).update(value.things)
        return value

    def _held(self, frame: Frame) -> None:
        if frame.statement is not None and frame.state is not None and frame.kind != "launch":
            key = (Location(frame.path, frame.statement), frame.context)
            self.run.trails.held.setdefault(key, {})[frame.state.held] = None


class _Names(Names):
    run: TracedInterpreter

    def store(self, frame: Frame, name: str, value: Value) -> None:
        super().store(frame, name, value)
        outside = name in frame.global_names or frame.kind in {"module", "class"}
        self.run.name(frame, Means.GLOBAL if outside else Means.NAME, name, value)


class _Accesses(Accesses):
    run: TracedInterpreter

    def store_attribute(self, frame: Frame, node: e.Attribute, value: Value) -> None:
        super().store_attribute(frame, node, value)
        self.run.name(frame, Means.ATTRIBUTE, node.name, value)

    def store_item(self, frame: Frame, node: e.Subscript, value: Value) -> None:
        super().store_item(frame, node, value)
        self.run.name(frame, Means.ITEM, node.text, value)


class _Calls(Calls):
    run: TracedInterpreter

    def initialise(
        self, frame: Frame, instance: Instance, arguments: Arguments, node: e.Call | None
    ) -> None:
        super().initialise(frame, instance, arguments, node)
        if self.run.definitions.is_record(instance.definition):
            for name in self.run.definitions.fields(instance.definition):
                value = self.run.world.load("attribute", instance, name)
                self.run.name(frame, Means.ATTRIBUTE, name, value)


class _Passing(Passing):
    run: TracedInterpreter

    def bind(
        self, frame: Frame, thing: Function, definition: FunctionNode, arguments: Arguments
    ) -> dict[str, Value]:
        bound = super().bind(frame, thing, definition, arguments)
        for parameter in definition.parameters if frame.kind != "root" else ():
            for shared in bound[parameter.name].of(Shared):
                self._arrived(frame, thing, definition.qualified, parameter, shared.site)
        return bound

    def _arrived(
        self, frame: Frame, thing: Function, function: str, parameter: Parameter, site: Site
    ) -> None:
        launch = frame.context.launch if frame.kind == "launch" else None
        place = launch.at if launch else Location(frame.path, frame.statement or parameter.span)
        self.run.trails.named[
            Named(
                site,
                Means.LAUNCH if launch else Means.PARAMETER,
                parameter.name,
                Location(thing.path, parameter.span),
                Scope(thing.path, function),
                (place, scope_of(frame)),
            )
        ] = None


class _Records(Records):
    run: TracedInterpreter

    def read(
        self, frame: Frame, node: e.Expression, thing: Shared, cell: str, key: str = ""
    ) -> Read:
        self._note(frame, node, thing, cell, stores=False)
        return super().read(frame, node, thing, cell, key)

    def write(
        self,
        frame: Frame,
        node: e.Attribute | e.Subscript | e.Call,
        thing: Shared,
        cell: str,
        value: Value,
        key: Value = NOTHING,
    ) -> None:
        self._note(frame, node, thing, cell, stores=True)
        super().write(frame, node, thing, cell, value, key)

    def _note(
        self, frame: Frame, node: e.Expression, thing: Shared, cell: str, *, stores: bool
    ) -> None:
        trails = self.run.trails
        trails.enter(frame)
        at = Location(frame.path, node.span)
        touch = Touch(thing.site, cell, stores, not thing.view, at, frame.serial)
        held = frame.state.held if frame.state else ()
        trails.touches.setdefault(touch, []).append(held)


class _Activations(Activations):
    run: TracedInterpreter

    def _apply(self, wanted: Invocation, summary: Summary) -> Value:
        trails = self.run.trails
        trails.enter(wanted.frame)
        scope = Scope(wanted.thing.path, wanted.definition.qualified)
        trails.frames.setdefault(summary.serial, (scope, wanted.frame.context, False))
        trails.calls[summary.serial, wanted.frame.serial, wanted.place] = None
        return super()._apply(wanted, summary)
