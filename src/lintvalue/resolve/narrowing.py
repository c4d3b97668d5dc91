"""What a test of a name tells of what the name stands for in each of its branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.resolve.values import NONE, Lock, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintvalue.resolve.state import State
    from lintvalue.resolve.values import Thing

States = tuple["State | None", "State | None"]


def narrowed(test: e.Expression, states: States) -> States:
    """The states in which a test is true and in which it is false, None where it can't be.

    In each, a name that is tested stands only for what lets the test come out that way.
    """
    true, false = states
    match test:
        case e.Combined(operator="not", parts=(inner,)):
            false, true = narrowed(inner, (false, true))
        case e.Name(id=name):
            true = _kept(true, name, _is_something)
            false = _kept(false, name, _may_be_false)
        case e.Combined(operator="is not", parts=(e.Name(id=name), e.Literal(value=None))):
            true = _kept(true, name, _is_something)
            false = _kept(false, name, _may_be_none)
        case e.Combined(operator="is", parts=(e.Name(id=name), e.Literal(value=None))):
            true = _kept(true, name, _may_be_none)
            false = _kept(false, name, _is_something)
    return true, false


def _kept(state: State | None, name: str, possible: Callable[[Thing], bool]) -> State | None:
    known = state.env.get(name) if state is not None else None
    if state is None or known is None or not known.things:
        return state
    things = frozenset(part for part in known.things if possible(part))
    state.env[name] = Value(things, known.reads)
    return state if things else None


def _is_something(thing: Thing) -> bool:
    return thing not in NONE.things


def _may_be_none(thing: Thing) -> bool:
    return thing in NONE.things or isinstance(thing, Unknown)


def _may_be_false(thing: Thing) -> bool:
    """Whoever tests a shared object means its number, if by mistake; a lock is tested for being there."""
    return not isinstance(thing, Lock)
