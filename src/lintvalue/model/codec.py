"""Frozen values to JSON text and back, for workers and caches; never pickle.

A dataclass becomes a list that begins with its name, a tuple one that begins with "".
"""

from __future__ import annotations

import json
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from lintvalue.model.lean import names

if TYPE_CHECKING:
    from types import ModuleType

Scalar = str | int | float | bool | None
Encoded = Scalar | list["Encoded"]
T = TypeVar("T")
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def dumps(value: object) -> str:
    """The value as one line of JSON."""
    return json.dumps(_encode(value), ensure_ascii=True, separators=(",", ":"))


def loads(text: str, kind: type[T]) -> T:
    """The value of type `kind` that `dumps` wrote. Raises ValueError where it is another one's."""
    value = _decode(json.loads(text), _types(kind.__module__))
    if not isinstance(value, kind):
        raise ValueError(f"expected {kind.__name__}, got {type(value).__name__}")  # noqa: TRY004
    return value


@cache
def _types(module: str) -> dict[str, type]:
    """The types that a value of this module's can be made of."""
    return {
        kind.__name__: kind
        for one in _modules(module)
        for kind in vars(one).values()
        if isinstance(kind, type) and (names(kind) or issubclass(kind, Enum))
    }


def _modules(module: str) -> tuple[ModuleType, ...]:
    # What a report is made of does not load what facts are made of, and the other way round.
    from lintvalue.model import source, span  # noqa: PLC0415

    if module.endswith(".project"):
        from lintvalue.model import project  # noqa: PLC0415

        return span, project
    if module.endswith(".finding"):
        from lintvalue.model import edit, finding, project  # noqa: PLC0415

        return span, source, project, edit, finding
    from lintvalue.model import expressions, facts, statements  # noqa: PLC0415

    return span, source, expressions, statements, facts


def _encode(value: object) -> Encoded:
    kind: type = type(value)
    if kind in _AS_THEY_ARE:
        return value  # type: ignore[return-value] # of one of these types
    if isinstance(value, tuple):
        return ["", *map(_encode, value)]
    if isinstance(value, Enum):
        return [kind.__name__, str(value.value)]
    return [kind.__name__, *[_encode(getattr(value, name)) for name in names(kind)]]


def _decode(value: Encoded, types: dict[str, type]) -> object:
    if not isinstance(value, list):
        return value
    name, *rest = value
    # Most parts are numbers and names: asking them here spares a call for each.
    parts = [_decode(part, types) if isinstance(part, list) else part for part in rest]
    return tuple(parts) if name == "" else types[str(name)](*parts)
