"""Expressions of LibCST, reduced to the model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from lintvalue.extract.identifiers import folded
from lintvalue.model import expressions as m

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lintvalue.extract.positions import Positions
    from lintvalue.model.span import Span
    from lintvalue.model.statements import Function

_CONSTANTS: dict[str, bool | None] = {"True": True, "False": False, "None": None}


class ExpressionReducer:
    """Reduces expressions; functions in them are reduced by `function`, which knows statements."""

    def __init__(self, positions: Positions, function: Callable[[cst.Lambda], Function]) -> None:
        self.positions = positions
        self.function = function

    def reduce(self, node: cst.BaseExpression) -> m.Expression:
        """The model's form of any expression."""
        match node:
            case cst.Name() | cst.Attribute() | cst.Subscript() | cst.Call():
                return self._place(node)
            case cst.Integer() | cst.Float() | cst.SimpleString() | cst.ConcatenatedString():
                return self._literal(node)
            case cst.List() | cst.Tuple() | cst.Set() | cst.Dict():
                return self._display(node)
            case cst.IfExp() | cst.BooleanOperation():
                return self._choice(node)
            case cst.Lambda():
                return m.Lambda(self._span(node), self.function(node))
            case cst.ListComp() | cst.SetComp() | cst.GeneratorExp() | cst.DictComp():
                return self._comprehension(node)
            case cst.NamedExpr():
                return self._walrus(node)
            case cst.Await() | cst.Yield():
                return self._suspension(node)
            case _:
                return self._combined(node)

    def optional(self, node: cst.BaseExpression | None) -> m.Expression | None:
        return None if node is None else self.reduce(node)

    def all(self, nodes: Iterable[cst.BaseExpression]) -> tuple[m.Expression, ...]:
        return tuple(map(self.reduce, nodes))

    def _span(self, node: cst.CSTNode) -> Span:
        return self.positions.span(node)

    def _place(
        self, node: cst.Name | cst.Attribute | cst.Subscript | cst.Call
    ) -> m.Name | m.Attribute | m.Subscript | m.Call | m.Literal:
        span = self._span(node)
        match node:
            case cst.Name():
                if node.value in _CONSTANTS:
                    return m.Literal(span, _CONSTANTS[node.value])
                return m.Name(span, folded(node.value))
            case cst.Attribute():
                return m.Attribute(span, self.reduce(node.value), folded(node.attr.value))
            case cst.Subscript():
                text = ",".join(self.positions.source(element.slice) for element in node.slice)
                return m.Subscript(span, self.reduce(node.value), self._key(node), text)
            case cst.Call():
                arguments = tuple(self._argument(argument) for argument in node.args)
                return m.Call(span, self.reduce(node.func), arguments)

    def _argument(self, node: cst.Arg) -> m.Argument:
        keyword = folded(node.keyword.value) if node.keyword else None
        return m.Argument(self.reduce(node.value), keyword, len(node.star))

    def _key(self, node: cst.Subscript) -> m.Expression:
        keys = [self._slice(element.slice) for element in node.slice]
        return keys[0] if len(keys) == 1 else m.Sequence(self._span(node), "tuple", tuple(keys))

    def _slice(self, node: cst.BaseSlice) -> m.Expression:
        if isinstance(node, cst.Index):
            return self.reduce(node.value)
        bounds = cst.ensure_type(node, cst.Slice)
        parts = [part for part in (bounds.lower, bounds.upper, bounds.step) if part]
        return m.Combined(self._span(node), ":", self.all(parts))

    def _literal(
        self, node: cst.Integer | cst.Float | cst.SimpleString | cst.ConcatenatedString
    ) -> m.Expression:
        value = _evaluated(node)
        if isinstance(value, (str, int, float)):
            return m.Literal(self._span(node), value)
        return m.Combined(self._span(node), "", self.all(_parts(node)))

    def _display(self, node: cst.List | cst.Tuple | cst.Set | cst.Dict) -> m.Expression:
        span = self._span(node)
        if isinstance(node, cst.Dict):
            return m.Mapping(span, tuple(self._item(element) for element in node.elements))
        kind = {cst.List: "list", cst.Tuple: "tuple", cst.Set: "set"}[type(node)]
        return m.Sequence(span, kind, tuple(self._element(e) for e in node.elements))

    def _element(self, node: cst.BaseElement) -> m.Expression:
        value = self.reduce(node.value)
        starred = isinstance(node, cst.StarredElement)
        return m.Starred(self._span(node), value) if starred else value

    def _item(self, node: cst.BaseDictElement) -> tuple[m.Expression | None, m.Expression]:
        key = self.reduce(node.key) if isinstance(node, cst.DictElement) else None
        return key, self.reduce(node.value)

    def _choice(self, node: cst.IfExp | cst.BooleanOperation) -> m.Choice:
        span = self._span(node)
        if isinstance(node, cst.IfExp):
            options = self.all((node.body, node.orelse))
            return m.Choice(span, "if", self.reduce(node.test), options)
        operator = "and" if isinstance(node.operator, cst.And) else "or"
        operands: list[cst.BaseExpression] = [node.right]
        left = node.left
        while isinstance(left, cst.BooleanOperation) and type(left.operator) is type(node.operator):
            operands.append(left.right)
            left = left.left
        return m.Choice(span, operator, None, self.all((left, *reversed(operands))))

    def _comprehension(
        self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp
    ) -> m.Comprehension:
        kinds = {cst.ListComp: "list", cst.SetComp: "set", cst.DictComp: "dict"}
        kind = kinds.get(type(node), "generator")
        clauses = tuple(self._clauses(node.for_in))
        if isinstance(node, cst.DictComp):
            key, element = self.reduce(node.key), self.reduce(node.value)
            return m.Comprehension(self._span(node), kind, key, element, clauses)
        return m.Comprehension(self._span(node), kind, None, self.reduce(node.elt), clauses)

    def _clauses(self, node: cst.CompFor | None) -> Iterable[m.Clause]:
        while node is not None:
            tests = self.all(test.test for test in node.ifs)
            yield m.Clause(self.reduce(node.target), self.reduce(node.iter), tests)
            node = node.inner_for_in

    def _walrus(self, node: cst.NamedExpr) -> m.Expression:
        target = self.reduce(node.target)
        value = self.reduce(node.value)
        return m.Walrus(self._span(node), target, value) if isinstance(target, m.Name) else value

    def _suspension(self, node: cst.Await | cst.Yield) -> m.Suspension:
        if isinstance(node, cst.Await):
            return m.Suspension(self._span(node), "await", self.reduce(node.expression))
        if isinstance(node.value, cst.From):
            return m.Suspension(self._span(node), "yield from", self.reduce(node.value.item))
        return m.Suspension(self._span(node), "yield", self.optional(node.value))

    def _combined(self, node: cst.BaseExpression) -> m.Combined:
        operator = _operator(node)
        return m.Combined(self._span(node), operator, self.all(_parts(node)))


