"""A traced project and a line to an Explanation: why it is reported, or why it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.explain import reasons
from lintvalue.explain.interleavings import interleaving, updates
from lintvalue.explain.lines import statements_on
from lintvalue.explain.scene import Scene
from lintvalue.explain.steps import PYTHON, steps
from lintvalue.explain.stories import held, locks, stories
from lintvalue.explain.writers import read_place
from lintvalue.model.explanation import Explanation, Told, Verdict
from lintvalue.model.span import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lintvalue.model.explanation import Step
    from lintvalue.model.facts import FileFacts
    from lintvalue.model.project import Project
    from lintvalue.model.source import Source
    from lintvalue.model.statements import Statement

__all__ = ["explain"]


def explain(
    project: Project,
    facts: Mapping[str, FileFacts],
    sources: Mapping[str, Source],
    found: Sequence[Told],
    path: str,
    line: int,
    seen: Callable[[str], str],
) -> Explanation:
    """Explain the line of the file at `path`; `found` are all findings of the project.

    The project has a trace. The line lies within the file, rows count from 1. `seen` turns a path of the
    project into what the user sees.
    """
    assert project.trace is not None
    on_line = statements_on(facts[path], line)
    statements = tuple(statement for statement, _ in on_line)
    at = tuple(Location(path, statement.span) for statement in statements)
    scene = Scene(project, project.trace, facts, sources, at, seen)
    here = tuple(one for one in found if scene.covers(one.finding.at))
    told = stories(scene, (number for one in here for number in one.finding.objects))
    return Explanation(
        path=path,
        line=line,
        at=at,
        rows=_rows(scene, path, line),
        function=on_line[0][1] if on_line else "",
        verdict=_verdict(here, bool(told)),
        reasons=tuple(dict.fromkeys(_reasons(scene, found, statements, path))),
        findings=here,
        objects=told,
        locks=locks(scene),
        held=held(scene),
        python=PYTHON,
        steps=tuple(_steps(scene, here)),
        interleaving=next(filter(None, (interleaving(scene, one.finding) for one in here)), None),
    )


def _rows(scene: Scene, path: str, line: int) -> tuple[tuple[int, str], ...]:
    first = min((at.span.line for at in scene.at), default=line)
    last = max((at.span.end_line for at in scene.at), default=line)
    rows = scene.rows(path)
    return tuple((row, rows[row - 1]) for row in range(min(first, line), max(last, line) + 1))


def _verdict(here: Sequence[Told], shared: bool) -> Verdict:
    if any(not one.kept_back for one in here):
        return Verdict.REPORTED
    if here:
        return Verdict.SILENCED
    return Verdict.SAFE if shared else Verdict.NOTHING


def _reasons(
    scene: Scene, found: Sequence[Told], statements: Sequence[Statement], path: str
) -> Iterator[str]:
    if not statements:
        yield "No statement stands on this line."
        return
    findings = [one.finding for one in found]
    yield from reasons.of_updates(scene, findings)
    yield from reasons.of_accesses(scene, scene.reached, findings)
    yield from reasons.of_related(scene, findings)
    yield from reasons.of_strangers(scene, statements, path)
    if not scene.reached and scene.spelled:
        yield "Nothing in a shared object's memory is read or written on this line."


def _steps(scene: Scene, here: Sequence[Told]) -> Iterator[Step]:
    """Those of the line, if it touches what is shared, and of the reads and writes it is about."""
    places = {
        place
        for one in here
        for write in updates(scene, one.finding)
        for place in (write.at, read_place(write))
        if place is not None and place.path == scene.at[0].path and not scene.covers(place)
    }
    for at in sorted({*_statements_of(scene, places), *(scene.at if scene.reached else ())}):
        yield from steps(scene, at, scene.touching(at))


def _statements_of(scene: Scene, places: Iterable[Location]) -> Iterator[Location]:
    for place in places:
        on_row = statements_on(scene.facts[place.path], place.span.line)
        around = [one.span for one, _ in on_row if one.span.encloses(place.span)]
        if around:
            yield Location(place.path, max(around))
