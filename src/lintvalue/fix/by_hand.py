"""Locks that are taken and given back by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.delays import dotted
from lintvalue.model import statements as s
from lintvalue.model.expressions import Attribute, Call

if TYPE_CHECKING:
    from lintvalue.fix.places import Place


def by_hand(statement: s.Statement) -> tuple[str, str] | None:
    """The lock and the method of `lock.acquire()` and `lock.release()`."""
    match statement:
        case s.Evaluate(
            value=Call(
                function=Attribute(value=holder, name="acquire" | "release" as method),
                arguments=(),
            )
        ):
            return dotted(holder), method
        case _:
            return None


def gives_back(place: Place, text: str) -> bool:
    """Whether it is a plain `acquire()` whose `release()` comes later in the same suite, in any case."""
    if by_hand(place.statement) != (text, "acquire"):
        return False
    later = place.block.statements[place.index + 1 :]
    return any(by_hand(one) == (text, "release") or _at_the_end(one, text) for one in later)


def _at_the_end(statement: s.Statement, text: str) -> bool:
    if not isinstance(statement, s.Try) or statement.final is None:
        return False
    return any(by_hand(one) == (text, "release") for one in statement.final.statements)
