"""Rewrites files so that at any moment each is wholly old or wholly new, links and rights kept."""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.sources.in_place import finish, overwrite
from lintvalue.sources.leftovers import NO_FOLLOW, create, left, name_beside, remove
from lintvalue.sources.read import reason
from lintvalue.sources.undisturbed import undisturbed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

_QUICK = getattr(os, "O_NONBLOCK", 0)  # what took the file's place may be a pipe
_CHANGED = "it has changed since it was read"


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
class Recovered:
    """What a killed run had half written: `finished` files, and `unclear` journals of others."""

    finished: tuple[str, ...]
    unclear: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Target:
    """The file behind the path, as it stood when it was compared with the bytes that were read."""

    change: Change
    path: str
    status: os.stat_result


def write(changes: Sequence[Change], roots: Sequence[str]) -> None:
    """Write a group of files, all or none; each must lie in one of `roots`, links resolved.

    Raises Unwritable with the first file that stands in the way. A file that was saved by someone
    else meanwhile is left as it is; one that holds the new bytes already needs nothing.
    """
    places = [os.path.realpath(root) for root in roots]
    targets = _distinct(_target(change, places) for change in changes)
    with undisturbed(), ExitStack() as undo:
        pairs = [(target, _prepare(target, undo)) for target in targets]
        for target, _ in pairs:
            _unchanged(target)
        for target, temporary in pairs:
            _replace(target, temporary, undo)
        undo.pop_all()


def _distinct(targets: Iterable[_Target | None]) -> tuple[_Target, ...]:
    """One file may have several of the names."""
    found = {}
    for target in targets:
        if target is not None:
            found[target.status.st_dev, target.status.st_ino, target.change.new] = target
    return tuple(found.values())


def _target(change: Change, places: Sequence[str]) -> _Target | None:
    path = os.path.realpath(change.path)
    if not any(path == place or path.startswith(place.rstrip(os.sep) + os.sep) for place in places):
        raise Unwritable(change.path, "it is reached through a link that leaves the named paths")
    try:
        status = _compared(change, path)
    except OSError as error:
        raise Unwritable(change.path, reason(error)) from None
    if status is None:
        return None
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise Unwritable(change.path, "it is read-only")
    return _Target(change, path, status)


def _compared(change: Change, path: str) -> os.stat_result | None:
    """The state of a file that holds the old bytes; None where it holds the new ones."""
    longest = max(len(change.old), len(change.new))
    with os.fdopen(os.open(path, os.O_RDONLY | _QUICK | NO_FOLLOW), "rb") as file:
        status = os.fstat(file.fileno())
        held = file.read(longest + 1) if stat.S_ISREG(status.st_mode) else None
    if held == change.new:
        return None
    if held != change.old:
        raise Unwritable(change.path, _CHANGED)
    return status


def _unchanged(target: _Target) -> None:
    try:
        now = os.lstat(target.path)
    except OSError as error:
        raise Unwritable(target.change.path, reason(error)) from None
    if _identity(now) != _identity(target.status):
        raise Unwritable(target.change.path, _CHANGED)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    times = status.st_mtime_ns, status.st_ctime_ns
    return status.st_dev, status.st_ino, status.st_size, *times


# The new bytes beside the old file


def _prepare(target: _Target, undo: ExitStack) -> str | None:
    """A temporary file with the new bytes; None for hard links, which must keep their inode."""
    if target.status.st_nlink > 1:
        return None
    name = name_beside(target.path, "tmp")
    undo.callback(remove, name)
    try:
        with os.fdopen(create(name), "wb") as file:
            file.write(target.change.new)
            file.flush()
            _copy_rights(target, file.fileno())
            os.fsync(file.fileno())
    except OSError as error:
        raise Unwritable(target.change.path, reason(error)) from None
    return name


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
    change = target.change
    _unchanged(target)
    undo.callback(_put_back, target)
    try:
        if temporary is not None:
            Path(temporary).replace(target.path)
        elif not overwrite(target.path, change.old, change.new):
            raise Unwritable(change.path, _CHANGED)
    except BlockingIOError:
        raise Unwritable(change.path, "another run is about to write it") from None
    except OSError as error:
        raise Unwritable(change.path, reason(error)) from None


def _put_back(target: _Target) -> None:
    """Make a file old again that holds the new bytes, and leave any other as it is."""
    back = Change(target.change.path, target.change.new, target.change.old)
    with suppress(Unwritable, OSError), ExitStack() as undo:
        status = _compared(back, target.path)
        if status is None:
            return
        temporary = _prepare(_Target(back, target.path, status), undo)
        if temporary is not None:
            Path(temporary).replace(target.path)
        else:
            overwrite(target.path, back.old, back.new)


# What killed runs left


def recover(files: Container[str], folders: Iterable[str]) -> Recovered:
    """Clean up in `folders` after runs that were killed, and finish what they began in `files`."""
    finished: list[str] = []
    unclear: list[str] = []
    for folder in folders:
        for name, _ in left(folder, "tmp"):
            remove(name)
        with suppress(OSError):
            done, open_ = finish(folder, files)
            finished += done
            unclear += open_
    return Recovered(tuple(finished), tuple(unclear))
