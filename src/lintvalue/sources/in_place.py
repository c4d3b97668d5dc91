"""Overwrites files that have several names (hard links), which no other file can take the place of.

A kill may leave such a file half written. So what it held and what it is going to hold is kept in a
journal beside it as long as that lasts, and the next run finishes what was begun.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.sources.leftovers import NO_FOLLOW, create, left, name_beside, remove

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Container

_LARGEST = 64 << 20
_MARK = re.compile(r"(\d+)-(\d+)-(\d+)")


def overwrite(path: str, old: bytes, new: bytes) -> bool:
    """Turn `old` into `new`, or change nothing. False where the file holds something else.

    Raises OSError where it cannot be written; BlockingIOError where another run is about to.
    """
    with os.fdopen(os.open(path, os.O_RDWR | NO_FOLLOW), "r+b", buffering=0) as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if file.read() != old:
            return False
        inode = os.fstat(file.fileno()).st_ino
        journal = name_beside(path, "journal", f"{inode}-{len(old)}-{len(new)}")
        _guarded(file.fileno(), journal, old, new)
    return True


def _guarded(descriptor: int, journal: str, old: bytes, new: bytes) -> None:
    """The journal stays only where the file could be made neither new nor old again."""
    _write_down(journal, old + new)
    try:
        _fill(descriptor, new)
    except BaseException:
        _fill(descriptor, old)
        remove(journal)
        raise
    remove(journal)


def _fill(descriptor: int, data: bytes) -> None:
    """The space is claimed first, so that a full disk is met before a byte is lost."""
    if data and hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, len(data))
    os.lseek(descriptor, 0, os.SEEK_SET)
    _write(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _write_down(journal: str, data: bytes) -> None:
    descriptor = create(journal)
    try:
        _write(descriptor, data)
        os.fsync(descriptor)
    except BaseException:
        remove(journal)
        raise
    finally:
        os.close(descriptor)


# After a kill


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a journal says: the file's number, what it held, and what it was to hold."""

    inode: int
    old: bytes
    new: bytes

    def explains(self, held: bytes) -> bool:
        """Whether this is what stands in a file whose overwriting was broken off, at any byte."""
        before = self.old.ljust(len(self.new), b"\0")
        pairs = enumerate(zip(held, self.new, strict=False))
        shorter = min(len(held), len(self.new))
        reached = next((at for at, (one, other) in pairs if one != other), shorter)
        whole = len(self.old) <= len(held) <= len(before)
        return whole and held[reached:] == before[reached : len(held)]


def finish(folder: str, files: Container[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Finish what killed runs began in a folder, in those of its files that are given.

    Returns the files that were finished, and the journals of those that hold something else by now:
    what such a file held before stands nowhere else.
    """
    finished: list[str] = []
    unclear: list[str] = []
    for journal, mark in left(folder, "journal"):
        begun = _read(journal, mark)
        names = _with_number(folder, begun.inode) if begun else ()
        path = next((name for name in names if name in files), None)
        if begun is None or (
            path is not None and _is_whole(path, begun, finished)
        ):  # the kill came before the file was touched
            remove(journal)
        elif path is not None or not names:
            unclear.append(journal)
    return tuple(finished), tuple(unclear)


def _read(journal: str, mark: str) -> _Begun | None:
    numbers = _MARK.fullmatch(mark)
    if numbers is None:
        return None
    inode, old, new = map(int, numbers.groups())
    if not Path(journal).stat().st_size == old + new <= _LARGEST:
        return None
    data = Path(journal).read_bytes()
    return _Begun(inode, data[:old], data[old:])


def _with_number(folder: str, inode: int) -> tuple[str, ...]:
    with os.scandir(folder) as entries:
        files = (one for one in entries if one.is_file(follow_symlinks=False))
        return tuple(one.path for one in files if one.inode() == inode)


def _is_whole(path: str, begun: _Begun, finished: list[str]) -> bool:
    """Whether the file is the old or the new one; a half one becomes the new one."""
    try:
        held = Path(path).read_bytes()
        if held in (begun.old, begun.new):
            return True
        if not begun.explains(held) or not overwrite(path, held, begun.new):
            return False
    except OSError:
        return False
    finished.append(path)
    return True
