"""Rewrites files so that at any moment each is wholly old or wholly new, links and rights kept."""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.sources.read import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


_TEMPORARY = re.compile(r"\.lintvalue-(\d{1,10})-[0-9a-f]{8}\.tmp")


class Unwritable(Exception):  # noqa: N818 - a state of the file, told as a Problem
    """A file must not or cannot be written; nothing of its group was."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Change:
    """New bytes for a file that was read as `old`."""

    path: str
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class _Target:
    """The file behind the path, as it stood when it was compared with the bytes that were read."""

    change: Change
    path: str
    status: os.stat_result


def write(changes: Sequence[Change], roots: Sequence[str]) -> None:
    """Write a group of files, all or none; each must lie in one of `roots`, links resolved.

    Raises Unwritable with the first file that stands in the way. A file that was saved by someone
    else meanwhile is left as it is.
    """
    places = [os.path.realpath(root) for root in roots]
    targets = [_target(change, places) for change in changes]
    with ExitStack() as undo:
        pairs = [(target, _prepare(target, undo)) for target in targets]
        for target, _ in pairs:
            _unchanged(target)
        for target, temporary in pairs:
            _replace(target, temporary, undo)
        undo.pop_all()


def _target(change: Change, places: Sequence[str]) -> _Target:
    path = os.path.realpath(change.path)
    if not any(path == place or path.startswith(place.rstrip(os.sep) + os.sep) for place in places):
        raise Unwritable(change.path, "it is reached through a link that leaves the named paths")
    try:
        status = _compared(change, path)
    except OSError as error:
        raise Unwritable(change.path, reason(error)) from None
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise Unwritable(change.path, "it is read-only")
    return _Target(change, path, status)


def _compared(change: Change, path: str) -> os.stat_result:
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or file.read(len(change.old) + 1) != change.old:
            raise Unwritable(change.path, "it has changed since it was read")
    return status


def _unchanged(target: _Target) -> None:
    try:
        now = os.lstat(target.path)
    except OSError as error:
        raise Unwritable(target.change.path, reason(error)) from None
    if _identity(now) != _identity(target.status):
        raise Unwritable(target.change.path, "it has changed since it was read")


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


# The new bytes beside the old file


def _prepare(target: _Target, undo: ExitStack) -> str | None:
    """A temporary file with the new bytes; None for hard links, which must keep their inode."""
    if target.status.st_nlink > 1:
        return None
    own_name = f".lintvalue-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    name = os.fspath(Path(target.path).with_name(own_name))
    try:
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
        undo.callback(_remove, name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(target.change.new)
            file.flush()
            _copy_rights(target, file.fileno())
            os.fsync(file.fileno())
    except OSError as error:
        raise Unwritable(target.change.path, reason(error)) from None
    return name


def sweep(folders: Iterable[str]) -> None:
    """Remove the temporary files of runs that were killed; those of a run that goes on stay."""
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                left = _TEMPORARY.fullmatch(entry.name)
                if left and entry.is_file(follow_symlinks=False) and not _runs(int(left[1])):
                    _remove(entry.path)


def _runs(process: int) -> bool:
    if os.name == "nt":  # there, os.kill would end it
        return process != os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return process != os.getpid()


def _remove(name: str) -> None:
    with suppress(OSError):
        Path(name).unlink()


def _copy_rights(target: _Target, descriptor: int) -> None:
    """Owner, attributes and mode, in the order in which none undoes another."""
    _copy_owner(target, descriptor)
    if hasattr(os, "listxattr"):
        for name in os.listxattr(target.path):
            os.setxattr(descriptor, name, os.getxattr(target.path, name))
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, stat.S_IMODE(target.status.st_mode))


def _copy_owner(target: _Target, descriptor: int) -> None:
    own = os.fstat(descriptor)
    wanted = target.status.st_uid, target.status.st_gid
    if (own.st_uid, own.st_gid) == wanted or not hasattr(os, "fchown"):
        return
    try:
        os.fchown(descriptor, *wanted)
    except OSError:
        raise Unwritable(target.change.path, "its owner could not be kept") from None


# The moment of change


def _replace(target: _Target, temporary: str | None, undo: ExitStack) -> None:
    try:
        if temporary is None:
            undo.callback(_overwrite, target.path, target.change.old)
            _overwrite(target.path, target.change.new)
        else:
            Path(temporary).replace(target.path)
            undo.callback(_put_back, target)
    except OSError as error:
        raise Unwritable(target.change.path, reason(error)) from None


def _overwrite(path: str, data: bytes) -> None:
    """Write in place; the space is claimed first, so that a full disk is met before a byte is lost."""
    descriptor = os.open(path, os.O_WRONLY | _NO_FOLLOW)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        if data and hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, len(data))
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]
        file.truncate(len(data))
        os.fsync(descriptor)


def _put_back(target: _Target) -> None:
    with suppress(Unwritable), ExitStack() as undo:
        status = os.lstat(target.path)
        change = Change(target.change.path, target.change.new, target.change.old)
        temporary = _prepare(_Target(change, target.path, status), undo)
        if temporary is not None:
            Path(temporary).replace(target.path)
            undo.pop_all()
