"""How often something has happened, in any process, counted in one call of C."""

from __future__ import annotations

import multiprocessing
from functools import partial
from operator import index
from typing import TYPE_CHECKING

from lintvalue.runtime.handover import Inherited
from lintvalue.runtime.semaphores import MOST, readable
from lintvalue.runtime.sharded import ShardedCounter

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import BaseContext
    from multiprocessing.synchronize import Semaphore


class EventCounter(Inherited):
    """A number that grows by one, faster than any other.

    Choose it for what happens so often that counting it must cost nothing, one at a time.

    `increment()` adds 1 and returns nothing; it is `sem_post` itself, one atomic step of the C
    library. A process that is killed loses at most the count that it was in, and holds up
    nobody; signal handlers may count and may raise. It goes from 0 to 2**31 - 1, beyond which
    ValueError is raised and nothing changes. It takes a fifteenth of the time
    of `with value.get_lock(): value.value += 1`. Hand it to other processes as they start, like a
    Counter.

    Where a semaphore cannot be read (macOS) it is a ShardedCounter inside.
    """

    __slots__ = ("_counted", "increment", "value")

    increment: Callable[[], None]  # add 1
    value: Callable[[], int]  # return how often that was done

    def __init__(self, initial: int = 0, *, ctx: BaseContext | None = None) -> None:
        initial = index(initial)
        if not 0 <= initial <= MOST:
            raise ValueError(f"an EventCounter goes from 0 to {MOST}: initial can't be {initial}")
        semaphore = (ctx or multiprocessing).Semaphore(initial)
        self._bind(semaphore if readable(semaphore) else ShardedCounter(initial, ctx=ctx))

    def _bind(self, counted: Semaphore | ShardedCounter) -> None:
        self._counted = counted
        if isinstance(counted, ShardedCounter):
            self.increment, self.value = partial(counted.increment, 1), counted.value
        else:
            self.increment, self.value = counted.release, counted.get_value

    def _parts(self) -> tuple[Semaphore | ShardedCounter]:
        return (self._counted,)
