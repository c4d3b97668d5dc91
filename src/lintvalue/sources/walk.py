"""A folder to the Python files in it: one walk that follows no link it finds."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118, PTH120

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
    # The paths of files, and of folders that cannot be listed, with the reason.
    Walked = tuple[list[str], list[tuple[str, str]]]
    # Divides work among processes; what comes back must be plain.
    Divide = Callable[[Sequence[Folder], Callable[[Sequence[Folder]], Walked]], list[Walked]]

SUFFIX = ".py"
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
    pending: list[Folder] = [(top, base, _rules_above(top) if rules.gitignore else ())]
    files: list[str] = []
    failed: list[tuple[str, str]] = []
    while pending:
        if len(files) > _MANY_FILES and len(pending) > _MANY_FOLDERS:
            break
        _list(pending, rules, files, failed)
    for some, others in divide(pending, lambda share: _walk(share, rules)) if pending else ():
        files += some
        failed += others
    return files, failed


def _walk(folders: Sequence[Folder], rules: Filter) -> Walked:
    pending = list(folders)
    files: list[str] = []
    failed: list[tuple[str, str]] = []
    while pending:
        _list(pending, rules, files, failed)
    return files, failed


def _list(
    pending: list[Folder], rules: Filter, files: list[str], failed: list[tuple[str, str]]
) -> None:
    """List the last of the pending folders."""
    folder, prefix, ignores = pending.pop()
    if rules.gitignore:
        ignores += _rules_of(folder, ".gitignore")
    excluded = rules.excludes.match
    for entry in _entries(folder, prefix, failed):
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


def _entries(folder: str, prefix: str, failed: list[tuple[str, str]]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []  # it vanished since it was listed
    except OSError as error:
        failed.append((prefix.rstrip("/") or ".", f"cannot be listed: {reason(error)}"))
        return []


def _rules_above(top: str) -> tuple[Rules, ...]:
    """The rules of the repository that stand above `top`."""
    home = repository(top)
    if home is None:
        return ()
    rules = _rules_of(home, ".git", "info", "exclude")
    folder = home
    for part in relative(home, top).split("/"):
        if folder == top:
            break
        rules += _rules_of(folder, ".gitignore")
        folder = os.path.join(folder, part)
    return rules


def _rules_of(folder: str, *names: str) -> tuple[Rules, ...]:
    try:
        data = read_bytes(os.path.join(folder, *names), ())
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
