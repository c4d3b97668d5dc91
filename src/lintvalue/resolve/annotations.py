"""Annotations: what they say of arguments that nobody in sight hands over."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.project import Kind, LockKind
from lintvalue.model.span import Location
from lintvalue.resolve import library
from lintvalue.resolve.makers import walk
from lintvalue.resolve.values import (
    NOTHING,
    Class,
    Library,
    Lock,
    Shared,
    Site,
    Unknown,
    Value,
    bare,
    join,
    one,
)
from lintvalue.resolve.world import SharedInfo

if TYPE_CHECKING:
    from lintvalue.model.statements import Parameter
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.values import Function, Thing


class Annotations:
    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self._seen: dict[Function, dict[str, set[str]]] = {}

    def meant(self, thing: Function, parameter: Parameter) -> Value:
        """What a parameter's annotation alone says of it."""
        assert parameter.annotation is not None
        found = self.meaning(thing.path, parameter.annotation)
        place = Location(thing.path, parameter.annotation.span)
        parts = [self._made_of(part, place, parameter) for part in found.things]
        return join(part for part in parts if part.things)

    def _made_of(self, part: Thing, place: Location, parameter: Parameter) -> Value:
        if isinstance(part, Class):
            return Value(frozenset(self.run.world.instances.get(part, ())))
        member = library.member(part.name) if isinstance(part, Library) else None
        kind = library.ANNOTATED.get(member or "")
        if kind is None:
            return NOTHING
        return self._declared(place, parameter, kind)

    def _declared(self, place: Location, parameter: Parameter, kind: Kind) -> Value:
        site = Site(place)
        if site not in self.run.world.shared:
            own = Lock(site, LockKind.OWN)
            lock = frozenset({own}) if kind in {Kind.VALUE, Kind.ARRAY} else frozenset()
            self.run.world.shared[site] = SharedInfo(
                kind, lock, (), -1, name=parameter.name, by_annotation=True
            )
        return one(Shared(site, kind))

    def shown(self, thing: Function, parameter: Parameter, value: Value) -> Value:
        """What `get_lock()` is called on is a Value or an Array, if nothing else is known of it."""
        if any(not isinstance(part, Unknown) for part in value.things) or not value.things:
            return value
        attributes = self._attributes(thing)[parameter.name]
        if "get_lock" not in attributes:
            return value
        kind = Kind.VALUE if "value" in attributes else Kind.ARRAY
        place = Location(thing.path, parameter.span)
        self.run.world.optional.add(Site(place))  # it may be tested because callers leave it out
        return self._declared(place, parameter, kind)

    def _attributes(self, thing: Function) -> dict[str, set[str]]:
        """The attributes that a function's body takes of its names."""
        function = bare(thing)
        if function not in self._seen:
            found: dict[str, set[str]] = defaultdict(set)
            for node in walk(self.run.world.functions[function].body.statements):
                if isinstance(node, e.Attribute) and isinstance(node.value, e.Name):
                    found[node.value.id].add(node.name)
            self._seen[function] = found
        return self._seen[function]

    def meaning(self, path: str, node: e.Expression) -> Value:
        """The types that an annotation names."""
        match node:
            case e.Name():
                return self.run.names.module_level(path, node.id)
            case e.Attribute():
                return self._member_of(path, node)
            case e.Literal(value=str(text)):
                return self._quoted(path, node, text)
            case e.Subscript():
                return self._generic(path, node)
            case e.Combined(operator="|"):
                return join(self.meaning(path, part) for part in node.parts)
        return NOTHING

    def _member_of(self, path: str, node: e.Attribute) -> Value:
        bases = self.meaning(path, node.value).of(Library)
        names = (library.canonical(f"{base.name}.{node.name}") for base in bases)
        return join(one(Library(name)) for name in names)

    def _quoted(self, path: str, node: e.Literal, text: str) -> Value:
        """A quoted annotation: the first type in it, or all where it says that it may be any."""
        found = self.named_in(path, node, text)
        return join(
            found[:1] if "[" in text and not text.startswith(("Optional", "Union")) else found
        )

    def named_in(self, path: str, node: e.Literal, text: str) -> list[Value]:
        """What each of the dotted names in a quoted annotation means."""
        found = []
        for dotted in re.findall(r"[^\W\d][\w.]*", text):
            head, *rest = dotted.split(".")
            expression: e.Expression = e.Name(node.span, head)
            for name in rest:
                expression = e.Attribute(node.span, expression, name)
            found.append(self.meaning(path, expression))
        return found

    def _generic(self, path: str, node: e.Subscript) -> Value:
        base = self.meaning(path, node.value)
        names = {thing.name for thing in base.of(Library)}
        if names & {"typing.Optional", "typing.Union", "typing.Annotated"}:
            parts = node.key.elements if isinstance(node.key, e.Sequence) else (node.key,)
            return join(self.meaning(path, part) for part in parts)
        return base
