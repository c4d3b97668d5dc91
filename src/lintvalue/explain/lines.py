"""The statements that stand on a line, and the functions that they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.lean import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.span import Span


def statements_on(facts: FileFacts, line: int) -> tuple[tuple[s.Statement, str], ...]:
    """The statements that cover the line, each with the function that it stands in, in source order.

    A compound statement covers its header. A decorator's line is that of what it decorates.
    """
    found = [
        (statement, function)
        for statement, function in _statements(facts.body, "")
        if _first_row(statement) <= line <= statement.span.end_line
    ]
    return tuple(sorted(found, key=lambda one: one[0].span))


def _first_row(statement: s.Statement) -> int:
    match statement:
        case s.Define(function=s.Function(decorators=decorators)):
            pass
        case s.DefineClass(definition=s.Class(decorators=decorators)):
            pass
        case _:
            return statement.span.line
    return min([statement.span.line, *(one.span.line for one in decorators)])


def function_at(facts: FileFacts, span: Span) -> str:
    """The function in whose body a place lies, "" for a module's; lambdas are not told apart."""
    best = ""
    for statement, function in _statements(facts.body, ""):
        if statement.span.encloses(span):
            best = function
    return best


def _statements(block: s.Block | None, function: str) -> Iterator[tuple[s.Statement, str]]:
    for statement in block.statements if block else ():
        yield statement, function
        match statement:
            case s.Define(function=inner):
                yield from _statements(inner.body, inner.qualified)
            case s.DefineClass(definition=definition):
                yield from _statements(definition.body, function)
            case s.Try():
                for part in (statement.body, *(one.body for one in statement.handlers)):
                    yield from _statements(part, function)
                yield from _statements(statement.orelse, function)
                yield from _statements(statement.final, function)
            case s.Match():
                for case in statement.cases:
                    yield from _statements(case.body, function)
            case s.If() | s.While() | s.For():
                yield from _statements(statement.body, function)
                yield from _statements(statement.orelse, function)
            case s.With():
                yield from _statements(statement.body, function)


def expressions_in(statement: s.Statement) -> Iterator[e.Expression]:
    """All expressions of a statement's own rows; those of its suites are other statements'."""
    yield from _expressions(statement)


def _expressions(node: object) -> Iterator[e.Expression]:
    if isinstance(node, tuple):
        for part in node:
            yield from _expressions(part)
    elif isinstance(node, e.Lambda):
        yield node
        yield from _expressions(node.function.parameters)
        yield from _expressions(node.function.body.statements)
    elif isinstance(node, s.Block) or not names(node):
        return
    else:
        if isinstance(node, e.Expression):
            yield node
        for name in names(node):
            yield from _expressions(getattr(node, name))
