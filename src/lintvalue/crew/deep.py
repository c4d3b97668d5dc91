"""A stack deep enough for deeply nested programs."""

from __future__ import annotations

import sys
from _thread import allocate_lock
from typing import TYPE_CHECKING, TypeVar

from lintvalue.crew.notice import NOTICE

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

    before = threading.stack_size()
    with _LIMIT:
        try:
            threading.stack_size(STACK)
            thread = threading.Thread(target=call, daemon=True)
            thread.start()
        except (RuntimeError, ValueError):
            thread = None
        finally:
            threading.stack_size(before)
        while thread is not None and thread.is_alive():
            thread.join(NOTICE)
    if thread is None:
        return function()
    if errors:
        raise errors[0]
    return results[0]


class _Limit:
    """How deep calls may go, which holds for all threads: raised while one of them is on a deep stack."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._inside = 0
        self._before = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = sys.getrecursionlimit()
                sys.setrecursionlimit(max(self._before, RECURSION_LIMIT))
            self._inside += 1

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                sys.setrecursionlimit(self._before)


_LIMIT = _Limit()
