"""Functions and classes: what their definitions bind, what their bases and decorators add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.resolve.library import start_method
from lintvalue.resolve.state import Frame, State
from lintvalue.resolve.values import (
    NOTHING,
    UNKNOWN,
    Class,
    Descriptor,
    Function,
    Library,
    Value,
    join,
    one,
)
from lintvalue.resolve.world import Definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model import statements as s
    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.resolve.interpreter import Interpreter

_DESCRIPTORS = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
}
_HARMLESS_BASES = frozenset(
    {"builtins.object", "typing.Generic", "abc.ABC", "typing.NamedTuple", "typing.Protocol"}
)
_RECORDS = ("dataclass", "attrs", "attr.s", "define", "frozen", "mutable", "NamedTuple")


class Definitions:
    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self._lines: dict[Class, tuple[Class, ...]] = {}
        self._heirs: dict[Class, list[Class]] = {}

    # Functions

    def define(self, frame: Frame, node: FunctionNode) -> None:
        """`def`: bind the name to the function as its decorators leave it."""
        value = self.function(frame, node)
        for decorator in reversed(node.decorators):
            value = self._decorated(frame, decorator, value)
        self.run.names.store(frame, node.name, value)

    def function(self, frame: Frame, node: FunctionNode) -> Value:
        """The function itself; its defaults are evaluated now."""
        enclosing = frame.id if frame.kind != "module" else -1
        thing = Function(frame.path, node.span, enclosing)
        self.run.world.functions[thing] = node
        frame.nested.append(thing)
        for parameter in node.parameters:
            if parameter.default is not None:
                value = self.run.expressions.evaluate(frame, parameter.default)
                self.run.world.store(("default", frame.path, parameter.span), value)
        return one(thing)

    def _decorated(self, frame: Frame, node: e.Expression, value: Value) -> Value:
        if isinstance(node, e.Attribute) and node.name in {"setter", "getter", "deleter"}:
            return self._accessor(frame, node, value)
        decorator = self.run.expressions.evaluate(frame, node)
        for thing in decorator.things:
            if isinstance(thing, Library) and thing.name in _DESCRIPTORS:
                return one(Descriptor(_DESCRIPTORS[thing.name], value, NOTHING))
            if isinstance(thing, (Function, Class)) and not value.of(Descriptor):
                result = self.run.calls.call_value(frame, one(thing), None, value)
                return result if result.of(Function) else value
        return value  # those of libraries call what they decorate

    def _accessor(self, frame: Frame, node: e.Attribute, value: Value) -> Value:
        if node.name != "setter":
            return self.run.expressions.evaluate(frame, node.value)
        old = self.run.expressions.evaluate(frame, node.value).of(Descriptor)
        getter = join(part.function for part in old)
        return one(Descriptor("property", getter, value))

    def contextmanager(self, node: FunctionNode) -> bool:
        """Whether a generator is turned into a context manager."""
        return any(
            _last_name(decorator).endswith("contextmanager") for decorator in node.decorators
        )

    def leftover(self, frame: Frame) -> None:
        """Nested functions that nobody called in sight may be called by whom they were handed to."""
        if frame.kind == "module":
            return
        for thing in frame.nested:
            if (
                isinstance(thing, Function)
                and (thing.path, thing.span) not in self.run.world.called
            ):
                self.run.calls.call_unknown(frame, thing)

    # Classes

    def define_class(self, frame: Frame, node: s.Class) -> None:
        """`class`: run its body; what it binds are the class's attributes."""
        thing = Class(frame.path, node.span, frame.id if frame.kind != "module" else -1)
        definition = self.run.world.classes.setdefault(thing, Definition(node, frame.path))
        bases = [self.run.expressions.evaluate(frame, base) for base in node.bases]
        for keyword in node.keywords:
            self.run.expressions.evaluate(frame, keyword)
        definition.bases = join(bases)
        self._lines.clear()
        self._heirs.clear()
        decorators = [self.run.expressions.evaluate(frame, item) for item in node.decorators]
        names = [found.name for value in (*bases, *decorators) for found in value.of(Library)]
        names += [_last_name(item) for item in node.decorators]
        body = self._class_frame(frame, node, thing)
        self.run.world.frames[body.id] = body
        definition.fields.clear()
        if any(name.endswith(_RECORDS) for name in names):
            definition.fields.append("")  # a record: fields follow
        self.run.statements.block(body, node.body)
        self.run.names.store(frame, node.name, one(thing))

    def _class_frame(self, frame: Frame, node: s.Class, thing: Class) -> Frame:
        state = frame.state
        assert state is not None
        return Frame(
            id=self.run.frame_id(("class", thing)),
            serial=self.run.next(),
            path=frame.path,
            qualified=node.qualified,
            context=frame.context,
            state=State({}, state.held, state.live),
            enclosing=frame,
            owner=thing,
            kind="class",
            site_context=frame.site_context,
            depth=frame.depth,
        )

    def field(self, frame: Frame, node: s.Annotated) -> None:
        """An annotated name in a class body is a field, if the class is a record."""
        if frame.kind == "class" and frame.owner is not None and isinstance(node.target, e.Name):
            definition = self.run.world.classes[frame.owner]
            self.run.world.store(("field", frame.owner, node.target.id), UNKNOWN)
            if definition.fields and node.target.id not in definition.fields:
                definition.fields.append(node.target.id)

    def bases(self, thing: Class) -> tuple[Class, ...]:
        """The class and those it inherits from, nearest first."""
        if thing not in self._lines:
            self._lines[thing] = tuple(dict.fromkeys(self._ancestors(thing, frozenset())))
        return self._lines[thing]

    def heirs(self, thing: Class) -> list[Class]:
        """The class and those that inherit from it."""
        if not self._heirs:
            for definition in self.run.world.classes:
                for base in self.bases(definition):
                    self._heirs.setdefault(base, []).append(definition)
        return self._heirs.get(thing, [])

    def _ancestors(self, thing: Class, seen: frozenset[Class]) -> Iterator[Class]:
        if thing in seen or thing not in self.run.world.classes:
            return
        yield thing
        for base in self.run.world.classes[thing].bases.of(Class):
            yield from self._ancestors(base, seen | {thing})

    def lookup(self, thing: Class, name: str, *, skip: bool = False) -> Value:
        """A class's attribute; `skip` begins with the bases, as `super()` does."""
        for index, definition in enumerate(self.bases(thing)):
            if skip and index == 0:
                continue
            value = self.run.world.load("class", definition, name)
            if value.things:
                return value
        return NOTHING

    def library_bases(self, thing: Class) -> frozenset[str]:
        """Dotted names of the bases outside the project."""
        return frozenset(
            found.name
            for definition in self.bases(thing)
            for found in self.run.world.classes[definition].bases.of(Library)
        )

    def start_method(self, thing: Class) -> str:
        """The start method of a class of processes, "" where its base says none."""
        found = (
            start_method(base)
            for definition in self.bases(thing)
            for base in self.run.world.classes[definition].bases.of(Library)
        )
        return next(filter(None, found), "")

    def has_unknown_bases(self, thing: Class) -> bool:
        """Whether a base class that we can't see may have more attributes."""
        known = [self.run.world.classes[definition].bases for definition in self.bases(thing)]
        if any(not isinstance(part, (Class, Library)) for value in known for part in value.things):
            return True
        return bool(self.library_bases(thing) - _HARMLESS_BASES)

    def fields(self, thing: Class) -> list[str]:
        """The fields of a dataclass, NamedTuple or attrs class, in order of the parameters."""
        found: list[str] = []
        for definition in reversed(self.bases(thing)):
            fields = self.run.world.classes[definition].fields
            found.extend(name for name in fields if name and name not in found)
        return found

    def is_record(self, thing: Class) -> bool:
        return any(self.run.world.classes[definition].fields for definition in self.bases(thing))


def _last_name(node: e.Expression) -> str:
    match node:
        case e.Name():
            return node.id
        case e.Attribute():
            return node.name
        case e.Call():
            return _last_name(node.function)
    return ""