def _evaluated(node: cst.BaseExpression) -> object:
    try:
        return getattr(node, "evaluated_value", None)
    except (ValueError, SyntaxError, MemoryError):  # e.g. an invalid escape in a string
        return None


def _operator(node: cst.BaseExpression) -> str:
    match node:
        case cst.UnaryOperation():
            return _UNARY.get(type(node.operator), "")
        case cst.Comparison(comparisons=[only]):
            return _COMPARISONS.get(type(only.operator), "")
        case cst.Comparison(comparisons=[first, *more]):
            sizes = all(isinstance(part.operator, _SIZES) for part in (first, *more))
            return _COMPARISONS[type(first.operator)] if sizes else ""
        case cst.BinaryOperation():
            return _ARITHMETIC.get(type(node.operator), "")
    return ""


_COMPARISONS: dict[type, str] = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.LessThan: "<",
    cst.GreaterThan: ">",
    cst.LessThanEqual: "<=",
    cst.GreaterThanEqual: ">=",
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.In: "in",
    cst.NotIn: "not in",
}
_ARITHMETIC: dict[type, str] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
    cst.BitAnd: "&",
    cst.BitXor: "^",
    cst.BitOr: "|",
}
_UNARY: dict[type, str] = {
    cst.Not: "not",
    cst.Minus: "negative",
    cst.Plus: "positive",
    cst.BitInvert: "~",
}
# `0 < n < 9` is told as its first comparison, if all of them compare by size.
_SIZES = (cst.LessThan, cst.GreaterThan, cst.LessThanEqual, cst.GreaterThanEqual)


def _parts(node: cst.CSTNode) -> Sequence[cst.BaseExpression]:
    """The outermost expressions in a node, found by its children where there is no shorter way."""
    if isinstance(node, cst.BinaryOperation):
        return _operands(node)
    found: list[cst.BaseExpression] = []
    for child in node.children:
        if isinstance(child, cst.BaseExpression):
            found.append(child)
        elif not isinstance(
            child, (cst.BaseParenthesizableWhitespace, cst.LeftParen, cst.RightParen)
        ):
            found.extend(_parts(child))
    return found


def _operands(node: cst.BinaryOperation) -> Sequence[cst.BaseExpression]:
    """A chain of operators leans left and can be thousands long: taken apart in a loop."""
    found: list[cst.BaseExpression] = []
    left: cst.BaseExpression = node
    while isinstance(left, cst.BinaryOperation) and (
        left is node or _operator(left) == _operator(node)
    ):
        found.append(left.right)
        left = left.left
    return (left, *reversed(found))
