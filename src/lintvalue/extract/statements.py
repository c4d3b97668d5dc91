"""Statements, functions and classes of LibCST, reduced to the model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from lintvalue.extract import patterns
from lintvalue.extract.expressions import ExpressionReducer
from lintvalue.extract.identifiers import folded
from lintvalue.model import statements as m
from lintvalue.model.expressions import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.extract.positions import Positions
    from lintvalue.model.span import Span


class StatementReducer:
    """Reduces statements; `inside` is the dotted name of the class or function that they stand in."""

    def __init__(self, positions: Positions, inside: str = "") -> None:
        self.positions = positions
        self.inside = inside
        self.expressions = ExpressionReducer(positions, self._lambda)

    def block(self, body: Sequence[cst.BaseStatement] | cst.BaseSuite) -> m.Block:
        """A module's body or a suite."""
        if isinstance(body, cst.SimpleStatementSuite):
            return m.Block(tuple(self._small(body.body)), inline=True)
        nodes = body.body if isinstance(body, cst.BaseSuite) else body
        return m.Block(tuple(reduced for node in nodes for reduced in self._statement(node)))

    def _statement(self, node: cst.CSTNode) -> Iterable[m.Statement]:
        match node:
            case cst.SimpleStatementLine():
                yield from self._small(node.body)
            case cst.FunctionDef():
                yield self._define(node)
            case cst.ClassDef():
                yield self._class(node)
            case cst.If() | cst.While() | cst.For():
                yield self._branch(node)
            case cst.With():
                yield self._with(node)
            case cst.Try() | cst.TryStar():
                yield self._try(node)
            case cst.Match():
                yield self._match(node)

    def _span(self, node: cst.CSTNode) -> Span:
        return self.positions.span(node)

    def _orelse(self, node: cst.If | cst.Else | cst.Finally | None) -> m.Block | None:
        if node is None:
            return None
        return m.Block((self._branch(node),)) if isinstance(node, cst.If) else self.block(node.body)

    # Simple statements

    def _small(self, nodes: Iterable[cst.BaseSmallStatement]) -> Iterable[m.Statement]:
        for node in nodes:
            reduced = self._assignment(node) or self._simple(node)
            if reduced is not None:
                yield reduced

    def _assignment(self, node: cst.BaseSmallStatement) -> m.Statement | None:
        span, reduce = self._span(node), self.expressions.reduce
        match node:
            case cst.Assign():
                targets = self.expressions.all(target.target for target in node.targets)
                return m.Assign(span, targets, reduce(node.value))
            case cst.AnnAssign():
                value = self.expressions.optional(node.value)
                return m.Annotated(
                    span, reduce(node.target), reduce(node.annotation.annotation), value
                )
            case cst.AugAssign():
                operator = self.positions.source(node.operator)
                return m.Augment(span, reduce(node.target), operator, reduce(node.value))
            case cst.TypeAlias():
                name = Name(self._span(node.name), folded(node.name.value))
                return m.TypeAlias(span, name, reduce(node.value))
        return None

    def _simple(self, node: cst.BaseSmallStatement) -> m.Statement | None:
        span, reduce = self._span(node), self.expressions.reduce
        match node:
            case cst.Expr():
                return m.Evaluate(span, reduce(node.value))
            case cst.Return():
                return m.Return(span, self.expressions.optional(node.value))
            case cst.Raise():
                causes = [node.exc, node.cause.item if node.cause else None]
                return m.Raise(span, self.expressions.all(part for part in causes if part))
            case cst.Break() | cst.Continue():
                return m.Leave(span, "break" if isinstance(node, cst.Break) else "continue")
            case cst.Assert():
                return m.Assert(span, reduce(node.test), self.expressions.optional(node.msg))
            case cst.Del():
                return m.Delete(span, (reduce(node.target),))
            case cst.Import() | cst.ImportFrom():
                return m.Import(span, tuple(_imported(node)))
            case cst.Global() | cst.Nonlocal():
                kind = "global" if isinstance(node, cst.Global) else "nonlocal"
                return m.Scope(span, kind, tuple(folded(item.name.value) for item in node.names))
        return None  # pass

    # Compound statements

    def _branch(self, node: cst.If | cst.While | cst.For) -> m.Statement:
        reduce, body, orelse = (
            self.expressions.reduce,
            self.block(node.body),
            self._orelse(node.orelse),
        )
        if isinstance(node, cst.For):
            header = self.positions.header(node, node.iter)
            target, iterable = reduce(node.target), reduce(node.iter)
            return m.For(header, target, iterable, body, orelse, node.asynchronous is not None)
        header = self.positions.header(node, node.test)
        kind = m.If if isinstance(node, cst.If) else m.While
        return kind(header, reduce(node.test), body, orelse)

    def _with(self, node: cst.With) -> m.With:
        header = self.positions.header(node, node.items[-1])
        items = tuple(
            (
                self.expressions.reduce(item.item),
                self.expressions.reduce(item.asname.name) if item.asname else None,
            )
            for item in node.items
        )
        return m.With(header, items, self.block(node.body), node.asynchronous is not None)

    def _try(self, node: cst.Try | cst.TryStar) -> m.Try:
        handlers = tuple(self._handler(handler) for handler in node.handlers)
        orelse, final = self._orelse(node.orelse), self._orelse(node.finalbody)
        header = self.positions.header(node, None)
        return m.Try(header, self.block(node.body), handlers, orelse, final)

    def _handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> m.Handler:
        name = (
            folded(node.name.name.value)
            if node.name and isinstance(node.name.name, cst.Name)
            else None
        )
        header = self.positions.header(node, node.name or node.type)
        return m.Handler(header, self.expressions.optional(node.type), name, self.block(node.body))

    def _match(self, node: cst.Match) -> m.Match:
        cases = tuple(self._case(case) for case in node.cases)
        header = self.positions.header(node, node.subject)
        return m.Match(header, self.expressions.reduce(node.subject), cases)

    def _case(self, node: cst.MatchCase) -> m.Case:
        return m.Case(
            self.positions.header(node, node.guard or node.pattern),
            self.expressions.all(patterns.values(node.pattern)),
            tuple(patterns.captures(node.pattern)),
            self.expressions.optional(node.guard),
            patterns.irrefutable(node.pattern),
            self.block(node.body),
        )

    # Functions and classes

    def _define(self, node: cst.FunctionDef) -> m.Define:
        qualified = self._qualified(folded(node.name.value))
        last = node.returns.annotation if node.returns else _last_parameter(node.params)
        function = m.Function(
            span=self.positions.header(node, last or node.name),
            name=folded(node.name.value),
            qualified=qualified,
            parameters=tuple(self._parameters(node.params)),
            body=StatementReducer(self.positions, f"{qualified}.<locals>").block(node.body),
            decorators=self.expressions.all(item.decorator for item in node.decorators),
            returns=self.expressions.optional(node.returns.annotation if node.returns else None),
            asynchronous=node.asynchronous is not None,
            # Few do; LibCST makes a node anew to tell its children.
            generator=self.positions.mentions(node.body, "yield") and _yields(node.body),
        )
        return m.Define(function.span, function)

    def _lambda(self, node: cst.Lambda) -> m.Function:
        span = self._span(node)
        value = self.expressions.reduce(node.body)
        return m.Function(
            span=span,
            name="<lambda>",
            qualified=self._qualified("<lambda>"),
            parameters=tuple(self._parameters(node.params)),
            body=m.Block((m.Return(self._span(node.body), value),)),
        )

    def _class(self, node: cst.ClassDef) -> m.DefineClass:
        qualified = self._qualified(folded(node.name.value))
        last = (*node.bases, *node.keywords)[-1] if node.bases or node.keywords else node.name
        span = self.positions.header(node, last)
        bases = self.expressions.all(base.value for base in node.bases)
        keywords = self.expressions.all(keyword.value for keyword in node.keywords)
        body = StatementReducer(self.positions, qualified).block(node.body)
        decorators = self.expressions.all(item.decorator for item in node.decorators)
        return m.DefineClass(
            span,
            m.Class(span, folded(node.name.value), qualified, bases, body, decorators, keywords),
        )

    def _qualified(self, name: str) -> str:
        return f"{self.inside}.{name}" if self.inside else name

    def _parameters(self, node: cst.Parameters) -> Iterable[m.Parameter]:
        for parameter, kind in _with_kinds(node):
            annotation = parameter.annotation.annotation if parameter.annotation else None
            yield m.Parameter(
                folded(parameter.name.value),
                kind,
                self._span(parameter.name),
                self.expressions.optional(parameter.default),
                self.expressions.optional(annotation),
            )


