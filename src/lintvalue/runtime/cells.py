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

    ctype: Any  # the ctypes type with the cell's size
    operand: Callable[[Any], Any]  # the number itself, or TypeError
    fitted: Callable[[Any], Any]  # the number as the cell will hold it, or OverflowError
    wraps: bool  # what is too large is stored modulo the cell's size
    exact: bool  # what can be stored is what is loaded again


def arithmetic(typecode: object) -> Arithmetic:
    """Return that of `Value(typecode)`, or 64 bits that never wrap if it is None."""
    if typecode is None:
        return Arithmetic(ctypes.c_longlong, index, _fitting, wraps=False, exact=True)
    ctype: Any = sharedctypes.typecode_to_type.get(typecode, typecode)  # type: ignore[attr-defined]
    code = getattr(ctype, "_type_", None)
    if not isinstance(code, str) or code not in WHOLE + REAL:
        raise TypeError(
            f"a Counter counts numbers: typecode must be one of {', '.join(WHOLE + REAL)} "
            f"or the ctypes type of one, not {typecode!r}"
        )
    if code in REAL:
        return Arithmetic(ctype, _real, lambda x: ctype(x).value, wraps=False, exact=code == "d")
    return Arithmetic(ctype, index, lambda x: ctype(index(x)).value, wraps=True, exact=True)


def checked_cell(memory: Memory, ctype: Any) -> Cell[Any]:
    """Return the cell as one in which a whole number that does not fit is a ValueError."""
    # A cast memoryview stores an aligned word in one piece, as ctypes does, and faster.
    return memory.bytes()[: ctypes.sizeof(ctype)].cast(ctype._type_)


def wrapping_cell(memory: Memory, ctype: Any) -> Cell[Any]:
    """Return the cell as one in which a whole number that does not fit wraps round."""
    return (ctype * 1).from_buffer(memory.bytes())  # type: ignore[no-any-return]


def too_large(what: object) -> OverflowError:
    return OverflowError(f"{what} is too much for the 64 bits of a Counter; nothing has changed")


def _fitting(number: int) -> int:
    number = index(number)
    if LOWEST <= number <= HIGHEST:
        return number
    raise too_large(number)


def _real(number: float) -> float:
    return ctypes.c_double(number).value
