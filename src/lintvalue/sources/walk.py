"""A folder to the Python files in it: one walk that follows no link it finds."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH116, PTH118, PTH120

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.sources.gitignore import Rules, ignored, parse
from lintvalue.sources.read import Unreadable, read_bytes, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lintvalue.sources.patterns import Patterns

    Folder = tuple[str, str, tuple[Rules, ...]]  # a path, that from the root, what holds in it
    # The paths of files; what they were found by; folders that cannot be listed, with the reason.
    Walked = tuple[list[str], list["Watched"], list[tuple[str, str]]]
    # Divides work among processes; what comes back must be plain.
    Divide = Callable[[Sequence[Folder], Callable[[Sequence[Folder]], Walked]], list[Walked]]

# When it was written, in ns, its bytes, when it was changed in any way, in ns. -1 where it is gone.
State = tuple[int, int, int]
# A folder that was listed, or a file of rules, as it was before: if none has changed, a walk finds the
# same again.
Watched = tuple[str, State]

SUFFIX = ".py"
_RULES = ".gitignore"
# Where more files than these are found, and as many folders are left, walking is divided.
_MANY_FILES, _MANY_FOLDERS = 1_000, 8


@dataclass(frozen=True, slots=True)
class Filter:
    """What is left out; `force` also where it is named."""

    excludes: Patterns
    gitignore: bool
    force: bool


def walk(root: str, top: str, rules: Filter, divide: Divide) -> Walked:
    """The files under `top`, a folder in `root`; in no order, relative to `root`."""
    base = "" if top == root else relative(root, top) + "/"
    made: Walked = ([], [], [])
    above = _rules_above(top, made) if rules.gitignore else ()
    pending: list[Folder] = [(top, base, above)]
    while pending and not (len(made[0]) > _MANY_FILES and len(pending) > _MANY_FOLDERS):
        _list(pending, rules, made)
    for files, watched, failed in _shared(pending, rules, divide):
        made[0].extend(files)
        made[1].extend(watched)
        made[2].extend(failed)
    return made


def _shared(pending: Sequence[Folder], rules: Filter, divide: Divide) -> Sequence[Walked]:
    return divide(pending, lambda share: _walk(share, rules)) if pending else ()


def _walk(folders: Sequence[Folder], rules: Filter) -> Walked:
    made: Walked = ([], [], [])
    pending = list(folders)
    while pending:
        _list(pending, rules, made)
    return made


def _list(pending: list[Folder], rules: Filter, made: Walked) -> None:
    """List the last of the pending folders."""
    folder, prefix, ignores = pending.pop()
    entries = _entries(folder, prefix, made)
    if rules.gitignore and any(entry.name == _RULES for entry in entries):
        ignores += _rules_of(folder, _RULES, made)
    excluded, files = rules.excludes.match, made[0]
    for entry in entries:
        name = entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not (name.endswith(SUFFIX) and entry.is_file(follow_symlinks=False)):
            continue
        path = prefix + name
        if excluded(path, name) or (
            ignores and ignored(ignores, slashed(entry.path), folder=is_folder)
        ):
            continue
        if is_folder:
            pending.append((entry.path, path + "/", ignores))
        else:
            files.append(path)


def _entries(folder: str, prefix: str, made: Walked) -> list[os.DirEntry[str]]:
    made[1].append((folder, state(folder)))
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []  # it vanished since it was listed
    except OSError as error:
        made[2].append((prefix.rstrip("/") or ".", f"cannot be listed: {reason(error)}"))
        return []


def state(path: str) -> State:
    try:
        status = os.stat(path)
    except OSError:
        return -1, -1, -1
    return status.st_mtime_ns, status.st_size, status.st_ctime_ns


def _rules_above(top: str, made: Walked) -> tuple[Rules, ...]:
    """The rules of the repository that stand above `top`."""
    home = repository(top)
    if home is None:
        return ()
    rules = _rules_of(home, os.path.join(".git", "info", "exclude"), made)
    folder = home
    for part in relative(home, top).split("/"):
        if folder == top:
            break
        rules += _rules_of(folder, _RULES, made)
        folder = os.path.join(folder, part)
    return rules


def _rules_of(folder: str, name: str, made: Walked) -> tuple[Rules, ...]:
    path = os.path.join(folder, name)
    made[1].append((path, state(path)))
    try:
        data = read_bytes(path, ())
    except Unreadable:
        return ()
    return parse(data.decode("utf-8", "surrogateescape"), slashed(folder).rstrip("/") + "/")


def repository(folder: str) -> str | None:
    """The folder above that holds `.git`."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def relative(root: str, path: str) -> str:
    """`path` from `root`, with "/"; both absolute."""
    return slashed(os.path.relpath(path, root))


def slashed(path: str) -> str:
    return path.replace(os.sep, "/")
