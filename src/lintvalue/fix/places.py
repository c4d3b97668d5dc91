"""Where a statement stands: its suite, its neighbours and the statements around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import statements as s
from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lintvalue.model.span import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of a file.

    `head` is the row of the suite's header, None in the module's body; `header` its span, None where
    it has none (`else:`).
    """

    block: s.Block
    index: int
    head: int | None
    outer: Place | None
    header: Span | None = None

    @property
    def statement(self) -> s.Statement:
        return self.block.statements[self.index]

    def sibling(self, step: int) -> s.Statement | None:
        at = self.index + step
        return self.block.statements[at] if 0 <= at < len(self.block.statements) else None


def places(body: s.Block) -> Mapping[Span, Place]:
    """All statements of a file by their spans; those of lambdas are none."""
    return {place.statement.span: place for place in _places(body, None, None)}


def _places(
    block: s.Block, header: Span | None, outer: Place | None, head: int | None = None
) -> Iterator[Place]:
    for index, statement in enumerate(block.statements):
        place = Place(block, index, head, outer, header)
        yield place
        for suite, above in suites(statement):
            row = above.line if above else _first_row(suite)
            yield from _places(suite, above, place, row)


def _first_row(suite: s.Block) -> int | None:
    return suite.statements[0].span.line if suite.statements else None


def suites(
    statement: s.Statement,
) -> tuple[tuple[s.Block, Span | None], ...]:
    """The suites of a compound statement with their headers; `else:`, `try:`, `finally:` have none."""
    header = statement.span
    match statement:
        case s.If() | s.While() | s.For():
            return ((statement.body, header), *_headless(statement.orelse))
        case s.With(body=body):
            return ((body, header),)
        case s.Try(body=body, handlers=handlers, orelse=orelse, final=final):
            caught = ((handler.body, handler.span) for handler in handlers)
            return (*_headless(body), *caught, *_headless(orelse), *_headless(final))
        case s.Match(cases=cases):
            return tuple((case.body, case.span) for case in cases)
        case s.Define(function=function):
            return ((function.body, header),)
        case s.DefineClass(definition=definition):
            return ((definition.body, header),)
        case _:
            return ()


def _headless(block: s.Block | None) -> tuple[tuple[s.Block, None], ...]:
    return () if block is None else ((block, None),)


def within(statement: s.Statement) -> Iterator[s.Statement]:
    """The statement and all that stand in its suites."""
    yield statement
    for suite, _ in suites(statement):
        for inner in suite.statements:
            yield from within(inner)


def last_row(statement: s.Statement) -> int:
    """The row on which the statement ends, suites included."""
    rows = [statement.span.end_line]
    for suite, header in suites(statement):
        rows += [header.end_line] if header else []
        rows += [last_row(inner) for inner in suite.statements]
    return max(rows)


def function_of(place: Place) -> s.Function | None:
    """The function that a statement runs in."""
    outer = place.outer
    while outer is not None:
        if isinstance(outer.statement, s.Define):
            return outer.statement.function
        outer = outer.outer
    return None
