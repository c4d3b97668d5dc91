"""What may wait, or run code that we don't see: no lock is held over it."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from lintvalue.fix.expressions import of_statement, walk
from lintvalue.fix.places import within
from lintvalue.model import expressions as e
from lintvalue.model import statements as s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lintvalue.model.span import Span

_BUILTINS = frozenset(
    {
        *("abs", "bool", "bytes", "chr", "dict", "divmod", "enumerate", "float", "format"),
        *("getattr", "hash", "hex", "int", "isinstance", "len", "list", "max", "min", "oct", "ord"),
        *("pow", "print", "range", "repr", "reversed", "round", "set", "setattr", "sorted", "str"),
        *("all", "any", "sum", "tuple", "zip"),
        *(
            name
            for name, one in vars(builtins).items()
            if isinstance(one, type) and issubclass(one, BaseException)
        ),
    }
)
# Only names that no queue, pipe, event, pool or lock has.
_METHODS = frozenset(
    {
        *("add", "append", "casefold", "decode", "encode", "endswith", "extend", "format"),
        *("isdigit", "items", "keys", "lower", "lstrip", "replace", "rstrip", "split"),
        *("startswith", "strip", "title", "update", "upper", "values"),
    }
)
_MODULES = frozenset({"math", "operator", "os.path", "random", "string"})
# It takes its time, but waits for nobody who could wait for us.
PAUSES = frozenset({"time.sleep"})


def delay(
    expression: e.Expression,
    known: frozenset[str],
    own: str = "",
    without: tuple[Span, ...] = (),
) -> str | None:
    """What in it, but for the parts `without`, may wait, in words.

    Calls of `known` names and of methods of `own` do not.
    """
    for part in walk(expression):
        if any(span.encloses(part.span) for span in without):
            continue
        if isinstance(part, e.Suspension):
            return f"`{part.kind}`"
        if isinstance(part, e.Call) and not _quick(part.function, known, own):
            return f"the call of `{dotted(part.function) or 'a computed function'}`"
    return None


def _quick(function: e.Expression, known: frozenset[str], own: str) -> bool:
    match function:
        case e.Name(id=name):
            return name in _BUILTINS or name in known
        case e.Attribute(value=value, name=name):
            holder = dotted(value)
            allowed = holder in _MODULES or f"{holder}.{name}" in known
            return allowed or name in _METHODS or (own != "" and holder == own)
        case _:
            return False


def dotted(expression: e.Expression) -> str:
    """`a.b.c`, or "" for anything else."""
    match expression:
        case e.Name(id=name):
            return name
        case e.Attribute(value=value, name=name):
            holder = dotted(value)
            return f"{holder}.{name}" if holder else ""
        case _:
            return ""


def quick_functions(body: s.Block) -> Mapping[str, s.Function]:
    """Functions of the module that surely neither wait nor take a lock, told by their bodies alone."""
    return {
        statement.function.name: statement.function
        for statement in body.statements
        if isinstance(statement, s.Define) and runs_through(statement)
    }


def runs_through(define: s.Define) -> bool:
    """Whether a function neither waits nor takes a lock, told by its body alone."""
    function = define.function
    if function.decorators or function.asynchronous or function.generator:
        return False
    return not any(
        isinstance(part, (s.With, s.While, s.Define, s.DefineClass))
        or any(delay(expression, frozenset()) for expression in of_statement(part))
        for outer in function.body.statements
        for part in within(outer)
    )
