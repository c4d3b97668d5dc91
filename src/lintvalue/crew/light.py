"""Loading for one worker alone: without what only others would need of it."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")


def load(prepare: Callable[[], T]) -> T:
    """`prepare()`, for a process that ends with this work.

    The parser makes a quarter of a million objects when it is loaded, and no garbage.
    """
    gc.disable()
    try:
        with _light_dataclasses():
            return prepare()
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _light_dataclasses() -> Iterator[None]:
    """Meanwhile dataclasses get neither `__repr__` nor what keeps frozen ones as they are.

    LibCST has 200 of them, whose functions are compiled at each start. Without those that nobody calls
    it is loaded in 93 ms in place of 146; and since nodes are then made by plain assignments, parsing
    takes a tenth less, positions a seventh.
    """
    import dataclasses  # noqa: PLC0415 - the process that the worker comes from needs none

    whole = dataclasses.dataclass

    def light(cls: type[T] | None = None, /, **asked: bool) -> object:
        if cls is None:
            return lambda cls: light(cls, **asked)
        cls.__doc__ = cls.__doc__ or cls.__name__  # or it would be made of all that is annotated
        return whole(cls, **(asked if _has_frozen_base(cls) else _less(cls, asked)))

    vars(dataclasses)["dataclass"] = light
    try:
        yield
    finally:
        vars(dataclasses)["dataclass"] = whole


def _less(cls: type, asked: Mapping[str, bool]) -> dict[str, bool]:
    """What is asked for, as far as it shows: a frozen class that is compared has a hash."""
    own = vars(cls)
    compared = asked.get("eq", True)
    hashed = asked.get("frozen", False) and compared and own.get("__hash__") is None
    wanted = compared and ("__eq__" not in own or asked.get("order", False))
    less = {"repr": False, "frozen": False, "eq": wanted}
    return {**asked, **less, "unsafe_hash": hashed or asked.get("unsafe_hash", False)}


def _has_frozen_base(cls: type) -> bool:
    """Whether it derives from one of before, which has to be frozen, too."""
    made = (getattr(base, "__dataclass_params__", None) for base in cls.__mro__[1:])
    return any(one is not None and one.frozen for one in made)
