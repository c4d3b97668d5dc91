"""Statements, functions and classes, as far as shared memory is concerned.

The span of a simple statement is all of it; that of a compound one is its header, from the first
token (a decorator is not part of it) to the colon.
"""

from __future__ import annotations

from lintvalue.model.expressions import Expression, Name
from lintvalue.model.lean import dataclass
from lintvalue.model.span import Span


@dataclass(frozen=True, slots=True)
class Block:
    """A suite; `inline` where it stands on its header's line (`if x: a; b`)."""

    statements: tuple[Statement, ...]
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Assign:
    span: Span
    targets: tuple[Expression, ...]
    value: Expression


@dataclass(frozen=True, slots=True)
class Annotated:
    span: Span
    target: Expression
    annotation: Expression
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Augment:
    """`target operator value`; `operator` as written, `+=`."""

    span: Span
    target: Expression
    operator: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Evaluate:
    span: Span
    value: Expression


@dataclass(frozen=True, slots=True)
class Return:
    span: Span
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Raise:
    span: Span
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """`break` or `continue`."""

    span: Span
    kind: str


@dataclass(frozen=True, slots=True)
class Assert:
    span: Span
    test: Expression
    message: Expression | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    span: Span
    targets: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """One name of an import: `from module import name as alias`; `name` is None for `import module`,
    "*" for a star import. `level` counts the leading dots.
    """

    module: str
    name: str | None
    alias: str | None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Import:
    span: Span
    names: tuple[Imported, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """`global` or `nonlocal` names."""

    span: Span
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class If:
    span: Span
    test: Expression
    body: Block
    orelse: Block | None


@dataclass(frozen=True, slots=True)
class While:
    span: Span
    test: Expression
    body: Block
    orelse: Block | None


@dataclass(frozen=True, slots=True)
class For:
    span: Span
    target: Expression
    iterable: Expression
    body: Block
    orelse: Block | None
    asynchronous: bool = False


@dataclass(frozen=True, slots=True)
class With:
    span: Span
    items: tuple[tuple[Expression, Expression | None], ...]  # (context, `as` target)
    body: Block
    asynchronous: bool = False


@dataclass(frozen=True, slots=True)
class Handler:
    """`except type as name`; its span is the header."""

    span: Span
    type: Expression | None
    name: str | None
    body: Block


@dataclass(frozen=True, slots=True)
class Try:
    span: Span
    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block | None
    final: Block | None


@dataclass(frozen=True, slots=True)
class Case:
    """`captures` are the names that the pattern binds; `irrefutable` for `case _` and a bare capture."""

    span: Span
    parts: tuple[Expression, ...]  # values that the pattern compares with
    captures: tuple[str, ...]
    guard: Expression | None
    irrefutable: bool
    body: Block


@dataclass(frozen=True, slots=True)
class Match:
    span: Span
    subject: Expression
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kind` is "positional-only", "positional", "star", "keyword-only" or "double-star"."""

    name: str
    kind: str
    span: Span
    default: Expression | None = None
    annotation: Expression | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A `def` or a lambda (whose body is one `Return`). `qualified` is dotted inside its module."""

    span: Span  # the header
    name: str
    qualified: str
    parameters: tuple[Parameter, ...]
    body: Block
    decorators: tuple[Expression, ...] = ()
    returns: Expression | None = None
    asynchronous: bool = False
    generator: bool = False


@dataclass(frozen=True, slots=True)
class Define:
    span: Span
    function: Function


@dataclass(frozen=True, slots=True)
class Class:
    span: Span
    name: str
    qualified: str
    bases: tuple[Expression, ...]
    body: Block
    decorators: tuple[Expression, ...] = ()
    keywords: tuple[Expression, ...] = ()  # `metaclass=…`


@dataclass(frozen=True, slots=True)
class DefineClass:
    span: Span
    definition: Class


@dataclass(frozen=True, slots=True)
class TypeAlias:
    """`type name = value`."""

    span: Span
    name: Name
    value: Expression


Statement = (
    Assign
    | Annotated
    | Augment
    | Evaluate
    | Return
    | Raise
    | Leave
    | Assert
    | Delete
    | Import
    | Scope
    | If
    | While
    | For
    | With
    | Try
    | Match
    | Define
    | DefineClass
    | TypeAlias
)
