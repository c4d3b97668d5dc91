"""Arguments: what a call hands over, and what its parameters stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.lean import dataclass
from lintvalue.model.span import Location
from lintvalue.resolve.values import (
    NOTHING,
    UNKNOWN,
    Container,
    Instance,
    Items,
    Shared,
    Site,
    Unknown,
    Value,
    join,
    one,
)

if TYPE_CHECKING:
    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.model.statements import Parameter
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame
    from lintvalue.resolve.values import Function


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


NOTHING_KNOWN = Arguments(rest=UNKNOWN)


class Passing:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def evaluate(self, frame: Frame, node: e.Call) -> Arguments:
        """Evaluate the arguments, in order."""
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        rest = NOTHING
        given = []
        for argument in node.arguments:
            value = self.run.expressions.evaluate(frame, argument.value)
            given.append((argument.value, value))
            self.run.releases.handed(frame, value)
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
                if indexed := self.indexed(container):
                    positional.extend(indexed)
                    return rest
        return join((rest, self.run.expressions.element(frame, value, None)))

    def indexed(self, container: Container) -> list[Value]:
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
                    keywords[str(key)] = held
        return rest if value.of(Container) else join((rest, UNKNOWN))

    # Binding to parameters

    def bind(
        self,
        frame: Frame,  # noqa: ARG002 - for those who take notes
        thing: Function,
        definition: FunctionNode,
        arguments: Arguments,
    ) -> dict[str, Value]:
        """What each parameter of a function stands for in a call."""
        positional = list(arguments.positional)
        if thing.receiver is not None:
            positional.insert(0, one(thing.receiver))
        keywords = dict(arguments.keywords)
        bound: dict[str, Value] = {}
        for parameter in definition.parameters:
            value = self._argument(thing, parameter, positional, keywords, arguments.rest)
            bound[parameter.name] = value
        if isinstance(thing.receiver, Instance) and definition.parameters:
            itself = definition.parameters[0].name
            if bound[itself].things != {thing.receiver} and definition.parameters[0].kind != "star":
                bound[itself] = one(thing.receiver)
        return bound

    def _argument(
        self,
        thing: Function,
        parameter: Parameter,
        positional: list[Value],
        keywords: dict[str, Value],
        rest: Value,
    ) -> Value:
        match parameter.kind:
            case "star":
                given = tuple(positional)
                positional.clear()
                return (
                    one(Items(given))
                    if not rest.things
                    else self._open_ended(thing, parameter, given, rest)
                )
            case "double-star":
                return self._keywords(thing, parameter, keywords)
        if positional and parameter.kind != "keyword-only":
            value = positional.pop(0)
        elif parameter.name in keywords:
            value = keywords.pop(parameter.name)
        else:
            default = self.run.world.load("default", thing.path, parameter.span)
            value = join((rest, default)) if rest.things else default
        self.run.names.name_objects(parameter.name, value)
        if _may_be_none(parameter):
            self.run.world.optional.update(thing.site for thing in value.of(Shared))
        return self._annotated(thing, parameter, value)

    def _open_ended(
        self, thing: Function, parameter: Parameter, given: tuple[Value, ...], rest: Value
    ) -> Value:
        container = Container(Site(Location(thing.path, parameter.span)), "list")
        self.run.world.store(("item", container.site, None), join((*given, rest)))
        return one(container)

    def _keywords(self, thing: Function, parameter: Parameter, keywords: dict[str, Value]) -> Value:
        container = Container(Site(Location(thing.path, parameter.span)), "dict")
        for name, value in keywords.items():
            self.run.world.store(("item", container.site, name), value)
        keywords.clear()
        return one(container)

    def _annotated(self, thing: Function, parameter: Parameter, value: Value) -> Value:
        """An annotation says what an argument is that nobody in sight hands over."""
        if parameter.annotation is None:
            return self.run.annotations.shown(thing, parameter, value)
        self.run.declarations.declared(thing.path, parameter.annotation, value)
        if value.of(Shared):
            return value
        if value.of(Unknown) or not value.things:
            said = self.run.annotations.meant(thing, parameter)
            return said if said.things else value
        return value


def _may_be_none(parameter: Parameter) -> bool:
    """Whether a parameter says that it is optional."""
    default, annotation = parameter.default, parameter.annotation
    if isinstance(default, e.Literal) and default.value is None:
        return True
    match annotation:
        case e.Combined(parts=parts):
            return any(isinstance(part, e.Literal) and part.value is None for part in parts)
        case e.Literal(value=str(text)):
            return "None" in text or "Optional" in text
        case e.Subscript(value=e.Name(id="Optional") | e.Attribute(name="Optional")):
            return True
        case e.Subscript(key=e.Sequence(elements=parts)):
            return any(isinstance(part, e.Literal) and part.value is None for part in parts)
    return False
