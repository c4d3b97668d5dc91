"""What a test tells where it came out one way: tests that agree, and tests that exclude each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.resolve.spelling import spell
from lintvalue.resolve.values import Const, Function, Instance, Lock, Made, Shared

if TYPE_CHECKING:
    from collections.abc import Hashable

    from lintvalue.resolve.state import Fact
    from lintvalue.resolve.values import Value

_SAME = frozenset({"is not", "!="})
_OTHER = frozenset({"is", "=="})
_OBJECTS = (Shared, Lock, Instance, Function, Made)


def implied(test: e.Expression, outcome: bool) -> frozenset[Fact]:
    """All that is so where `test` comes out as `outcome`; `x` stands for `x is not None` as well."""
    facts = {(key_of(test), outcome)}
    match test:
        case e.Combined(operator="not", parts=(inner,)):
            facts |= implied(inner, not outcome)
        case e.Combined(operator=operator, parts=(inner, e.Literal(value=value))) if (
            operator in _SAME | _OTHER and (value is None or isinstance(value, bool))
        ):
            facts |= implied(inner, outcome == (bool(value) == (operator in _OTHER)))
        case e.Choice(operator=operator, options=options) if (operator, outcome) in {
            ("and", True),
            ("or", False),
        }:
            facts = facts.union(*(implied(option, outcome) for option in options))
        case e.Walrus(target=target):
            facts |= {(target.id, outcome)}
    return frozenset(facts)


def key_of(node: e.Expression) -> Hashable:
    """What equal tests have in common; of what is too long to tell, its place."""
    if written := spell(node):
        return written
    match node:
        case e.Combined(operator=operator, parts=parts) if operator:
            return (operator, *map(key_of, parts))
        case e.Choice(operator=operator, test=None, options=options):
            return (operator, *map(key_of, options))
        case e.Call(function=function, arguments=arguments):
            given = ((part.keyword, part.star, key_of(part.value)) for part in arguments)
            return ("call", key_of(function), *given)
    return node.span


def truth(value: Value) -> bool | None:
    """Whether a flag or an object is surely true, or surely false; None where it may be either.

    Numbers and texts are data, which may come out otherwise another time.
    """
    if not value.things:
        return None
    constants = [x for x in value.of(Const) if x.value is None or isinstance(x.value, bool)]
    if len(constants) == len(value.things):
        found = {bool(constant.value) for constant in constants}
        return found.pop() if len(found) == 1 else None
    return True if all(isinstance(thing, _OBJECTS) for thing in value.things) else None
