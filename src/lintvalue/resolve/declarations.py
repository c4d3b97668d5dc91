"""Declarations: where an annotation names the type of shared objects that are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.project import Touch
from lintvalue.model.span import Location
from lintvalue.resolve import library
from lintvalue.resolve.makers import children
from lintvalue.resolve.values import Const, Container, Items, Library, Shared, Site, Value, join
from lintvalue.resolve.world import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.span import Span
    from lintvalue.resolve.interpreter import Interpreter

_WRAPPED = frozenset(
    f"{module}.{name}"
    for module in ("typing", "typing_extensions")
    for name in ("Optional", "Union", "Annotated", "Final", "ClassVar")
) | {"dataclasses.InitVar"}
_TUPLES = frozenset({"builtins.tuple", "typing.Tuple"})
_DEEPEST = 3


class Declarations:
    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self._known: dict[tuple[str, Span], bool] = {}

    def declared(self, path: str, node: e.Expression | None, value: Value) -> None:
        """Take down which parts of an annotation stand for the shared objects of a value."""
        if node is None or not value.things or not self._names_one(path, node):
            return
        match node:
            case e.Literal():
                self._take(path, node, self._all(value))
            case e.Subscript() if not self._is_type(path, node.value):
                for part, held in self._arguments(path, node, value):
                    self.declared(path, part, held)
            case e.Combined(parts=parts):
                for part in parts:
                    self.declared(path, part, value)
            case _:
                self._take(path, node, value)

    def _take(self, path: str, node: e.Expression, value: Value) -> None:
        objects = {thing.site for thing in value.of(Shared)}
        if not objects:
            return
        place = (Touch.ANNOTATION, Location(path, node.span))
        seen = self.run.world.uses.setdefault(place, Seen(node.span, node.span))
        seen.sites |= objects
        for thing in value.things:
            none = isinstance(thing, Const) and thing.value is None
            seen.sure &= none or isinstance(thing, Shared)

    # What an annotation names

    def _names_one(self, path: str, node: e.Expression) -> bool:
        """Whether a type of shared objects stands anywhere in it."""
        key = (path, node.span)
        if key not in self._known:
            self._known[key] = any(self._is_type(path, part) for part in _parts(node))
        return self._known[key]

    def _is_type(self, path: str, node: e.Expression) -> bool:
        annotations = self.run.annotations
        if isinstance(node, e.Literal) and isinstance(node.value, str):
            meant = join(annotations.named_in(path, node, node.value))
        else:
            meant = annotations.meaning(path, node)
        return any(library.member(one.name) in library.ANNOTATED for one in meant.of(Library))

    def _arguments(
        self, path: str, node: e.Subscript, value: Value
    ) -> Iterator[tuple[e.Expression, Value]]:
        """The arguments of a generic type, and what of the value each of them stands for."""
        names = {thing.name for thing in self.run.annotations.meaning(path, node.value).of(Library)}
        parts = node.key.elements if isinstance(node.key, e.Sequence) else (node.key,)
        if names & _WRAPPED:
            yield from ((part, value) for part in parts)
            return
        rows = [thing.elements for thing in value.of(Items) if len(thing.elements) == len(parts)]
        for index, part in enumerate(parts):
            in_order = bool(names & _TUPLES) and len(rows) == len(value.things)
            yield part, join(row[index] for row in rows) if in_order else self._held(value)

    # What a value holds

    def _held(self, value: Value) -> Value:
        contents = [element for thing in value.of(Items) for element in thing.elements]
        contents += map(self.run.expressions.contents_of, value.of(Container))
        return join(contents)

    def _all(self, value: Value) -> Value:
        """The objects among a value and in its containers."""
        found, inner = value, value
        for _ in range(_DEEPEST):
            inner = self._held(inner)
            found = join((found, inner))
        containers = (Items, Container)
        things = (thing for thing in found.things if not isinstance(thing, containers))
        return Value(frozenset(things))

    # Declarations without a value

    def bare(self) -> None:
        """Take down `hits: Synchronized`, of modules, classes and functions, once all is known."""
        for path, facts in self.run.world.facts.items():
            self._bare(path, facts.body, None)

    def _bare(self, path: str, node: object, scope: s.Function | s.Class | None) -> None:
        if isinstance(node, s.Annotated) and isinstance(node.target, e.Name):
            if (node.value is None or isinstance(scope, s.Class)) and self._names_one(
                path, node.annotation
            ):
                value = self._named(path, scope, node.target.id)
                self.declared(path, node.annotation, value)
        elif not isinstance(node, _EXPRESSIONS):
            inner = node if isinstance(node, (s.Function, s.Class)) else scope
            for child in children(node):
                self._bare(path, child, inner)

    def _named(self, path: str, scope: s.Function | s.Class | None, name: str) -> Value:
        """All that a name of a module, a class or a function stands for."""
        world = self.run.world
        match scope:
            case None:
                return world.load("global", path, name)
            case s.Class():
                return join(self._of_class(path, scope, name))
            case s.Function():
                frames = (one for one in world.frames.values() if one.path == path)
                return join(
                    frame.cells[name]
                    for frame in frames
                    if frame.node is not None and frame.node.span == scope.span
                    if name in frame.cells
                )

    def _of_class(self, path: str, scope: s.Class, name: str) -> Iterator[Value]:
        world = self.run.world
        declared = [one for one in world.classes if (one.path, one.span) == (path, scope.span)]
        for definition in world.classes:
            if not set(declared) & set(self.run.definitions.bases(definition)):
                continue
            yield world.load("class", definition, name)
            made_up = Site(Location(definition.path, definition.span))
            for instance in world.instances.get(definition, ()):
                if instance.site == made_up:
                    continue
                yield world.load("attribute", instance, name)


_EXPRESSIONS = (
    *(e.Name, e.Attribute, e.Subscript, e.Call, e.Literal, e.Sequence, e.Mapping, e.Choice),
    *(e.Combined, e.Lambda, e.Comprehension, e.Walrus, e.Starred, e.Suspension),
)


def _parts(node: e.Expression) -> Iterator[e.Expression]:
    """The parts of an annotation that may be types; quoted ones may name several."""
    yield node
    match node:
        case e.Subscript(value=value, key=key):
            yield from _parts(value)
            yield from _parts(key)
        case e.Sequence(elements=parts) | e.Combined(parts=parts):
            for part in parts:
                yield from _parts(part)
