"""Numbers of which no two processes get the same one."""

from __future__ import annotations

import errno
import sys
from operator import index
from os import SEEK_CUR, SEEK_SET, lseek
from typing import TYPE_CHECKING

from lintvalue.runtime.counter import Counter
from lintvalue.runtime.files import SharedFile
from lintvalue.runtime.handover import Inherited

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

# lseek adds to the offset of a file that processes share, and returns the sum. POSIX.1-2017,
# 2.9.7, wants that to be atomic; Linux does it under a lock of the open file (fdget_pos). It
# was not tested on other systems.
SEEKS_ADD = sys.platform == "linux"


class TicketCounter(Inherited):
    """Numbers in order, each given out once: 1, 2, 3, ...

    Choose it for ids, and for the next index of work that processes share.

    Each `next()` returns a number of its own, however many processes and threads ask; numbers
    are given in order and without gaps, from `initial` + 1 to 2**63 - 1, and OverflowError is
    raised beyond (2**44 - 4096 on ext4, where there is no folder /dev/shm). There is no lock: a
    process that is killed takes at most the number with it that it was being given, and holds
    up nobody. So does a signal handler that raises; one may also take numbers itself.

    It is the offset of a shared file, to which `lseek` adds. That is one system call, about
    two fifths of the time of `with value.get_lock(): value.value += 1`. Hand it to other
    processes as they start, like a Counter; their context does not matter. A process that
    closes all its descriptors loses it and gets an OSError.

    Where `lseek` is not known to be atomic (macOS, Windows) it is a Counter inside, and keeps
    that one's promises instead.
    """

    __slots__ = ("_counter", "_fd", "_source")

    def __init__(self, initial: int = 0, *, ctx: BaseContext | None = None) -> None:
        initial = index(initial)
        if initial < 0:
            raise ValueError(f"tickets are numbers from 1 on: initial can't be {initial}")
        self._bind(_offset_at(initial) if SEEKS_ADD else Counter(initial, ctx=ctx))

    def _bind(self, source: SharedFile | Counter) -> None:
        self._source = source
        self._counter = source if isinstance(source, Counter) else None
        self._fd = source.fd if isinstance(source, SharedFile) else -1

    def _parts(self) -> tuple[SharedFile | Counter]:
        return (self._source,)

    def next(self, n: int = 1) -> int:
        """Take the next `n` numbers and return the last of them."""
        if n < 1:
            raise ValueError(f"at least one number must be taken, not {n}")
        if self._counter is not None:
            return self._counter.increment(n)
        try:
            return lseek(self._fd, n, SEEK_CUR)
        except OSError as error:
            raise _explained(error) from error

    def value(self) -> int:
        """Return the last number that anyone was given."""
        if self._counter is not None:
            return self._counter.value()
        try:
            return lseek(self._fd, 0, SEEK_CUR)
        except OSError as error:
            raise _explained(error) from error


def _offset_at(initial: int) -> SharedFile:
    file = SharedFile.new(0)
    try:
        lseek(file.fd, initial, SEEK_SET)
    except OSError as error:
        raise _explained(error) from error
    return file


def _explained(error: OSError) -> Exception:
    if error.errno == errno.EBADF:
        return OSError(
            error.errno,
            "this process has closed the descriptors that it inherited, and with them the "
            "TicketCounter",
        )
    return OverflowError("a TicketCounter has no such number; none was taken")
