"""What one process has found out, as plain data for another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.crew.deep import on_deep_stack
from lintvalue.model import codec
from lintvalue.model.facts import FileFacts
from lintvalue.model.project import Project
from lintvalue.model.source import Source
from lintvalue.run.ahead import Known
from lintvalue.run.analysis import extracted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lintvalue.model.modules import Modules
    from lintvalue.model.settings import Settings
    from lintvalue.run.ahead import Told

    Group = Mapping[str, FileFacts]

_WORKERS = 2  # the other processes are at work as well


def judged(sources: Mapping[str, Source], settings: Settings, modules: Modules) -> Told:
    """The facts of texts, and what those that are tied to each other come to."""
    facts = tuple(extracted(sources, _WORKERS).values())
    texts = [(one.path, one.text, one.encoding, one.bom) for one in sources.values()]
    return on_deep_stack(
        lambda: (texts, list(map(codec.dumps, facts)), _resolved(facts, settings, modules))
    )


def _resolved(
    facts: Sequence[FileFacts], settings: Settings, modules: Modules
) -> list[tuple[list[str], str]]:
    # Loaded by now, while the workers loaded their parser.
    from lintvalue.resolve import resolve  # noqa: PLC0415

    told: list[tuple[list[str], str]] = []

    def one_by_one(groups: Sequence[Group], resolved: Callable[[Group], Project]) -> list[Project]:
        projects = list(map(resolved, groups))
        told.extend(zip(map(list, groups), map(codec.dumps, projects), strict=True))
        return projects

    sound = [one for one in facts if one.problem is None]
    resolve(sound, settings, modules, one_by_one)
    return told


def known(told: Sequence[Told], modules: Modules) -> Known:
    """What has been told, as it was before."""
    sources = [Source(*one) for texts, _, _ in told for one in texts]
    lines = [line for _, lines, _ in told for line in lines]
    made = [one for _, _, made in told for one in made]
    facts, projects = on_deep_stack(
        lambda: (
            {one.path: one for one in (codec.loads(line, FileFacts) for line in lines)},
            {frozenset(paths): codec.loads(line, Project) for paths, line in made},
        )
    )
    return Known({one.path: one for one in sources}, facts, projects, modules)
