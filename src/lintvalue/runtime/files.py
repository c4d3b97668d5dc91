"""Files without a name, which processes share through a descriptor that they inherit."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from multiprocessing import reduction
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    import fcntl
except ImportError:  # Windows has no descriptors that a child process inherits
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from typing import Self

FILES_ARE_INHERITED = fcntl is not None

# A daemon closes all descriptors, and what it opens next gets the lowest numbers. Ours are high,
# so that a use of the old number is an error there, and not a use of the new file.
HIGH = 200

MEMORY = Path("/dev/shm")  # noqa: S108  # the files made there have no names


class SharedFile:
    """A regular file of bytes that has no name, so that it ends with its last user."""

    __slots__ = ("_identity", "fd")

    def __init__(self, fd: int) -> None:
        """Take a copy of the descriptor."""
        self.fd = _high_copy(fd)
        self._identity = _identity(self.fd)

    @classmethod
    def new(cls, size: int) -> Self:
        # A file that was opened by name: the offset of one from memfd_create loses updates since
        # Linux 6.15, whose lseek then takes no lock.
        with tempfile.TemporaryFile(buffering=0, dir=_folder()) as file:
            file.truncate(size)
            return cls(file.fileno())

    def __reduce__(self) -> tuple[object, ...]:
        return _received, (reduction.DupFd(self.fd),)

    def lock(self) -> None:
        """Keep other processes out, until `unlock()` or the end of this one, however it ends."""
        fcntl.lockf(self.fd, fcntl.LOCK_EX)

    def unlock(self) -> None:
        fcntl.lockf(self.fd, fcntl.LOCK_UN)

    def intact(self) -> bool:
        """Whether the descriptor is still that of this file."""
        try:
            return _identity(self.fd) == self._identity
        except OSError:
            return False

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            if self.intact():
                os.close(self.fd)


def _received(handed: Any) -> SharedFile:
    """Return the file that another process has handed to this one."""
    fd = handed.detach()
    try:
        return SharedFile(fd)
    finally:
        os.close(fd)


def _folder() -> str | None:
    """Return a folder in memory, or None for that of temporary files."""
    return str(MEMORY) if os.access(MEMORY, os.W_OK | os.X_OK) else None


def _high_copy(fd: int) -> int:
    try:
        return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, HIGH)
    except OSError:  # more than this process may open
        return os.dup(fd)


def _identity(fd: int) -> tuple[int, int]:
    status = os.fstat(fd)
    return status.st_dev, status.st_ino
