"""Which project a named path lies in, and how its files are called in what we print."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH100, PTH109, PTH112, PTH116, PTH118, PTH120

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.model.settings import UserError
from lintvalue.model.source import Problem
from lintvalue.sources.discover import relative
from lintvalue.sources.read import reason
from lintvalue.sources.usual import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.model.settings import Options

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Group:
    """Named paths of one project, absolute; `alone`: there is nothing around them."""

    root: str
    paths: tuple[str, ...]
    alone: bool = False
    stdin: str | None = None  # the path whose text comes from standard input


def working_folder() -> str:
    try:
        return os.getcwd()
    except OSError as error:
        raise UserError(f"the working folder cannot be used: {reason(error)}") from None


def shown(root: str, path: str) -> str:
    """A path of the project as the user sees it from the working folder."""
    return seen_from(working_folder(), os.path.join(root, path))


def seen_from(folder: str, path: str) -> str:
    """An absolute path, relative to a folder that it lies in."""
    whole = os.path.normpath(path)
    short = relative(folder, whole)
    return whole.replace(os.sep, "/") if short == ".." or short.startswith("../") else short


def group(paths: Sequence[str], options: Options) -> tuple[tuple[Group, ...], tuple[Problem, ...]]:
    """The projects that the paths lie in, in the order named, and the paths that do not exist."""
    here = working_folder()
    found, problems = [], []
    for path in dict.fromkeys(paths):
        if path == STDIN:
            found.append(_stdin_group(here, options))
            continue
        try:
            os.stat(path)
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            problems.append(Problem(path, why))
        else:
            found.append(_group(os.path.abspath(path), here, options))
    return _merged(found), tuple(problems)


def _stdin_group(here: str, options: Options) -> Group:
    path = os.path.abspath(options.stdin_filename or STDIN)
    if options.stdin_filename is None:
        return Group(here, (path,), alone=True, stdin=path)
    around = _group(path, here, options)
    return Group(around.root, around.paths, around.alone, stdin=path)


def _group(path: str, here: str, options: Options) -> Group:
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    if options.isolated:
        return Group(folder, (path,), alone=True)
    root = marked(folder)
    return Group(_unmarked(folder, here) if root is None else root, (path,))


def _unmarked(folder: str, here: str) -> str:
    """Without a project's mark: the working folder if the path lies in it, else its package."""
    if os.path.commonpath((folder, here)) == here:
        return here
    while (
        os.path.lexists(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder
    ):
        folder = os.path.dirname(folder)
    return folder


def _merged(groups: Iterable[Group]) -> tuple[Group, ...]:
    merged: dict[tuple[str, bool, str | None], Group] = {}
    for one in groups:
        # Files named alone are projects of their own.
        key = (one.root, one.alone, one.paths[0] if one.alone else None)
        known = merged.get(key)
        paths = (*known.paths, *one.paths) if known else one.paths
        stdin = (known.stdin if known else None) or one.stdin
        merged[key] = Group(one.root, paths, one.alone, stdin)
    return tuple(merged.values())
