"""Named paths to the files of their project."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH112, PTH118

from __future__ import annotations

import os
from array import array
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.model.source import Problem
from lintvalue.sources.patterns import compile_patterns
from lintvalue.sources.usual import DEFAULT_EXCLUDES
from lintvalue.sources.walk import Filter, relative, repository, state, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.settings import Settings
    from lintvalue.sources.walk import Divide, Walked, Watched

__all__ = ["STATE", "Found", "discover", "relative", "repository", "states"]

STATE = 3  # numbers


@dataclass(frozen=True, slots=True)
class Found:
    """The files of one project, relative to its root, sorted; `named` are those asked for."""

    files: tuple[str, ...]
    named: frozenset[str]
    problems: tuple[Problem, ...]  # paths relative to the root
    watched: tuple[Watched, ...] = ()


def discover(
    root: str,
    paths: tuple[str, ...],
    settings: Settings,
    *,
    alone: bool,
    divide: Divide = lambda folders, work: [work(folders)],
) -> Found:
    """The project's files under `root`, and which of them the absolute `paths` name.

    `alone`: there is no project around the named paths. `divide`: how a long walk is shared.
    """
    rules = _filter(root, settings)
    whole = None if alone else walk(root, root, rules, divide)
    named: set[str] = set()
    problems: list[Problem] = []
    watched = {} if whole is None else dict(whole[1])
    for path in paths:
        files, seen, failed = _named(root, path, rules, whole, divide)
        named.update(files)
        watched.update(seen)
        problems += (Problem(*one) for one in failed)
    around = named if whole is None else named.union(whole[0])
    return Found(tuple(sorted(around)), frozenset(named), tuple(problems), tuple(watched.items()))


def states(root: str, files: Sequence[str]) -> array[int]:
    """The states of files, STATE numbers for each, which tell whether it is as it was."""
    found: list[int] = []
    prefix = os.path.join(root, "") if root else ""
    for path in files:
        found += state(prefix + path)
    return array("q", found)


def _filter(root: str, settings: Settings) -> Filter:
    usual = DEFAULT_EXCLUDES if settings.exclude is None else settings.exclude
    patterns = compile_patterns((*usual, *settings.extend_exclude))
    in_repository = settings.respect_gitignore and repository(root) is not None
    return Filter(patterns, in_repository, settings.force_exclude)


def _named(root: str, path: str, rules: Filter, whole: Walked | None, divide: Divide) -> Walked:
    name = relative(root, path)
    if rules.force and name != "." and rules.excludes.match_any_part(name):
        return [], [], []
    if not os.path.isdir(path):
        return [name], [], []
    if path == root and whole is not None:
        return whole
    return walk(root, path, rules, divide)
