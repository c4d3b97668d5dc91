"""A Value used as if it were the number in it: tested, computed with, replaced by a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.project import Fault, Kind
from lintvalue.model.span import Location
from lintvalue.resolve.makers import walk
from lintvalue.resolve.spelling import spell
from lintvalue.resolve.values import (
    Class,
    Const,
    Container,
    Distinct,
    Instance,
    Items,
    Made,
    Plain,
    Shared,
)
from lintvalue.resolve.world import Binding, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.resolve.arguments import Arguments
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame
    from lintvalue.resolve.values import Thing, Value

_WRAPPERS = frozenset({Kind.VALUE, Kind.RAW_VALUE, Kind.MANAGER_VALUE})
_CELLS = frozenset({Kind.VALUE, Kind.RAW_VALUE, Kind.ARRAY, Kind.RAW_ARRAY})
_EQUAL = frozenset({"==", "!="})
_ORDER = frozenset({"<", ">", "<=", ">="})
_ARITHMETIC = frozenset(
    {"+", "-", "*", "/", "//", "**", "<<", ">>", "&", "^", "|", "negative", "positive", "~"}
)
# They want a number, or numbers to compare, and raise for anything else.
_NUMERIC = frozenset(
    {
        "int",
        "float",
        "complex",
        "abs",
        "round",
        "divmod",
        "pow",
        "range",
        "chr",
        "hex",
        "oct",
        "bin",
    }
)
_COMPARING = frozenset({"max", "min", "sum", "sorted"})
# They are asked where an object may be a number as well.
_ASKING = frozenset({"isinstance", "type", "hasattr", "callable"})
_INITIAL = frozenset({"__init__", "__post_init__", "__new__", "__set_name__"})
_MISSING = Const(None, "NoneType")


class Wrappers:
    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self._tests: set[Location] = set()
        self._guarded: dict[Location, set[tuple[object, ...]]] = {}
        self.expected = 0  # how many contexts are open that expect a TypeError

    # Tests

    def test(self, frame: Frame, node: e.Expression) -> None:
        """What is asked only whether it is true."""
        if isinstance(node, e.Choice):
            self._tests.add(Location(frame.path, node.span))

    def truth(self, frame: Frame, node: e.Expression, value: Value) -> None:
        """`if v:`, which is always true; it may mean `v is not None`, if v may be that."""
        if not isinstance(node, (e.Choice, e.Combined)) and not self._guards(frame, node, value):
            self._use(frame, Fault.TESTED, node, value)

    def _guards(self, frame: Frame, node: e.Expression, value: Value) -> bool:
        """Whether what a test lets through takes an attribute of what is tested: is there one at all?"""
        known = self._guarded.get(Location(frame.path, node.span), set())
        guarded = [part for parts in known for part in parts]
        if not guarded or not value.of(Shared):
            return False
        used = {spell(part.value) for part in walk(guarded) if isinstance(part, e.Attribute)}
        return spell(node) in used - {""}

    def guard(self, frame: Frame, test: e.Expression, guarded: Sequence[object]) -> None:
        """Remember what a test lets through."""
        while isinstance(test, e.Combined) and test.operator == "not":
            test = test.parts[0]
        for part in test.options if isinstance(test, e.Choice) else (test,):
            place = Location(frame.path, part.span)
            self._guarded.setdefault(place, set()).add(tuple(guarded))

    def options(self, frame: Frame, node: e.Choice) -> None:
        """`v.value if v else 0` and `v and v.value`."""
        if node.test is not None:
            self.guard(frame, node.test, node.options)
        for index, option in enumerate(node.options[:-1]):
            self.guard(frame, option, node.options[index + 1 :])

    def choice(self, frame: Frame, node: e.Choice, options: list[Value]) -> None:
        """`a or b`: all but the last are tested, and that, too, if all of it is."""
        if node.operator == "if":
            return
        if node.operator == "or" and any(value.of(Shared) for value in options[1:]):
            for option in options:  # `v or Value("i")`
                self._optional(option)
            return
        tested = Location(frame.path, node.span) in self._tests
        count = len(options) if tested else len(options) - 1
        for part, value in list(zip(node.options, options, strict=True))[:count]:
            self.truth(frame, part, value)

    def _optional(self, value: Value) -> None:
        """Whoever asks for None expects it."""
        self.run.world.optional.update(thing.site for thing in value.of(Shared))

    # Computations

    def combined(self, frame: Frame, node: e.Combined, parts: list[Value]) -> None:
        """Operators: some raise for what is no number, `==` is never true."""
        if node.operator == "not":
            self.truth(frame, node.parts[0], parts[0])
        elif any(isinstance(part, e.Literal) and part.value is None for part in node.parts):
            self._optional(parts[0])
        elif node.operator in _ARITHMETIC | _ORDER:
            self._uses(frame, node.parts, parts)
        elif node.operator == "%":
            known = all(_is_number(thing) for thing in parts[0].things)
            self._uses(frame, node.parts[: 1 + known], parts[: 1 + known])
        elif node.operator in _EQUAL:
            self._equal(frame, node.parts, parts)

    def _equal(self, frame: Frame, nodes: Iterable[e.Expression], parts: list[Value]) -> None:
        for node, value, other in zip(nodes, parts, reversed(parts), strict=True):
            if other.things and all(_is_number(thing, plain=True) for thing in other.things):
                self._use(frame, Fault.OPERAND, node, value)

    def _uses(self, frame: Frame, nodes: Iterable[e.Expression], values: Iterable[Value]) -> None:
        for node, value in zip(nodes, values, strict=True):
            self._use(frame, Fault.OPERAND, node, value)

    def augmented(
        self, frame: Frame, target: e.Expression, node: e.Expression, old: Value, value: Value
    ) -> None:
        """`v += 1` and `n += v`."""
        self._use(frame, Fault.OPERAND, target, old)
        if old.things and all(_is_number(thing, plain=True) for thing in old.things):
            self._use(frame, Fault.OPERAND, node, value)

    def called(self, frame: Frame, name: str, arguments: Arguments) -> None:
        """`range(v)`, `bool(v)`, `max(v, 3)`."""
        given = arguments.given
        if name in _ASKING or (name == "getattr" and len(given) > 2):
            self.run.world.asked.update(thing.site for _, x in given for thing in x.of(Shared))
        elif name == "bool":
            for node, value in given[:1]:
                self.truth(frame, node, value)
        elif name in _COMPARING and len(given) == 1:
            [(node, value)] = given
            for container in value.of(Container):
                held = self.run.expressions.contents_of(container)
                self._use(frame, Fault.OPERAND, node, held, named=False)
        elif name in _NUMERIC | _COMPARING or name == "time.sleep" or name.startswith("math."):
            for node, value in given:
                self._use(frame, Fault.OPERAND, node, value)

    def index(self, frame: Frame, node: e.Subscript, base: Value, key: Value) -> None:
        """`items[v]`."""
        if base.things and all(_is_indexed(thing) for thing in base.things):
            self._use(frame, Fault.OPERAND, node.key, key)

    def stored(self, frame: Frame, node: e.Expression, thing: Shared, value: Value) -> None:
        """`other.value = v`."""
        if thing.kind in _CELLS:
            self._use(frame, Fault.OPERAND, node, value)

    def matched(self, frame: Frame, node: e.Expression, subject: Value, part: Value) -> None:
        """`match v:` with a number for a pattern."""
        if part.things and all(_is_number(thing) for thing in part.things):
            self._use(frame, Fault.OPERAND, node, subject)

    def _use(
        self, frame: Frame, fault: Fault, node: e.Expression, value: Value, *, named: bool = True
    ) -> None:
        """Take down that the Value itself is used, or that it may be something else."""
        place = Location(frame.path, node.span)
        cells = [thing for thing in value.of(Shared) if _is_wrapper(thing)]
        others = value.things.difference(cells)
        if others - ({_MISSING} if fault is Fault.OPERAND else set()):
            self.run.world.mixed.add(place)
            self._both(value)
        for cell in cells:
            if (
                frame.statement is None
                or self.expected
                or (fault is Fault.TESTED and cell.kind is Kind.RAW_VALUE)
            ):
                continue
            at = Location(frame.path, frame.statement)
            symbol = (named and spell(node)) or self.run.world.shared[cell.site].name
            mistake = Mistake(fault, at, place, cell.site, symbol, frame.qualified)
            self.run.world.mistakes.add(mistake)

    def _both(self, value: Value) -> None:
        """An object that is used where a number may be as well: that is known to whoever wrote it."""
        for thing in value.of(Shared):
            self.run.world.interchangeable.add(thing.site)

    # Rebinding

    def bound(
        self,
        frame: Frame,
        owner: Instance | Class | str,
        name: str,
        value: Value,
        *,
        initial: bool = False,
    ) -> None:
        """An attribute or a module's name gets a value: `self.v = 0`."""
        if frame.statement is None or all(map(_is_nothing, value.things)):
            return
        cells = frozenset(thing.site for thing in value.of(Shared) if _is_wrapper(thing))
        number = all(_is_number(thing) for thing in value.things) and not value.reads
        function = "" if frame.kind in {"module", "class"} else frame.qualified
        begins = frame.node.name in _INITIAL if frame.node else frame.kind != "function"
        outside = isinstance(owner, Instance) and frame.receiver != owner
        at = Location(frame.path, frame.statement)
        binding = Binding(at, function, initial or begins, number, cells, outside)
        definition = owner.definition if isinstance(owner, Instance) else owner
        self.run.world.bindings.setdefault((definition, name), set()).add(binding)


def _is_wrapper(thing: Shared) -> bool:
    return not thing.view and thing.kind in _WRAPPERS


def _is_nothing(thing: Thing) -> bool:
    """None, or what says how a record's field is made."""
    return thing == _MISSING or (isinstance(thing, Made) and thing.kind == "field")


def _is_number(thing: Thing, *, plain: bool = False) -> bool:
    """Whether a thing is surely a number; `plain`: or at least no object."""
    match thing:
        case Const(value=value):
            return isinstance(value, (int, float)) or (plain and value is not None)
        case Distinct():
            return True
        case Plain():
            return plain
    return False


def _is_indexed(thing: Thing) -> bool:
    """Whether an index must be a number."""
    match thing:
        case Items():
            return True
        case Container(kind=kind):
            return kind == "list"
        case Shared(kind=kind):
            return kind in _CELLS
    return False
