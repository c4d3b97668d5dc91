"""A number in shared memory: how it is loaded and stored, and what becomes of one that does not fit."""

from __future__ import annotations

import ctypes
from multiprocessing import sharedctypes
from operator import index
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintvalue.runtime.memory import Memory

LOWEST = -(2**63)
HIGHEST = 2**63 - 1

Content = TypeVar("Content")

WHOLE = "bBhHiIlLqQ"
REAL = "fd"


class Cell(Protocol[Content]):
    """One number at index 0, which is loaded and stored in one piece and without Python code."""

    def __getitem__(self, at: int, /) -> Content: ...

    def __setitem__(self, at: int, number: Content, /) -> None: ...


class Arithmetic(NamedTuple):
    """What a cell takes and what it makes of it."""

    cell: Callable[[Memory], Cell[Any]]
    operand: Callable[[Any], Any]  # the number itself, or TypeError
    fitted: Callable[[Any], Any]  # the number as the cell will hold it, or OverflowError
    exact: bool  # a number that can be stored is what is loaded again


def arithmetic(typecode: object) -> Arithmetic:
    """Return that of `Value(typecode)`, or 64 bits that never wrap if it is None."""
    if typecode is None:
        return Arithmetic(_checked_cell, index, _fitting, exact=True)
    ctype: Any = sharedctypes.typecode_to_type.get(typecode, typecode)  # type: ignore[attr-defined]
    code = getattr(ctype, "_type_", None)
    if not isinstance(code, str) or code not in WHOLE + REAL:
        raise TypeError(
            f"a Counter counts numbers: typecode must be one of {', '.join(WHOLE + REAL)} "
            f"or the ctypes type of one, not {typecode!r}"
        )

    def typed_cell(memory: Memory) -> Cell[Any]:
        return (ctype * 1).from_buffer(memory.bytes())  # type: ignore[no-any-return]

    def rounded(number: float) -> Any:
        return ctype(number).value

    def wrapped(number: int) -> Any:
        return ctype(index(number)).value

    if code in REAL:
        return Arithmetic(typed_cell, _real, rounded, exact=False)
    return Arithmetic(typed_cell, index, wrapped, exact=False)


def too_large(what: object) -> OverflowError:
    return OverflowError(f"{what} is too much for the 64 bits of a Counter; nothing has changed")


def _checked_cell(memory: Memory) -> Cell[int]:
    # A cast memoryview stores an aligned word in one piece, as ctypes does, and faster. What is
    # too large for it is a ValueError, and stores nothing.
    return memory.bytes()[:8].cast("q")


def _fitting(number: int) -> int:
    number = index(number)
    if LOWEST <= number <= HIGHEST:
        return number
    raise too_large(number)


def _real(number: float) -> float:
    return ctypes.c_double(number).value
