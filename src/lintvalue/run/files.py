"""Which files a run would check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.config import settle
from lintvalue.run.places import group, shown
from lintvalue.run.project import CODES
from lintvalue.sources.discover import discover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.settings import Options
    from lintvalue.model.source import Problem


def files(paths: Sequence[str], options: Options) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The named files as the user sees them, sorted, and the paths that cannot be listed."""
    groups, problems = group(paths, options)
    named: set[str] = set()
    for one in groups:
        settings = settle(one.root, options, CODES)
        found = discover(one.root, one.paths, settings, alone=True)
        named.update(shown(one.root, path) for path in found.named)
        problems += found.problems
    return tuple(sorted(named)), problems
