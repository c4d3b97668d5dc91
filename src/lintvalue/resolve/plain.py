"""What a test shows to be of a plain type, and so nothing shared: `isinstance(n, int)`, `n is None`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.resolve.makers import walk
from lintvalue.resolve.spelling import spell
from lintvalue.resolve.values import Library, Lock, Shared, Value, one

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintvalue.resolve.state import State
    from lintvalue.resolve.values import Thing

# Proxies and wrappers have classes of their own, which inherit from none of these.
_TYPES = frozenset(
    {
        "int", "float", "complex", "bool", "str", "bytes", "bytearray",
        "list", "tuple", "dict", "set", "frozenset",
    }
)  # fmt: skip
_ASKING = frozenset({"isinstance", "type"})
_EQUAL = {"is": True, "==": True, "is not": False, "!=": False}


def unshared(value: Value) -> Value:
    """The value without shared objects and locks."""
    return Value(frozenset(filter(_is_unshared, value.things)), value.reads)


def _is_unshared(thing: Thing) -> bool:
    return not isinstance(thing, (Shared, Lock))


class Plain:
    """Reads tests; `load` tells what a name stands for where they are."""

    def __init__(self, load: Callable[[str], Value], heap: frozenset[str] | set[str]) -> None:
        self._load = load
        self._heap = heap

    def told(self, test: e.Expression, state: State | None, *, outcome: bool) -> State | None:
        """The state in which a test comes out like that; None where it can't.

        Names of the activation's own are known from now on, globals and attributes until other code runs.
        """
        shown = self._shown(test, outcome=outcome) if state is not None else frozenset()
        if state is None or not shown or _binds(test):
            return state
        for name in shown & state.env.keys() - self._heap:
            state.env[name] = unshared(known := state.env[name])
            if known.things and not state.env[name].things:
                return None
        if not _calls(test):
            state.plain |= shown - state.env.keys() | shown & self._heap
        return state

    def _shown(self, test: e.Expression, *, outcome: bool) -> frozenset[str]:
        """What is plain then, as it is spelled."""
        match test:
            case e.Combined(operator="not", parts=(inner,)):
                return self._shown(inner, outcome=not outcome)
            case e.Choice(operator="and" | "or" as operator, options=options):
                found = [self._shown(option, outcome=outcome) for option in options]
                all_told = (operator == "and") == outcome
                return frozenset().union(*found) if all_told else frozenset.intersection(*found)
            case e.Combined(operator=operator, parts=(asked, kind)):
                told = _EQUAL.get(operator) is outcome
                return self._compared(asked, kind) if told else frozenset()
            case e.Call(arguments=(asked, kinds)) if outcome and self._asks(test, "isinstance"):
                return _chain(asked.value) if self._are_types(kinds.value) else frozenset()
        return frozenset()

    def _compared(self, asked: e.Expression, kind: e.Expression) -> frozenset[str]:
        """`n is None` and `type(n) is int`."""
        match asked:
            case _ if isinstance(kind, e.Literal) and kind.value is None:
                return _chain(asked)
            case e.Call(arguments=(given,)) if self._asks(asked, "type") and self._is_type(kind):
                return _chain(given.value)
        return frozenset()

    def _asks(self, call: e.Call, name: str) -> bool:
        plain = all(part.keyword is None and not part.star for part in call.arguments)
        return plain and self._is(call.function, name)

    def _is(self, node: e.Expression, name: str) -> bool:
        """Whether a name is that of a function or a type of Python's own."""
        known = isinstance(node, e.Name) and node.id == name
        return known and self._load(name) == one(Library(f"builtins.{name}"))

    def _is_type(self, node: e.Expression) -> bool:
        return isinstance(node, e.Name) and node.id in _TYPES and self._is(node, node.id)

    def _are_types(self, node: e.Expression) -> bool:
        """`int`, `(int, float)`, `int | float`, and `type(None)` among them."""
        match node:
            case e.Sequence(kind="tuple", elements=parts) | e.Combined(operator="|", parts=parts):
                return bool(parts) and all(map(self._are_types, parts))
            case e.Call(arguments=(e.Argument(value=e.Literal(value=None)),)):
                return self._asks(node, "type")
            case e.Literal(value=None):
                return True
        return self._is_type(node)


def _chain(node: e.Expression) -> frozenset[str]:
    """A name, or an attribute of one, as it is spelled."""
    inner = node
    while isinstance(inner, e.Attribute):
        inner = inner.value
    return frozenset({spell(node)}) if isinstance(inner, e.Name) else frozenset()


def _binds(test: e.Expression) -> bool:
    """Whether a test may bind what it has asked for before."""
    return any(isinstance(part, (e.Walrus, e.Suspension)) for part in walk([test]))


def _calls(test: e.Expression) -> bool:
    """Whether code runs that may do so."""
    calls = (part for part in walk([test]) if isinstance(part, e.Call))
    return any(not isinstance(x.function, e.Name) or x.function.id not in _ASKING for x in calls)
