"""A stack deep enough for deeply nested programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

STACK = 64 << 20
RECURSION_LIMIT = 20_000


def on_deep_stack(function: Callable[[], T]) -> T:
    """`function()` on a thread with a large stack, or on this one where no such thread can be had."""
    import threading  # noqa: PLC0415 - where nothing is parsed, nobody needs it

    results: list[T] = []
    errors: list[BaseException] = []

    def call() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001 - raised again by the caller's thread
            errors.append(error)

    before, limit = threading.stack_size(), sys.getrecursionlimit()
    try:
        threading.stack_size(STACK)
        thread = threading.Thread(target=call, daemon=True)
        sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
        thread.start()
    except (RuntimeError, ValueError):
        sys.setrecursionlimit(limit)
        return function()
    finally:
        threading.stack_size(before)
    try:
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
    if errors:
        raise errors[0]
    return results[0]