def _with_kinds(node: cst.Parameters) -> Iterable[tuple[cst.Param, str]]:
    yield from ((parameter, "positional-only") for parameter in node.posonly_params)
    yield from ((parameter, "positional") for parameter in node.params)
    if isinstance(node.star_arg, cst.Param):
        yield node.star_arg, "star"
    yield from ((parameter, "keyword-only") for parameter in node.kwonly_params)
    if node.star_kwarg is not None:
        yield node.star_kwarg, "double-star"


def _last_parameter(node: cst.Parameters) -> cst.Param | None:
    parameters = [parameter for parameter, _ in _with_kinds(node)]
    return parameters[-1] if parameters else None


def _yields(body: cst.CSTNode) -> bool:
    """Whether a function's body has a `yield` that is its own."""
    if isinstance(body, cst.Yield):
        return True
    if isinstance(body, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
        return False
    return any(map(_yields, body.children))


def _imported(node: cst.Import | cst.ImportFrom) -> Iterable[m.Imported]:
    if isinstance(node, cst.Import):
        for alias in node.names:
            yield m.Imported(_dotted(alias.name), None, _alias(alias))
        return
    module = _dotted(node.module) if node.module else ""
    level = len(node.relative)
    if isinstance(node.names, cst.ImportStar):
        yield m.Imported(module, "*", None, level)
        return
    for alias in node.names:
        yield m.Imported(module, _dotted(alias.name), _alias(alias), level)


def _alias(node: cst.ImportAlias) -> str | None:
    return _dotted(node.asname.name) if node.asname else None


def _dotted(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{folded(node.attr.value)}"
    return folded(node.value) if isinstance(node, cst.Name) else ""
