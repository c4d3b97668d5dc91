"""Frozen values to JSON text and back, for workers and caches; never pickle.

A dataclass becomes a list that begins with its name, a tuple one that begins with "".
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import TypeVar

from lintvalue.model import expressions, facts, source, span, statements

Scalar = str | int | float | bool | None
Encoded = Scalar | list["Encoded"]
T = TypeVar("T")

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for module in (span, source, expressions, statements, facts)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind)
}
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in _TYPES.values()}


def dumps(value: object) -> str:
    """The value as one line of JSON."""
    return json.dumps(_encode(value), ensure_ascii=True, separators=(",", ":"))


def loads(text: str, kind: type[T]) -> T:
    """The value of type `kind` that `dumps` wrote. Raises ValueError where it is another one's."""
    value = _decode(json.loads(text))
    if not isinstance(value, kind):
        raise ValueError(f"expected {kind.__name__}, got {type(value).__name__}")  # noqa: TRY004
    return value


def _encode(value: object) -> Encoded:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, tuple):
        return ["", *map(_encode, value)]
    names = _FIELDS[type(value)]
    return [type(value).__name__, *(_encode(getattr(value, name)) for name in names)]


def _decode(value: Encoded) -> object:
    if not isinstance(value, list):
        return value
    name, *rest = value
    parts = tuple(map(_decode, rest))
    return parts if name == "" else _TYPES[str(name)](*parts)
