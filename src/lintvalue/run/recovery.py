"""What runs that were killed left behind is cleaned up before files are changed."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH114, PTH118

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.model.source import Problem
from lintvalue.run.analysis import Analysis, analyse
from lintvalue.sources.write import recover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.settings import Options

_UNCLEAR = (
    "a run was killed while it wrote a file beside this one, which has been changed or replaced since;"
    " this holds the text before and after: delete it when it is not needed"
)


def analyse_recovered(
    paths: Sequence[str], options: Options
) -> tuple[tuple[Analysis, ...], tuple[Problem, ...]]:
    """As `analyse`, with half written files finished; and what could not be cleaned up."""
    analyses = analyse(paths, options)
    files = {os.path.join(one.root, path) for one in analyses for path in one.named}
    files.update(os.path.realpath(path) for path in paths if os.path.islink(path))
    found = recover(files, sorted(set(map(os.path.dirname, files))))
    if found.finished:
        analyses = analyse(paths, options)
    return analyses, tuple(Problem(os.path.relpath(path), _UNCLEAR) for path in found.unclear)
