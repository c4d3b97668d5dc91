"""A whole number in shared memory that any process may change, and no update is lost."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing import context, synchronize
from operator import index
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from ctypes import c_longlong
    from multiprocessing.context import BaseContext
    from types import TracebackType

LOWEST = -(2**63)
HIGHEST = 2**63 - 1

# CPython runs signal handlers when a call returns and when a loop jumps back. Up to 3.13 `with`
# is one instruction, so that none runs between taking a C lock and the block's first step. From
# 3.14 on `with` is a call like any other.
WITH_IS_ONE_STEP = sys.implementation.name == "cpython" and sys.version_info < (3, 14)

NOT_AT_A_LAUNCH = (
    "a Counter can be handed to a process only while that process starts: pass it through "
    "Process(args=...) or a pool's initializer and initargs, not through a queue, a pipe "
    "or the arguments of a task"
)


class Counter:
    """A 64-bit number in shared memory with one lock; all operations have one total order.

    Hand it to other processes through `args=` of a Process, or through `initializer=` and
    `initargs=` of a pool or an executor. `lock` is an existing Lock or RLock to use, say one for
    many counters; without it the Counter makes its own, from `ctx` or the default context.

    A signal handler may change the counter that it interrupts, and may raise: no change is lost
    and the lock is free afterwards. A process killed by SIGKILL while it holds the lock leaves
    it locked; `value()` still answers.
    """

    # No setter and no other attributes: `counter.value += 1` is an error, not a lost update.
    __slots__ = ("__weakref__", "_cell", "_guard", "_lock", "_raw")

    def __init__(
        self,
        initial: int = 0,
        *,
        ctx: BaseContext | None = None,
        lock: synchronize.Lock | synchronize.RLock | None = None,
    ) -> None:
        ctx = multiprocessing.get_context() if ctx is None else ctx
        self._bind(ctx.RawValue("q", 0), _made_lock(ctx) if lock is None else _shared_lock(lock))
        self.set(initial)

    def _bind(self, raw: c_longlong, lock: synchronize.SemLock) -> None:
        self._raw = raw
        self._lock = lock
        self._guard = _guard(lock)
        # A cast memoryview loads and stores an aligned word in one piece, faster than ctypes does.
        self._cell: memoryview[int] = memoryview(raw).cast("B").cast("q")

    # The blocks below make no call and no loop, so that no signal handler runs in the midst of
    # them: one that did would wait for ever for the lock, or have its own update overwritten.
    # A number that is too large for the cell is a ValueError of the memoryview, which stores
    # nothing then.

    def increment(self, n: int = 1) -> int:
        """Add `n` and return the new value."""
        n = index(n)
        try:
            with self._guard:
                cell = self._cell
                cell[0] = new = cell[0] + n
                return new
        except ValueError as error:
            raise _overflow(f"a change by {n}") from error

    def decrement(self, n: int = 1) -> int:
        """Subtract `n` and return the new value."""
        return self.increment(-n)

    def value(self) -> int:
        """Return the value of this moment, without waiting for a lock."""
        return self._cell[0]

    def set(self, x: int) -> None:
        """Make the value `x`, whatever it was."""
        self.exchange(x)

    def exchange(self, x: int) -> int:
        """Make the value `x` and return what it was."""
        x = _fitting(x)
        with self._guard:
            old = self._cell[0]
            self._cell[0] = x
            return old

    def compare_and_set(self, expected: int, new: int) -> bool:
        """Make the value `new` if it is `expected`, and tell whether it was."""
        expected, new = index(expected), _fitting(new)
        with self._guard:
            if self._cell[0] != expected:
                return False
            self._cell[0] = new
            return True

    def increment_below(self, limit: int, n: int = 1) -> bool:
        """Add `n` unless the value would then be greater than `limit`, and tell whether it did."""
        limit, n = index(limit), index(n)
        try:
            with self._guard:
                new = self._cell[0] + n
                if new > limit:
                    return False
                self._cell[0] = new
                return True
        except ValueError as error:
            raise _overflow(f"a change by {n}") from error

    def update(self, fn: Callable[[int], int]) -> int:
        """Replace the value by `fn(value)` and return the new value.

        `fn` runs without the lock, so that it may fail or take its time without holding up
        anyone. If the value has changed meanwhile, `fn` is called again with the new one: it
        should do nothing but compute.
        """
        while True:
            old = self.value()
            new = _fitting(fn(old))
            if self.compare_and_set(old, new):
                return new

    def __repr__(self) -> str:
        return f"<Counter {self.value()}>"

    def __getstate__(self) -> tuple[c_longlong, synchronize.SemLock]:
        if context.get_spawning_popen() is None:
            raise RuntimeError(NOT_AT_A_LAUNCH)
        return self._raw, self._lock

    def __setstate__(self, state: tuple[c_longlong, synchronize.SemLock]) -> None:
        self._bind(*state)


class _Guard(Protocol):
    def __enter__(self) -> object: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...


class _CarefulGuard:
    """Holds a lock where a signal handler may run between taking it and the block's first step.

    A handler that raises there leaves the lock free. One that counts there enters again, if the
    lock is an RLock, and is done before the block that it interrupted has read anything.
    """

    # `__exit__` is the lock's own C method: a Python one could be interrupted before it releases.
    __slots__ = ("__exit__", "_semlock")

    def __init__(self, lock: synchronize.SemLock) -> None:
        self._semlock = lock._semlock  # type: ignore[attr-defined]  # typeshed leaves it out
        self.__exit__ = self._semlock.__exit__

    def __enter__(self) -> None:
        outer = self._depth()
        try:
            self._semlock.acquire()
        except BaseException:
            if self._depth() > outer:
                self._semlock.release()
            raise

    def _depth(self) -> int:
        return self._semlock._count() if self._semlock._is_mine() else 0


def _guard(lock: synchronize.SemLock) -> _Guard:
    # The C object behind the lock: entering the Python object around it runs Python code, in
    # which a signal handler may raise and leave the lock held.
    if WITH_IS_ONE_STEP:
        return lock._semlock  # type: ignore[attr-defined,no-any-return]  # typeshed leaves it out
    return _CarefulGuard(lock)


def _made_lock(ctx: BaseContext) -> synchronize.SemLock:
    return ctx.Lock() if WITH_IS_ONE_STEP else ctx.RLock()


def _shared_lock(lock: object) -> synchronize.SemLock:
    if isinstance(lock, synchronize.Lock | synchronize.RLock):
        return lock
    raise TypeError(
        f"lock must be a Lock or an RLock of multiprocessing, which processes share, "
        f"not {type(lock).__module__}.{type(lock).__qualname__}"
    )


def _fitting(x: int) -> int:
    x = index(x)
    if LOWEST <= x <= HIGHEST:
        return x
    raise _overflow(str(x))


def _overflow(what: str) -> OverflowError:
    return OverflowError(f"{what} is too much for the 64 bits of a Counter; nothing has changed")
