"""How a lock is held so that no signal handler finds it half taken or leaves it behind."""

from __future__ import annotations

import opcode
import sys
import threading
from multiprocessing import synchronize
from typing import TYPE_CHECKING, Any, Protocol

from lintvalue.runtime.forks import remake_after_fork

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    # typeshed has no type for the C object behind the locks of multiprocessing.
    CLock = Any

# CPython runs signal handlers when a call returns and when a loop jumps back. As long as entering
# a `with` block is one instruction, none runs between taking a C lock and the block's first step.
# Newer versions look `__enter__` up and call it like any other method.
WITH_IS_ONE_STEP = sys.implementation.name == "cpython" and "BEFORE_WITH" in opcode.opmap


class Guard(Protocol):
    def __enter__(self) -> object: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...


class CarefulGuard:
    """Holds a lock where a signal handler may run between taking it and the block's first step.

    A handler that raises there leaves the lock free. One that counts there enters again, if the
    lock is reentrant, and is done before the block that it interrupted has read anything.
    """

    # `__exit__` is the lock's own C method: a Python one could be interrupted before it releases.
    __slots__ = ("__exit__", "_acquire", "_depth", "_release", "_timeout")

    def __init__(self, lock: CLock, depth: Callable[[], int], timeout: float | None = None) -> None:
        self._acquire, self._release, self.__exit__ = lock.acquire, lock.release, lock.__exit__
        self._depth = depth
        self._timeout = () if timeout is None else (True, timeout)

    def __enter__(self) -> None:
        outer = self._depth()
        try:
            taken = self._acquire(*self._timeout)
        except BaseException:
            if self._depth() > outer:
                self._release()
            raise
        if not taken:
            raise _not_free(*self._timeout)


def process_guard(lock: synchronize.SemLock, timeout: float | None) -> Guard:
    """Guard between processes and threads. Raises TimeoutError after `timeout` seconds."""
    if timeout is not None and not timeout >= 0:
        raise ValueError(f"timeout is in seconds, 0 or more, not {timeout}")
    # The C object behind the lock: entering the Python object around it runs Python code, in
    # which a signal handler may raise and leave the lock held.
    semlock: CLock = lock._semlock  # type: ignore[attr-defined]  # typeshed leaves it out
    if hasattr(semlock, "_after_fork"):
        remake_after_fork(lock, _forget_holder)
    if WITH_IS_ONE_STEP and timeout is None:
        return semlock  # type: ignore[no-any-return]
    return CarefulGuard(semlock, lambda: semlock._count() if semlock._is_mine() else 0, timeout)


def thread_guard() -> Guard:
    """Guard between the threads of this process, which may enter it again."""
    lock: Any = threading.RLock()
    depth = getattr(lock, "_recursion_count", lock._is_owned)  # some Pythons lack the former
    return lock if WITH_IS_ONE_STEP else CarefulGuard(lock, depth)


def shared_lock(lock: object) -> synchronize.SemLock:
    """Return the lock if it keeps other processes out, and raise TypeError if it may not."""
    if isinstance(lock, synchronize.Lock | synchronize.RLock):
        return lock
    raise TypeError(
        f"lock must be a Lock or an RLock of multiprocessing, which processes share, "
        f"not {type(lock).__module__}.{type(lock).__qualname__}"
    )


def _forget_holder(lock: synchronize.SemLock) -> None:
    lock._semlock._after_fork()  # type: ignore[attr-defined]


def _not_free(_block: bool, timeout: float) -> TimeoutError:
    return TimeoutError(
        f"the Counter's lock was not free for {timeout:g} seconds: the process that holds it "
        "may have been killed; value() still answers"
    )
