"""Expressions, reduced to what matters for shared memory: names, attributes, keys, calls, containers.

Everything else keeps only the parts that it is computed from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from lintvalue.model.span import Span
    from lintvalue.model.statements import Function

Constant = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    span: Span
    id: str


@dataclass(frozen=True, slots=True)
class Attribute:
    span: Span
    value: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Subscript:
    """`value[key]`; `text` is the key's source without blanks, which tells equal cells apart."""

    span: Span
    value: Expression
    key: Expression
    text: str


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call: `star` is 1 for `*value`, 2 for `**value`."""

    value: Expression
    keyword: str | None = None
    star: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    span: Span
    function: Expression
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; bytes, complex numbers and `...` are `Combined` without parts."""

    span: Span
    value: Constant


@dataclass(frozen=True, slots=True)
class Sequence:
    """A display: `kind` is "list", "tuple" or "set"; an element may be `Starred`."""

    span: Span
    kind: str
    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A dict display; a key of None is `**value`."""

    span: Span
    items: tuple[tuple[Expression | None, Expression], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `options`: `a if test else b`, or `a or b` and `a and b` (operator "or", "and")."""

    span: Span
    operator: str
    test: Expression | None
    options: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Combined:
    """A new plain value computed from `parts`: arithmetic, comparisons, `not`, formatted strings.

    `operator` is "not", "==", "is", "is not", "in", "not in", "<", "+", … or "" where it does not matter.
    """

    span: Span
    operator: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Lambda:
    span: Span
    function: Function


@dataclass(frozen=True, slots=True)
class Clause:
    """`for target in iterable if tests` of a comprehension."""

    target: Expression
    iterable: Expression
    tests: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`kind` is "list", "set", "dict" or "generator"; `key` is a dict's."""

    span: Span
    kind: str
    key: Expression | None
    element: Expression
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Walrus:
    span: Span
    target: Name
    value: Expression


@dataclass(frozen=True, slots=True)
class Starred:
    span: Span
    value: Expression


@dataclass(frozen=True, slots=True)
class Suspension:
    """`await value`, `yield value`, `yield from value`: other code runs before it goes on."""

    span: Span
    kind: str
    value: Expression | None


Expression = (
    Name
    | Attribute
    | Subscript
    | Call
    | Literal
    | Sequence
    | Mapping
    | Choice
    | Combined
    | Lambda
    | Comprehension
    | Walrus
    | Starred
    | Suspension
)
