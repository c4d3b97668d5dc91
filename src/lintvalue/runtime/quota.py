"""At most so many, over all processes."""

from __future__ import annotations

import multiprocessing
from functools import partial
from operator import index
from typing import TYPE_CHECKING

from lintvalue.runtime.counter import Counter
from lintvalue.runtime.handover import Inherited
from lintvalue.runtime.semaphores import MOST, readable

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import BaseContext
    from multiprocessing.synchronize import BoundedSemaphore


class Quota(Inherited):
    """At most `n` grants, over all processes and threads.

    Choose it in place of `if value.value < n: value.value += 1`, which grants too many.

    `try_take()` takes one grant and returns True, or returns False if none is left; it never
    waits. `refund()` gives one back that was taken; one too many raises ValueError. A process
    that is killed keeps what it has taken, and holds up nobody; signal handlers may take, refund
    and raise. It is `sem_trywait`, one call of C: an eighth or less of the time of a check and an
    update under the Value's lock. Hand it to other processes as they start, like a Counter.

    Where a semaphore cannot be read (macOS), and for more grants than one can hold
    (2**31 - 1), it is a Counter inside, and keeps that one's promises instead.
    """

    __slots__ = ("_left", "n", "refund", "remaining", "try_take")

    n: int  # how many grants there are in all
    try_take: Callable[[], bool]  # take a grant if there is one, and tell whether there was
    refund: Callable[[], None]  # give one back
    remaining: Callable[[], int]  # return how many are left

    def __init__(self, n: int, *, ctx: BaseContext | None = None) -> None:
        n = index(n)
        if n < 0:
            raise ValueError(f"a Quota grants 0 or more, not {n}")
        self._bind(n, _left(n, ctx))

    def _bind(self, n: int, left: BoundedSemaphore | Counter) -> None:
        self.n, self._left = n, left
        if isinstance(left, Counter):
            self.try_take = partial(left.increment_below, n)
            self.refund = lambda: _give_back(left)
            self.remaining = lambda: n - left.value()
        else:
            self.try_take = partial(left.acquire, False)
            self.refund = left.release
            self.remaining = left.get_value

    def _parts(self) -> tuple[int, BoundedSemaphore | Counter]:
        return self.n, self._left

    def __repr__(self) -> str:
        return f"<Quota {self.remaining()} of {self.n} left>"


def _left(n: int, ctx: BaseContext | None) -> BoundedSemaphore | Counter:
    """Return a semaphore of what is left, or a Counter of what is taken."""
    if n <= MOST:
        semaphore = (ctx or multiprocessing).BoundedSemaphore(n)
        if readable(semaphore):
            return semaphore
    return Counter(ctx=ctx)


def _give_back(taken: Counter) -> None:
    taken.update(_one_less)


def _one_less(taken: int) -> int:
    if taken == 0:
        raise ValueError("no grant of this Quota is taken that could be given back")
    return taken - 1
