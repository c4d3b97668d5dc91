"""Dataclasses that cost next to nothing to make: all of lintvalue's are made with them.

A run that finds something makes 120 of them. `dataclasses` compiles up to six functions for each, 0.56 ms
in all, and loads `inspect`: together more than a quarter of such a run. Here functions are compiled once
for each number of fields, and a class gets copies of their code with its own names in it (0.02 ms).

They behave as the standard library's, whose functions work on them, but for one thing: that frozen values
stay as they are is held by the type checker alone. So it is not paid for whenever one is made, either
(0.19 in place of 0.66 us).
"""

from __future__ import annotations

from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["dataclass", "field", "hash_once", "names", "replace"]

T = TypeVar("T")
_COMPARISONS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


class Factory:
    """The default of a field of which each object makes its own."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make


class Fields:
    """What the standard library's functions look for in a dataclass, made when they do."""

    def __get__(self, value: object, kind: type) -> object:
        return _standard(kind).__dataclass_fields__


@cache
def _standard(kind: type) -> Any:
    from dataclasses import make_dataclass  # noqa: PLC0415 - see above

    return make_dataclass(kind.__name__, names(kind))


def names(value: object) -> tuple[str, ...]:
    """The fields of a dataclass, or of an object of one; of anything else none."""
    return getattr(value, "__match_args__", ())


def hash_once(cls: type[T]) -> type[T]:
    """A frozen dataclass whose objects keep their hash: for keys that are made of others, and looked up
    again and again.
    """
    members = {name: member for name, member in vars(cls).items() if name not in names(cls)}
    members |= {"__slots__": (*names(cls), "kept_hash"), "__hash__": _keeping(members["__hash__"])}
    return type(cls.__name__, cls.__bases__, members)


def _keeping(compute: Callable[[Any], int]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:  # noqa: N807 - it becomes a class's
        try:
            kept: int = self.kept_hash
        except AttributeError:
            kept = self.kept_hash = compute(self)
        return kept

    return __hash__


def _field(*, default_factory: Callable[[], object]) -> Factory:
    return Factory(default_factory)


def _replace(value: T, /, **changes: object) -> T:
    return type(value)(**{name: getattr(value, name) for name in names(value)} | changes)


def _dataclass(
    *, frozen: bool = False, slots: bool = False, order: bool = False
) -> Callable[[type], type]:
    def made(cls: type) -> type:
        fields = tuple(cls.__annotations__)
        members = dict(cls.__dict__)
        defaults = tuple(members.pop(name) for name in fields if name in members)
        members |= _functions(fields, defaults, order=order)
        members |= {"__match_args__": fields, "__repr__": _represented}
        members["__dataclass_fields__"] = Fields()
        if not frozen:
            members["__hash__"] = None
        del members["__dict__"], members["__weakref__"]  # the class gets its own where it has any
        if slots:
            members["__slots__"] = fields
        return type(cls.__name__, cls.__bases__, members)

    return made


def _represented(self: object) -> str:
    parts = (f"{name}={getattr(self, name)!r}" for name in names(self))
    return f"{type(self).__name__}({', '.join(parts)})"


def _functions(
    fields: tuple[str, ...], defaults: tuple[object, ...], *, order: bool
) -> Mapping[str, FunctionType]:
    own = {f"_{number}": name for number, name in enumerate(fields)}
    given = enumerate(defaults, len(fields) - len(defaults))
    of_each = frozenset(number for number, value in given if isinstance(value, Factory))
    code = _templates(len(fields), of_each, order=order)
    return {
        name: FunctionType(
            _renamed(one, own), globals(), name, defaults if name == "__init__" else ()
        )
        for name, one in code.items()
    }


def _renamed(code: CodeType, own: Mapping[str, str]) -> CodeType:
    return code.replace(
        co_names=tuple(own.get(name, name) for name in code.co_names),
        co_varnames=tuple(own.get(name, name) for name in code.co_varnames),
    )


@cache
def _templates(count: int, made: frozenset[int], *, order: bool) -> Mapping[str, CodeType]:
    """The functions of a class with fields `_0`, `_1`, …; those in `made` have a Factory."""
    fields = [f"_{number}" for number in range(count)]
    left, right = ("".join(f"{of}.{name}, " for name in fields) for of in ("self", "other"))
    lines = [f"def __init__(self, {', '.join(fields)}):", " pass"]
    for number, name in enumerate(fields):
        own = f"{name}.make() if type({name}) is Factory else {name}"
        lines.append(f" self.{name} = {own if number in made else name}")
    lines += ["def __hash__(self):", f" return hash(({left}))"]
    comparisons = {"eq": "==", **(_COMPARISONS if order else {})}
    for function, operator in comparisons.items():
        lines += [f"def __{function}__(self, other):", " if type(other) is not type(self):"]
        lines += ["  return NotImplemented", f" return ({left}) {operator} ({right})"]
    whole = compile("\n".join(lines), "dataclass", "exec", dont_inherit=True)
    return {one.co_name: one for one in whole.co_consts if isinstance(one, CodeType)}


if TYPE_CHECKING:
    # What type checkers know of dataclasses is true of these.
    from dataclasses import dataclass, field, replace
else:
    dataclass, field, replace = _dataclass, _field, _replace
