"""Named paths to the files of their project: one walk that follows no link it finds."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH112, PTH118, PTH120

from __future__ import annotations

import os
from array import array
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field
from lintvalue.model.source import Problem
from lintvalue.sources.gitignore import Rules, ignored, parse
from lintvalue.sources.patterns import Patterns, compile_patterns
from lintvalue.sources.read import Unreadable, read_bytes, reason
from lintvalue.sources.usual import DEFAULT_EXCLUDES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.settings import Settings

_SUFFIX = ".py"
# When a file was written, in ns, its bytes, when it was changed in any way, in ns. -1 where it is gone.
STATE = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The files of one project, relative to its root, sorted; `named` are those asked for.

    `states` has STATE numbers for each file, where they are asked for.
    """

    files: tuple[str, ...]
    named: frozenset[str]
    problems: tuple[Problem, ...]  # paths relative to the root
    states: array[int] = field(default_factory=lambda: array("q"))


@dataclass(frozen=True, slots=True)
class _Filter:
    excludes: Patterns
    gitignore: bool
    force: bool


def discover(
    root: str, paths: tuple[str, ...], settings: Settings, *, alone: bool, states: bool = False
) -> Found:
    """The project's files under `root`, and which of them the absolute `paths` name.

    `alone`: there is no project around the named paths. `states`: tell their states, too.
    """
    rules = _filter(root, settings)
    problems: list[Problem] = []
    named: set[str] = set()
    for path in paths:
        named.update(_named(root, path, rules, problems))
    around = () if alone else _walk(root, root, rules, [])
    files = tuple(sorted({*named, *around}))
    if not states:
        return Found(files, frozenset(named), tuple(problems))
    return Found(files, frozenset(named), tuple(problems), _states(root, files))


def _states(root: str, files: tuple[str, ...]) -> array[int]:
    found: list[int] = []
    prefix = os.path.join(root, "")
    stat = os.stat
    for path in files:
        try:
            status = stat(prefix + path)
        except OSError:
            found += (-1,) * STATE
        else:
            found += (status.st_mtime_ns, status.st_size, status.st_ctime_ns)
    return array("q", found)


def _filter(root: str, settings: Settings) -> _Filter:
    usual = DEFAULT_EXCLUDES if settings.exclude is None else settings.exclude
    patterns = compile_patterns((*usual, *settings.extend_exclude))
    in_repository = settings.respect_gitignore and repository(root) is not None
    return _Filter(patterns, in_repository, settings.force_exclude)


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
    return _slashed(os.path.relpath(path, root))


def _named(root: str, path: str, rules: _Filter, problems: list[Problem]) -> Iterator[str]:
    name = relative(root, path)
    if rules.force and name != "." and rules.excludes.match_any_part(name):
        return
    if os.path.isdir(path):
        yield from _walk(root, path, rules, problems)
    else:
        yield name


def _walk(root: str, top: str, rules: _Filter, problems: list[Problem]) -> Iterator[str]:
    base = "" if top == root else relative(root, top) + "/"
    pending = [(top, base, _rules_above(top) if rules.gitignore else ())]
    while pending:
        folder, prefix, inherited = pending.pop()
        ignores = inherited
        if rules.gitignore:
            ignores += _rules_of(folder, ".gitignore")
        for entry in _entries(folder, prefix, problems):
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and not (
                entry.name.endswith(_SUFFIX) and entry.is_file(follow_symlinks=False)
            ):
                continue
            path = prefix + entry.name
            if rules.excludes.match(path, entry.name) or (
                ignores and ignored(ignores, _slashed(entry.path), folder=is_folder)
            ):
                continue
            if is_folder:
                pending.append((entry.path, path + "/", ignores))
            else:
                yield path


def _entries(folder: str, prefix: str, problems: list[Problem]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []  # it vanished since it was listed
    except OSError as error:
        problems.append(Problem(prefix.rstrip("/") or ".", f"cannot be listed: {reason(error)}"))
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
    return parse(data.decode("utf-8", "surrogateescape"), _slashed(folder).rstrip("/") + "/")


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")
