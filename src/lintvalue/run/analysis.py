"""From named paths to what is wrong in them: sources, facts, project, findings that stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Project
    from lintvalue.model.settings import Options, Settings
    from lintvalue.model.source import Problem, Source


@dataclass(frozen=True, slots=True)
class Analysis:
    """One project, judged. All paths are relative to `root` with "/", but for those of `problems`.

    `findings` are what stands (selected, not silenced) in the `named` files. `problems` carry paths
    as they are shown to the user, relative to the working folder.
    """

    root: Path
    settings: Settings
    sources: Mapping[str, Source]  # every file analysed
    facts: Mapping[str, FileFacts]
    project: Project
    findings: tuple[Finding, ...]
    named: frozenset[str]  # the files asked for; only these are reported and changed
    problems: tuple[Problem, ...]
    files: int  # how many named files were checked, those skipped on their bytes included


def analyse(paths: Sequence[str], options: Options) -> tuple[Analysis, ...]:
    """Judge what is named: one analysis for each project that the paths lie in."""
    raise NotImplementedError


def reanalyse(
    analysis: Analysis, changed: Mapping[str, Source], settings: Settings | None = None
) -> Analysis:
    """The same project with other texts: only `changed` are extracted, all is judged again."""
    raise NotImplementedError
