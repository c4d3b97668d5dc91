"""Python's own functions and containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.resolve.values import (
    NOTHING,
    PLAIN,
    UNKNOWN,
    Class,
    Const,
    Container,
    Instance,
    Items,
    Made,
    Parent,
    Shared,
    Value,
    constant,
    join,
    one,
)

if TYPE_CHECKING:
    from lintvalue.model import expressions as e
    from lintvalue.resolve.arguments import Arguments
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame

_COPIES = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter"})
ADDS = {"append": 0, "add": 0, "appendleft": 0, "insert": 1, "put": 0}
_CONVERSIONS = {"str": str, "bool": bool, "float": float, "int": int}
_NO_CONTENT = frozenset({"len", "isinstance", "type", "id", "hash", "callable", "hasattr"})
_EXTENDS = frozenset({"extend", "update"})


class Builtins:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def call(self, frame: Frame, node: e.Call, name: str, arguments: Arguments) -> Value:
        """`range(…)`, `getattr(…)`, `list(…)`, …"""
        self.run.wrappers.called(frame, name, arguments)
        match name:
            case "range":
                return one(Made(self.run.expressions.site(frame, node), "range"))
            case "getattr" | "setattr":
                return self._by_name(frame, node, name, arguments)
            case "super":
                return self._super(frame)
            case "next":
                default = arguments.keyword("", 1)
                element = self.run.expressions.element(frame, arguments.keyword("", 0), None)
                return join((element, default))
            case "enumerate" | "zip" | "dict" | "map":
                return self._iterator(frame, node, name, arguments)
        if name in _COPIES:
            return self._copy(frame, node, name, arguments)
        return self._computed(frame, name, arguments)

    def _computed(self, frame: Frame, name: str, arguments: Arguments) -> Value:
        """`len(array)`, `max(v.value, x)`, `print(v)`: a plain value from what is given."""
        reads = set(arguments.all().reads)
        for part, value in arguments.given:
            self.run.records.escape(frame, part, value)
            for thing in value.of(Shared):
                if name not in _NO_CONTENT:
                    reads.add(self.run.records.read(frame, part, thing, "[*]"))
        return Value(_converted(name, arguments).things, frozenset(reads))

    def _super(self, frame: Frame) -> Value:
        scope: Frame | None = frame
        while scope is not None:
            if scope.receiver is not None and scope.owner is not None:
                return one(Parent(scope.owner, scope.receiver))
            scope = scope.enclosing
        return UNKNOWN

    def _by_name(self, frame: Frame, node: e.Call, name: str, arguments: Arguments) -> Value:
        """`getattr(v, "value")` and `setattr(v, "value", x)`."""
        match list(arguments.keyword("", 1).things):
            case [Const(value=str(attribute))]:
                return self._attribute(frame, node, name, attribute, arguments)
        return self._computed(frame, name, arguments)

    def _attribute(
        self, frame: Frame, node: e.Call, name: str, attribute: str, arguments: Arguments
    ) -> Value:
        target = arguments.keyword("", 0)
        if name == "getattr":
            return self._load(frame, node, target, attribute, arguments)
        value = arguments.keyword("", 2)
        for thing in target.things:
            if isinstance(thing, Shared):
                self.run.records.escape(frame, node.arguments[0].value, one(thing))
                self.run.records.write(frame, node, thing, attribute, value)
            elif isinstance(thing, (Instance, Class)):
                self.run.world.store(("attribute", thing, attribute), value)
        return PLAIN

    def _load(
        self, frame: Frame, node: e.Call, target: Value, attribute: str, arguments: Arguments
    ) -> Value:
        parts = [arguments.keyword("", 2)]
        for thing in target.things:
            if isinstance(thing, Shared):
                self.run.records.escape(frame, node.arguments[0].value, one(thing))
                read = self.run.records.read(frame, node, thing, attribute)
                parts.append(Value(PLAIN.things, frozenset({read})))
            elif isinstance(thing, (Instance, Class)):
                parts.append(self.run.accesses.class_attribute(frame, thing, attribute))
            else:
                parts.append(UNKNOWN)
        return join(parts)

    def _iterator(self, frame: Frame, node: e.Call, name: str, arguments: Arguments) -> Value:
        element = self.run.expressions.element
        site = self.run.expressions.site(frame, node)
        if name == "dict":
            return self._dict(frame, node, arguments)
        if name == "enumerate":
            container = Container(site, "enumerate")
            value = element(frame, arguments.keyword("iterable", 0), None)
        elif name == "zip":
            container = Container(site, "zip")
            for place, part in enumerate(arguments.positional):
                self.run.world.store(("item", site, str(place)), part)
            return one(container).depending_on(arguments.all().reads)
        else:
            container = Container(site, "list")
            function, *iterables = arguments.positional or (NOTHING,)
            given = [element(frame, part, None) for part in iterables]
            value = self.run.calls.call_value(frame, function, None, *given)
        self.run.world.store(("item", container.site, None), value)
        return one(container).depending_on(arguments.all().reads)

    def _dict(self, frame: Frame, node: e.Call, arguments: Arguments) -> Value:
        container = Container(self.run.expressions.site(frame, node), "dict")
        for name, value in arguments.keywords:
            self.run.world.store(("item", container.site, name), value)
        for value in arguments.positional:
            self._computed(frame, "dict", arguments)
            self.merge(container, value)
        return one(container).depending_on(arguments.all().reads)

    def merge(self, container: Container, value: Value) -> None:
        """Put everything that the containers among a value hold into another one."""
        for other in value.of(Container):
            for key, held in list(self.run.world.members("item", other.site).items()):
                self.run.world.store(("item", container.site, key), held)

    def _copy(self, frame: Frame, node: e.Call, name: str, arguments: Arguments) -> Value:
        given = arguments.keyword("iterable", 0)
        if name in {"list", "tuple"} and given.of(Items) and len(given.things) == 1:
            return given
        container = Container(self.run.expressions.site(frame, node), "list")
        self.run.world.store(
            ("item", container.site, None), self.run.expressions.element(frame, given, None)
        )
        reads = set(arguments.all().reads)
        for part, value in arguments.given:
            for thing in value.of(Shared):
                self.run.records.escape(frame, part, one(thing))
                reads.add(self.run.records.read(frame, part, thing, "[*]"))
        return one(container).depending_on(reads)

    # Containers

    def container_method(
        self, frame: Frame, node: e.Call, thing: Container, name: str, arguments: Arguments
    ) -> Value:
        """`list.append`, `dict.get`, …"""
        world, expressions = self.run.world, self.run.expressions
        if name in ADDS:
            value = arguments.keyword("", ADDS[name])
            self.run.results.kept(frame, None, value)
            world.store(("item", thing.site, None), value)
            return PLAIN
        if name in _EXTENDS and thing.kind != "dict":
            value = expressions.element(frame, arguments.keyword("", 0), None)
            world.store(("item", thing.site, None), value)
            return PLAIN
        if name == "update":
            self.merge(thing, arguments.keyword("", 0))
            for key, value in arguments.keywords:
                world.store(("item", thing.site, key), value)
            return PLAIN
        return self._lookup(frame, node, thing, name, arguments)

    def _lookup(
        self, frame: Frame, node: e.Call, thing: Container, name: str, arguments: Arguments
    ) -> Value:
        world, expressions = self.run.world, self.run.expressions
        contents = expressions.contents(one(thing))
        match name:
            case "get" | "setdefault" | "pop":
                key = expressions.key(arguments.keyword("", 0)) if arguments.positional else None
                default = arguments.keyword("", 1)
                if name == "setdefault":
                    world.store(("item", thing.site, key), default)
                if name == "get":
                    world.optional.update(thing.site for thing in contents.of(Shared))
                known = join(
                    (world.load("item", thing.site, key), world.load("item", thing.site, None))
                )
                return join((known if key is not None else contents, default))
            case "popleft" | "popitem":
                return contents
            case "copy":
                return one(thing)
            case "values" | "items":
                container = Container(expressions.site(frame, node), "list")
                pair = one(Items((PLAIN, contents)))
                world.store(("item", container.site, None), pair if name == "items" else contents)
                return one(container)
        return PLAIN


def _converted(name: str, arguments: Arguments) -> Value:
    """`float(0)`, `bytes("a", "ascii")`: as constant as what they are given."""
    given = [tuple(value.things) for value in arguments.positional]
    known = [parts[0].value for parts in given if len(parts) == 1 and isinstance(parts[0], Const)]
    if not known or len(known) < len(given) or arguments.keywords or arguments.rest.things:
        return PLAIN
    if name == "bytes":
        return one(Const(repr(known), name))
    if name not in _CONVERSIONS or len(known) > 1 or known[0] is None:
        return PLAIN
    try:
        return constant(_CONVERSIONS[name](known[0]))
    except ValueError:
        return PLAIN
