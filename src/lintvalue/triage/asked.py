"""What a test shows to be of a plain type, and so nothing shared: as much as `resolve` knows, or less."""

from __future__ import annotations

import _ast as a

from lintvalue.triage.definitions import walk
from lintvalue.triage.reader import spelled

_NOTHING: frozenset[str] = frozenset()
# Nothing shared is of one of these: proxies and wrappers have classes of their own.
_TYPES = frozenset(
    {
        "int", "float", "complex", "bool", "str", "bytes", "bytearray",
        "list", "tuple", "dict", "set", "frozenset",
    }
)  # fmt: skip
_ASKING = frozenset({"isinstance", "type"})
RELIED = _TYPES | _ASKING
_EQUAL = {a.Is: True, a.Eq: True, a.IsNot: False, a.NotEq: False}
_TELLING = frozenset({a.UnaryOp, a.BoolOp, a.Compare, a.Call})
# In a test, these run other code, or bind what was asked for before.
_DISTURBING = (
    a.NamedExpr, a.Await, a.Yield, a.YieldFrom, a.Lambda,
    a.ListComp, a.SetComp, a.DictComp, a.GeneratorExp,
)  # fmt: skip


def shown(test: a.expr, *, outcome: bool) -> frozenset[str]:
    """What is plain where a test comes out like that."""
    found = _shown(test, outcome=outcome) if type(test) in _TELLING else _NOTHING
    return found if found and not any(map(_disturbs, walk(test))) else _NOTHING


def relied(test: a.expr) -> frozenset[str]:
    """The names in a test that have to mean what they mean in Python."""
    names = (node.id for node in walk(test) if type(node) is a.Name)
    return RELIED.intersection(names)


def leaves(block: list[a.stmt]) -> bool:
    """Whether nobody comes out of a block at its end."""
    return bool(block) and isinstance(block[-1], (a.Return, a.Raise, a.Continue, a.Break))


def _shown(test: a.expr, *, outcome: bool) -> frozenset[str]:
    match test:
        case a.UnaryOp(op=a.Not(), operand=inner):
            return _shown(inner, outcome=not outcome)
        case a.BoolOp(op=operator, values=options):
            found = [_shown(option, outcome=outcome) for option in options]
            all_told = isinstance(operator, a.And) == outcome
            return _NOTHING.union(*found) if all_told else found[0].intersection(*found[1:])
        case a.Compare(left=asked, ops=[operator], comparators=[kind]):
            told = _EQUAL.get(type(operator)) is outcome
            return _compared(asked, kind) if told else _NOTHING
        case a.Call(func=a.Name(id="isinstance"), args=[asked, kinds], keywords=[]) if outcome:
            return _chain(asked) if _are_types(kinds) else _NOTHING
    return _NOTHING


def _compared(asked: a.expr, kind: a.expr) -> frozenset[str]:
    """`n is None` and `type(n) is int`."""
    match asked, kind:
        case _, a.Constant(value=None):
            return _chain(asked)
        case a.Call(func=a.Name(id="type"), args=[given], keywords=[]), a.Name(id=name):
            return _chain(given) if name in _TYPES else _NOTHING
    return _NOTHING


def _are_types(node: a.expr) -> bool:
    """`int`, `(int, float)`, `int | float`, and `type(None)` among them."""
    match node:
        case a.Tuple(elts=parts):
            return bool(parts) and all(map(_are_types, parts))
        case a.BinOp(op=a.BitOr(), left=left, right=right):
            return _are_types(left) and _are_types(right)
        case a.Call(func=a.Name(id="type"), args=[a.Constant(value=None)], keywords=[]):
            return True
        case a.Constant(value=None):
            return True
    return type(node) is a.Name and node.id in _TYPES


def _chain(node: a.expr) -> frozenset[str]:
    name = spelled(node)
    return frozenset({name}) if name else _NOTHING


def _disturbs(node: a.AST) -> bool:
    if type(node) is a.Call:
        return type(node.func) is not a.Name or node.func.id not in _ASKING
    return isinstance(node, _DISTURBING)
