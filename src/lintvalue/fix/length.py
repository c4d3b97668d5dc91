"""What makes a critical section so long that its author should agree to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.delays import PAUSES, dotted
from lintvalue.fix.expressions import of_statement, walk
from lintvalue.fix.places import within
from lintvalue.model.expressions import Call, Literal

if TYPE_CHECKING:
    from lintvalue.fix.statements import Range

_MANY = 20  # statements
_SHORT = 0.05  # seconds


def too_long(chosen: Range) -> tuple[str, ...]:
    """Why a lock over the range may hold up others; nothing where it does not."""
    statements = [one for place in chosen.places() for one in within(place.statement)]
    if len(statements) > _MANY:
        return (f"the lock would be held over {len(statements)} statements",)
    calls = (
        part
        for statement in statements
        for one in of_statement(statement)
        for part in walk(one)
        if isinstance(part, Call) and dotted(part.function) in PAUSES
    )
    if any(not _is_short(call) for call in calls):
        return ("the lock would be held while the process sleeps",)
    return ()


def _is_short(call: Call) -> bool:
    match [argument.value for argument in call.arguments]:
        case [Literal(value=float() | int() as seconds)]:
            return seconds <= _SHORT
        case _:
            return False
