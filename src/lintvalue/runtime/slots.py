"""Slots of shared memory, one for each process that counts, and who owns them."""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

from lintvalue.runtime.files import SharedFile
from lintvalue.runtime.forks import remake_after_fork

SLOTS = 4096
WORDS = 8  # 64-bit words in a slot: a cache line, so that no two processes write to the same one

# The words of a slot: what its owners have counted, the process that owns it, and the PID namespace
# in which that number means it. Slots are given out in order, and those that were never owned have
# no owner. Slot 0 holds the initial value; the last one is never given out.
TOTAL, OWNER, NAMESPACE = 0, 1, 2


class Slots:
    """Slots in a file without a name. A slot keeps its total when its owner has died.

    Slots are claimed under a record lock of the file, which the kernel takes from a process
    that is killed (POSIX fcntl locks). Whether an owner lives is asked of the kernel too, so
    that a process may close its descriptors and keeps its slot.
    """

    __slots__ = ("__weakref__", "_claiming", "_file", "_used", "_words")

    def __init__(self, file: SharedFile) -> None:
        self._file = file
        self._words = memoryview(_mapped(file.fd, SLOTS * WORDS * 8)).cast("q")
        self._used = 0
        self._forked()
        remake_after_fork(self, Slots._forked)

    def _forked(self) -> None:
        self._claiming = False

    @classmethod
    def new(cls, initial: int) -> Slots:
        file = SharedFile.new(SLOTS * WORDS * 8)
        os.pwrite(file.fd, struct.pack("q", initial), 0)
        return cls(file)

    def __reduce__(self) -> tuple[object, ...]:
        return Slots, (self._file,)

    def value(self) -> int:
        return sum(self._words[: (self.used() + 1) * WORDS : WORDS])

    def used(self) -> int:
        """How many slots were ever owned."""
        used = self._used
        while self._words[(used + 1) * WORDS + OWNER]:
            used += 1
        self._used = used
        return used

    def claim(self) -> memoryview[int]:
        """Return the cell of a slot that this process owns from now on, as long as it lives.

        Record locks are a process's: its other threads have to be kept out by the caller.
        """
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
            slot = self._take()
        finally:
            self._claiming = outer
            if not outer:
                self._file.unlock()
        return self._words[slot * WORDS : slot * WORDS + 1]

    def _take(self) -> int:
        used, namespace = self.used(), _namespace()
        slot = next((slot for slot in range(1, used + 1) if self._free(slot, namespace)), used + 1)
        if slot == SLOTS - 1:
            raise RuntimeError(f"more than {SLOTS - 2} processes change one ShardedCounter")
        record = struct.pack("qq", os.getpid(), namespace)
        # A handler may have forked since, and this be the child, which has no lock and will ask
        # again. A full /dev/shm is an OSError here; on memory that is mapped it would be a SIGBUS.
        if self._claiming:
            os.pwrite(self._file.fd, record, (slot * WORDS + OWNER) * 8)
        return slot

    def _free(self, slot: int, namespace: int) -> bool:
        at = slot * WORDS
        return self._words[at + NAMESPACE] == namespace and not _alive(self._words[at + OWNER])


def _mapped(fd: int, size: int) -> mmap.mmap:
    try:
        return mmap.mmap(fd, size, trackfd=False)  # type: ignore[call-arg,unused-ignore]
    except TypeError:  # this Python keeps a second descriptor
        return mmap.mmap(fd, size)


def _namespace() -> int:
    try:
        return Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return 0


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)  # it may be another user's
    return True
