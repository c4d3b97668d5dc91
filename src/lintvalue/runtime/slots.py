"""Slots of shared memory, one for each process that counts, and who owns them."""

from __future__ import annotations

import mmap
import os
import struct

from lintvalue.runtime.files import SharedFile
from lintvalue.runtime.forks import remake_after_fork

SLOTS = 4096
WORDS = 8  # 64-bit words in a slot: a cache line, so that no two processes write to the same one

# The words of a slot: what its owners have counted, and the process that owns it. Slot 0 has no
# owner: it holds the initial value, and the number of slots that were ever owned.
TOTAL, OWNER = 0, 1
USED = OWNER


class Slots:
    """Slots in a file without a name. A slot keeps its total when its owner has died.

    Slots are claimed under a record lock of the file, which the kernel takes from a process
    that is killed (POSIX fcntl locks). Whether an owner lives is asked of the kernel too, so
    that a process may close its descriptors and keeps its slot.
    """

    __slots__ = ("__weakref__", "_claiming", "_file", "_words")

    def __init__(self, file: SharedFile) -> None:
        self._file = file
        self._words = memoryview(_mapped(file.fd, SLOTS * WORDS * 8)).cast("q")
        self._forked()
        remake_after_fork(self, Slots._forked)

    def _forked(self) -> None:
        self._claiming = False

    @classmethod
    def new(cls, initial: int) -> Slots:
        file = SharedFile.new(SLOTS * WORDS * 8)
        _write(file, TOTAL, initial)
        return cls(file)

    def __reduce__(self) -> tuple[object, ...]:
        return Slots, (self._file,)

    def value(self) -> int:
        words = self._words
        return sum(words[: (words[USED] + 1) * WORDS : WORDS])

    def used(self) -> int:
        return self._words[USED]

    def claim(self) -> memoryview[int]:
        """Return the cell of a slot that this process owns from now on, as long as it lives.

        Record locks are a process's: its other threads have to be kept out by the caller.
        """
        while True:
            owner = os.getpid()
            slot = self._claim(owner)
            if os.getpid() == owner:  # else a signal handler has forked meanwhile
                return self._words[slot * WORDS : slot * WORDS + 1]

    def _claim(self, owner: int) -> int:
        if not self._file.intact():
            raise OSError(
                "this process closed the descriptors that it inherited before it first changed "
                "the ShardedCounter: change it once before, by 0 if need be"
            )
        # A signal handler that counts may get here while its own process is claiming. What it
        # takes is its process's in any case, but only the outer claim knows when to unlock.
        outer, self._claiming = self._claiming, True
        try:
            self._file.lock()
            return self._take(owner)
        finally:
            self._claiming = outer
            if not outer:
                self._file.unlock()

    def _take(self, owner: int) -> int:
        used = self._words[USED]
        free = (
            slot for slot in range(1, used + 1) if not _alive(self._words[slot * WORDS + OWNER])
        )
        slot = next(free, used + 1)
        if slot == SLOTS:
            raise RuntimeError(f"more than {SLOTS - 1} processes change one ShardedCounter")
        _write(self._file, slot * WORDS + OWNER, owner)
        self._words[USED] = max(used, slot)
        return slot


def _mapped(fd: int, size: int) -> mmap.mmap:
    try:
        return mmap.mmap(fd, size, trackfd=False)  # type: ignore[call-arg,unused-ignore]
    except TypeError:  # this Python keeps a second descriptor
        return mmap.mmap(fd, size)


def _write(file: SharedFile, word: int, number: int) -> None:
    # A full disk or a full /dev/shm is an OSError here. On memory that is mapped it would be
    # a SIGBUS.
    os.pwrite(file.fd, struct.pack("q", number), word * 8)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)  # it may be another user's
    return True
