"""What expressions stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.lean import replace
from lintvalue.model.span import Location
from lintvalue.resolve.values import (
    NONE,
    NOTHING,
    PLAIN,
    UNKNOWN,
    Attempt,
    Class,
    Const,
    Container,
    Distinct,
    Function,
    Items,
    Library,
    Made,
    Plain,
    Shared,
    Site,
    Value,
    constant,
    join,
    one,
)

if TYPE_CHECKING:
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame
    from lintvalue.resolve.values import Read

# Things that arithmetic, tests and iteration do not lead to an object from.
_SCALARS = (Plain, Const, Distinct, Attempt)


class Expressions:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def evaluate(self, frame: Frame, node: e.Expression) -> Value:
        """What `node` may stand for; all its parts are evaluated, in order."""
        self.run.steps += 1
        match node:
            case e.Name():
                return self.run.names.load(frame, node.id)
            case e.Attribute():
                base = self.evaluate(frame, node.value)
                return self.run.accesses.load_attribute(frame, node, base)
            case e.Subscript():
                base = self.evaluate(frame, node.value)
                key = self.evaluate(frame, node.key)
                return self.run.accesses.load_item(frame, node, base, key)
            case e.Call():
                return self.run.calls.evaluate(frame, node)
            case e.Literal():
                return constant(node.value)
            case e.Lambda():
                return self.run.definitions.function(frame, node.function)
            case _:
                return self._compound(frame, node)

    def _compound(self, frame: Frame, node: e.Expression) -> Value:
        match node:
            case e.Sequence() | e.Mapping():
                return self._display(frame, node)
            case e.Choice():
                return self._choice(frame, node)
            case e.Combined():
                return self._combined(frame, node)
            case e.Comprehension():
                return self._comprehension(frame, node)
            case e.Walrus():
                value = self.evaluate(frame, node.value)
                self.run.names.store(frame, node.target.id, value)
                return value
            case e.Starred():
                return self.evaluate(frame, node.value)
            case e.Suspension():
                return self._suspension(frame, node)
        return UNKNOWN

    def site(self, frame: Frame, node: e.Expression) -> Site:
        return Site(Location(frame.path, node.span), frame.site_context)

    # Containers

    def _display(self, frame: Frame, node: e.Sequence | e.Mapping) -> Value:
        if isinstance(node, e.Mapping):
            return self._mapping(frame, node)
        elements = [self.evaluate(frame, element) for element in node.elements]
        starred = any(isinstance(element, e.Starred) for element in node.elements)
        if node.kind == "tuple" and not starred:
            return one(Items(tuple(elements)))
        container = Container(self.site(frame, node), node.kind)
        for index, (part, value) in enumerate(zip(node.elements, elements, strict=True)):
            held = self.element(frame, value, None) if isinstance(part, e.Starred) else value
            key = None if starred else str(index)
            self.run.world.store(("item", container.site, key), held)
        return one(container).depending_on(read for value in elements for read in value.reads)

    def _mapping(self, frame: Frame, node: e.Mapping) -> Value:
        container = Container(self.site(frame, node), "dict")
        reads: list[Read] = []
        for key, part in node.items:
            value = self.evaluate(frame, part)
            reads.extend(value.reads)
            if key is None:
                self._spread(container, value)
                continue
            name = self.key(self.evaluate(frame, key))
            self.run.world.store(("item", container.site, name), value)
        return one(container).depending_on(reads)

    def _spread(self, container: Container, value: Value) -> None:
        """`{**other}` has what the other one has, under the same keys."""
        self.run.builtins.merge(container, value)
        if any(not isinstance(thing, Container) for thing in value.things):
            self.run.world.store(("item", container.site, None), UNKNOWN)

    def key(self, value: Value) -> str | None:
        """The heap key of an index: its text if it is one constant, else None for "any"."""
        match list(value.things):
            case [Const(value=known)]:
                return str(known)
        return None

    def contents(self, value: Value) -> Value:
        """Everything that the containers among a value hold."""
        found = [value.without_reads()] if not value.of(Container) else []
        found.extend(map(self.contents_of, value.of(Container)))
        return join(found)

    def contents_of(self, container: Container) -> Value:
        return join(self.run.world.members("item", container.site).values())

    def element(self, frame: Frame, value: Value, loop: Location | None) -> Value:
        """What iterating over `value` yields; `loop` is where, if it is a loop over a range."""
        parts: list[Value] = []
        for thing in value.things:
            match thing:
                case Items():
                    parts.extend(thing.elements)
                case Container():
                    parts.append(self._container_element(frame, thing, loop))
                case Shared():
                    parts.append(self.run.accesses.element(frame, thing))
                case Made(kind="range"):
                    parts.append(one(Distinct(loop)))
                case _ if isinstance(thing, _SCALARS):
                    parts.append(PLAIN)
                case _:
                    parts.append(UNKNOWN)
        return join(parts).depending_on(value.reads)

    def _container_element(self, frame: Frame, thing: Container, loop: Location | None) -> Value:
        if thing.kind == "dict":
            return PLAIN
        if thing.kind == "zip":
            columns = self.run.world.members("item", thing.site)
            return one(Items(tuple(self.element(frame, part, loop) for part in columns.values())))
        found = self.in_turn(self.contents(one(thing)), loop)
        return one(Items((one(Distinct(loop)), found))) if thing.kind == "enumerate" else found

    def rows(self, value: Value) -> list[Value]:
        """The rows of a table that has functions in it, one by one: each has arguments of its own."""
        tuples = value.of(Items)
        cells = (cell for row in tuples for cell in row.elements)
        apart = 1 < len(tuples) <= _MOST_ROWS and any(cell.of(Function) for cell in cells)
        if not apart or len(tuples) < len(value.things):
            return [value]
        return [Value(frozenset({row}), value.reads) for row in sorted(tuples, key=repr)]

    def in_turn(self, value: Value, loop: Location | None) -> Value:
        """Of objects that one text makes in a loop, each turn of another loop gets one."""
        if loop is None:
            return value
        return Value(
            frozenset(
                replace(thing, turn=loop)
                if isinstance(thing, Shared) and self.run.world.shared[thing.site].loops
                else thing
                for thing in value.things
            ),
            value.reads,
        )

    # Choices and computations

    def tested(self, frame: Frame, node: e.Expression) -> Value:
        """Evaluate what is asked whether it is true."""
        self.run.wrappers.test(frame, node)
        value = self.evaluate(frame, node)
        self.run.wrappers.truth(frame, node, value)
        return value

    def _choice(self, frame: Frame, node: e.Choice) -> Value:
        self.run.wrappers.options(frame, node)
        test = self.tested(frame, node.test) if node.test else NOTHING
        taken = frame.state.taken if frame.state else frozenset()
        options = [self.evaluate(frame, option) for option in node.options]
        self.run.releases.optional(frame, taken)
        self.run.wrappers.choice(frame, node, options)
        return join(options).depending_on(test.reads)

    def _combined(self, frame: Frame, node: e.Combined) -> Value:
        parts = [self.evaluate(frame, part) for part in node.parts]
        reads = frozenset(read for part in parts for read in part.reads)
        for part, value in zip(node.parts, parts, strict=True):
            self.run.records.used_otherwise(frame, part, value, harmless=node.operator in _IDENTITY)
        self.run.wrappers.combined(frame, node, parts)
        if node.operator in {"in", "not in"}:
            reads |= self.run.accesses.membership(frame, node, parts[1])
        if node.operator == "+" and any(part.of(Container) or part.of(Items) for part in parts):
            return self._concatenated(frame, node, parts)
        if node.operator == "*" and any(part.of(Container) for part in parts):
            return join(Value(frozenset(part.of(Container))) for part in parts)
        if node.operator == "|" and any(part.of(Class) or part.of(Library) for part in parts):
            return join(parts)
        return Value(_FOLDED if parts and _folds(node, parts[0]) else PLAIN.things, reads)

    def _concatenated(self, frame: Frame, node: e.Combined, parts: list[Value]) -> Value:
        items = [part.of(Items) for part in parts]
        if all(
            len(found) == 1 and len(part.things) == 1
            for found, part in zip(items, parts, strict=True)
        ):
            return one(Items(tuple(element for [found] in items for element in found.elements)))
        container = Container(self.site(frame, node), "list")
        for part in parts:
            self.run.world.store(("item", container.site, None), self.element(frame, part, None))
        return one(container)

    def _comprehension(self, frame: Frame, node: e.Comprehension) -> Value:
        outer, before = self.run.loops, dict(frame.state.env) if frame.state else {}
        reads: list[Read] = []
        for clause in node.clauses:
            place = Location(frame.path, clause.target.span)
            iterable = self.evaluate(frame, clause.iterable)
            self.run.loops = (*self.run.loops, place)
            element = self.element(frame, iterable, place)
            self.run.names.assign(frame, clause.target, element)
            reads.extend(read for test in clause.tests for read in self.tested(frame, test).reads)
        kind = "list" if node.kind == "generator" else node.kind
        container = Container(self.site(frame, node), kind)
        if node.key is not None:
            self.evaluate(frame, node.key)
        live = frame.state.live if frame.state else frozenset()
        values = []
        for row in self.rows(element):
            self.run.names.assign(frame, node.clauses[-1].target, row)
            values.append(self.evaluate(frame, node.element))
        value = join(values)
        if frame.state is not None and frame.state.live != live:
            # a process is started beside that of the turn before
            self.evaluate(frame, node.element)
        self.run.world.store(("item", container.site, None), value)
        self.run.loops = outer
        if frame.state is not None:
            frame.state.env = before
        return one(container).depending_on([*reads, *value.reads])

    def _suspension(self, frame: Frame, node: e.Suspension) -> Value:
        value = self.evaluate(frame, node.value) if node.value else NONE
        if frame.state is not None:
            frame.state.forget()
        if node.kind == "await":
            return value
        if frame.state is not None:
            frame.yields.append(frame.state.copy())
        frame.yielded.append(value if node.kind == "yield" else self.element(frame, value, None))
        return UNKNOWN


_MOST_ROWS = 6
_IDENTITY = frozenset({"is", "is not"})
_FOLDED = frozenset({Plain(folded=True)})


def _folds(node: e.Combined, left: Value) -> bool:
    """Whether several numbers come out as one: `rank % 3`, but not `"worker %d" % rank`."""
    if node.operator not in {"%", "//", ">>", "&"}:
        return False
    return bool(left.of(Distinct)) and all(isinstance(x, (Distinct, Plain)) for x in left.things)
