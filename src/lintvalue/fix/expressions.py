"""Questions about expressions: their parts, where they stand, whether they can be evaluated twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model import statements as s

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lintvalue.model.span import Span


def children(expression: e.Expression) -> tuple[e.Expression, ...]:
    """The direct parts, without the body of a lambda, which runs another time."""
    match expression:
        case e.Attribute(value=value) | e.Starred(value=value):
            return (value,)
        case e.Subscript(value=value, key=key):
            return (value, key)
        case e.Call(function=function, arguments=arguments):
            return (function, *(argument.value for argument in arguments))
        case e.Sequence(elements=parts) | e.Combined(parts=parts):
            return parts
        case e.Mapping(items=items):
            return tuple(part for item in items for part in item if part is not None)
        case e.Choice(test=test, options=options):
            return options if test is None else (test, *options)
        case e.Comprehension():
            return _of_comprehension(expression)
        case e.Walrus(target=target, value=value):
            return (target, value)
        case e.Suspension(value=value):
            return () if value is None else (value,)
        case _:
            return ()


def _of_comprehension(expression: e.Comprehension) -> tuple[e.Expression, ...]:
    clauses = (
        part
        for clause in expression.clauses
        for part in (clause.iterable, clause.target, *clause.tests)
    )
    key = () if expression.key is None else (expression.key,)
    return (*clauses, *key, expression.element)


def walk(expression: e.Expression) -> Iterator[e.Expression]:
    yield expression
    for child in children(expression):
        yield from walk(child)


def of_statement(  # noqa: C901 - one line a kind
    statement: s.Statement,
) -> tuple[e.Expression, ...]:
    """The expressions of a simple statement, or of a compound one's header."""
    match statement:
        case s.Assign(targets=targets, value=value):
            return (*targets, value)
        case s.Annotated(target=target, value=value):
            return (target,) if value is None else (target, value)
        case s.Augment(target=target, value=value):
            return (target, value)
        case s.Evaluate(value=value):
            return (value,)
        case s.Return(value=value):
            return () if value is None else (value,)
        case s.Raise(parts=parts) | s.Delete(targets=parts):
            return parts
        case s.Assert(test=test) | s.If(test=test) | s.While(test=test):
            return (test,)
        case s.For(target=target, iterable=iterable):
            return (target, iterable)
        case s.With(items=items):
            return tuple(part for item in items for part in item if part is not None)
        case s.Match(subject=subject):
            return (subject,)
        case _:
            return ()


def find(statement: s.Statement, span: Span) -> e.Expression | None:
    """The expression that stands at `span`."""
    for expression in of_statement(statement):
        for part in walk(expression):
            if part.span == span:
                return part
    return None


def can_repeat(expression: e.Expression) -> bool:
    """Whether evaluating it twice is the same as once: names, attributes, keys, arithmetic on them."""
    return all(
        isinstance(part, (e.Name, e.Attribute, e.Subscript, e.Literal, e.Combined))
        for part in walk(expression)
    )


def deep(expression: e.Expression) -> Iterator[e.Expression]:
    """All parts, those in the bodies and defaults of lambdas included."""
    for part in walk(expression):
        yield part
        if isinstance(part, e.Lambda):
            for inner in _of_function(part.function):
                yield from deep(inner)


def _of_function(function: s.Function) -> Iterator[e.Expression]:
    yield from (item.default for item in function.parameters if item.default is not None)
    yield from function.decorators
    if function.name == "<lambda>":
        for statement in function.body.statements:
            yield from of_statement(statement)


def calls(statements: Iterable[s.Statement]) -> Iterator[e.Call]:
    """All calls in these statements and headers, but not in the suites below them."""
    for statement in statements:
        for expression in (*of_statement(statement), *_of_definition(statement)):
            yield from (part for part in deep(expression) if isinstance(part, e.Call))


def _of_definition(statement: s.Statement) -> Iterable[e.Expression]:
    match statement:
        case s.Define(function=function):
            return _of_function(function)
        case s.DefineClass(definition=definition):
            return (*definition.bases, *definition.decorators)
        case _:
            return ()
