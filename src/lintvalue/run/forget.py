"""Removing what is remembered of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.cache import place
from lintvalue.config import settle
from lintvalue.model.source import Problem
from lintvalue.run.places import group
from lintvalue.run.project import CODES
from lintvalue.sources.read import reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.settings import Options


def forget(paths: Sequence[str], options: Options) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Remove the caches of the projects that the paths lie in: the folders removed."""
    groups, problems = group(paths, options)
    removed = []
    for folder in {
        place.folder(one.root, settle(one.root, options, CODES).cache_dir) for one in groups
    }:
        try:
            if place.clean(folder):
                removed.append(folder)
        except OSError as error:
            problems += (Problem(folder, reason(error)),)
    return tuple(sorted(removed)), problems
