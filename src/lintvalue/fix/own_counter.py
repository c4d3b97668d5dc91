"""A class of the project's own that counts under a lock, as the one of the well-known article does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.delays import dotted
from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.fix.survey import Page

_MAKERS = frozenset({"Value", "RawValue"})
_LOCKS = frozenset({"Lock", "RLock"})
_TYPECODES = frozenset("ilq")


@dataclass(frozen=True, slots=True)
class OwnCounter:
    """`initial` and `any_amount` where `C(start)` and `increment(n)` take one; `is_property` where
    `value` is read without a call.
    """

    name: str
    row: int
    typecode: str
    initial: bool
    any_amount: bool
    is_property: bool


def own_counter(page: Page) -> OwnCounter | None:
    """The first such class of the file."""
    for statement in page.facts.body.statements:
        if isinstance(statement, s.DefineClass):
            found = _counter(statement.definition)
            if found is not None:
                return found
    return None


def _counter(definition: s.Class) -> OwnCounter | None:
    if definition.bases or definition.decorators or definition.keywords:
        return None
    methods = {
        one.function.name: one.function
        for one in definition.body.statements
        if isinstance(one, s.Define)
    }
    made = _made(methods.get("__init__"))
    change, value = methods.get("increment"), methods.get("value")
    if made is None or change is None or value is None:
        return None
    cell, lock, typecode = made
    amount = _amount(change, cell, lock)
    read = _reads(value, cell, lock)
    if amount is None or not read:
        return None
    is_property = [dotted(one) for one in value.decorators] == ["property"]
    if change.decorators or (value.decorators and not is_property):
        return None
    row = definition.span.line
    initial = len(methods["__init__"].parameters) > 1
    return OwnCounter(definition.name, row, typecode, initial, amount == "n", is_property)


def _steps(function: s.Function) -> tuple[s.Statement, ...]:
    """The body without its docstring."""
    body = function.body.statements
    is_text = body and isinstance(body[0], s.Evaluate) and isinstance(body[0].value, e.Literal)
    return body[1:] if is_text else body


def _made(function: s.Function | None) -> tuple[str, str, str] | None:
    """The attributes of the cell and the lock, and the cell's type code."""
    if function is None or len(function.parameters) > 2:
        return None
    start = function.parameters[1:]
    if start and (start[0].kind != "positional" or not _is_number(start[0].default, 0)):
        return None
    cell = lock = typecode = ""
    for statement in _steps(function):
        match statement:
            case s.Assign(
                targets=(e.Attribute(value=e.Name(id="self"), name=name),),
                value=e.Call(function=called, arguments=arguments),
            ):
                kind = dotted(called).rpartition(".")[2]
                if kind in _LOCKS and not arguments:
                    lock = f"self.{name}"
                elif kind in _MAKERS:
                    cell, typecode = f"self.{name}", _code(arguments, [one.name for one in start])
            case _:
                return None
    return (cell, lock, typecode) if cell and typecode else None


def _code(arguments: tuple[e.Argument, ...], start: list[str]) -> str:
    """The type code of `Value("i", start)`."""
    match [one.value for one in arguments if one.keyword is None and not one.star]:
        case [e.Literal(value=str(code)), e.Name(id=name)] if [name] == start:
            return code if code in _TYPECODES else ""
        case [e.Literal(value=str(code)), e.Literal(value=0)] if not start:
            return code if code in _TYPECODES else ""
        case _:
            return ""


def _is_number(expression: e.Expression | None, number: int) -> bool:
    return isinstance(expression, e.Literal) and expression.value == number


def _guarded(function: s.Function, cell: str, lock: str) -> Iterator[s.Statement]:
    """What a method does, if all of it stands under the lock."""
    match _steps(function):
        case (s.With(items=((held, None),), body=body, asynchronous=False),):
            taken = dotted(held.function) if isinstance(held, e.Call) else dotted(held)
            if taken and taken in (lock, f"{cell}.get_lock"):
                yield from body.statements


def _amount(function: s.Function, cell: str, lock: str) -> str | None:
    """What `increment` adds, "1" or "n"; None where it does something else."""
    more = function.parameters[1:]
    match tuple(_guarded(function, cell, lock)):
        case (s.Augment(target=target, operator="+=", value=value),) if (
            dotted(target) == f"{cell}.value"
        ):
            if not more and _is_number(value, 1):
                return "1"
            if len(more) == 1 and isinstance(value, e.Name) and value.id == more[0].name:
                return "n" if _is_number(more[0].default, 1) else None
    return None


def _reads(function: s.Function, cell: str, lock: str) -> bool:
    if len(function.parameters) != 1:
        return False
    steps = tuple(_guarded(function, cell, lock)) or _steps(function)
    match steps:
        case (s.Return(value=e.Attribute() as value),):
            return dotted(value) == f"{cell}.value"
        case _:
            return False
