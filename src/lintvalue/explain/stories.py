"""The shared objects and the locks of a line, each with all that is to be told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.explain.scene import covers
from lintvalue.explain.ways import way
from lintvalue.explain.writers import common, lock_in_words, running, taken, writers
from lintvalue.model.explanation import ObjectStory
from lintvalue.model.project import Touch
from lintvalue.model.trace import Holding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lintvalue.explain.scene import Reached, Scene
    from lintvalue.model.explanation import Taken

_IN_WORDS = {
    Touch.MADE: "made",
    Touch.LOCK: "locked",
    Touch.ANNOTATION: "declared",
    Touch.ESCAPE: "handed to code out of sight",
}


def stories(scene: Scene, more: Iterable[int]) -> tuple[ObjectStory, ...]:
    """One for each object that stands on the line, and for those in `more`.

    Those that one text makes are told together.
    """
    together: dict[object, list[int]] = {}
    for number in sorted({*_numbers(scene), *more}):
        known = scene.project.objects[number]
        together.setdefault((known.made, known.kind), []).append(number)
    told = [_story(scene, numbers) for numbers in together.values()]
    # Those that others write meanwhile come first.
    return tuple(sorted(told, key=lambda one: (not any(x.meets for x in one.writers), one.made)))


def _numbers(scene: Scene) -> Iterator[int]:
    found = {one.access.object for one in scene.reached}
    for met in scene.trace.met:
        if scene.covers(met.at):
            found.update(met.objects)
    found.update(one.id for one in scene.project.objects if scene.covers(one.made))
    yield from found


def _story(scene: Scene, numbers: Sequence[int]) -> ObjectStory:
    known = scene.project.objects[numbers[0]]
    reached = [one for one in scene.reached if one.access.object in numbers]
    written = writers(scene, numbers)
    cells = {one.access.cell for one in reached}
    name, at = scene.spelled.get(numbers[0]) or (scene.object_name(numbers[0]), scene.at[0])
    return ObjectStory(
        name=name,
        kind=known.kind,
        made=known.made,
        by_annotation=known.by_annotation,
        lock=lock_in_words(scene, known),
        touched=tuple(dict.fromkeys(_touched(scene, numbers, reached))),
        way=way(scene, known, name, at),
        running=running(scene, numbers, reached),
        writers=tuple(one for one in written if not cells or _is_among(one.cell, cells)),
        other_writers=tuple(one for one in written if cells and not _is_among(one.cell, cells)),
    )


def _is_among(cell: str, cells: set[str]) -> bool:
    """Whether a cell may be one of `cells`: a key may be equal to another one."""
    return cell in cells or (cell.startswith("[") and any(one.startswith("[") for one in cells))


def _touched(scene: Scene, numbers: Sequence[int], reached: Sequence[Reached]) -> Iterator[str]:
    for one in reached:
        verb = "stored" if one.access.stores else "read"
        yield f"{verb} in `{one.functions[-1]}`" if one.functions else verb
    for use in scene.project.uses:
        if scene.covers(use.at) and set(numbers) & set(use.objects) and use.touch in _IN_WORDS:
            yield _IN_WORDS[use.touch]
    for arrival in scene.trace.arrivals:
        source = arrival.source[0] if arrival.source else None
        if source and arrival.object in numbers and scene.covers(source):
            yield f"handed over as `{arrival.name}` of `{arrival.scope.function}`"


def held(scene: Scene) -> tuple[Taken, ...]:
    """The locks that are held whenever the line runs."""
    return common(
        tuple(taken(scene, lock) for lock in one.held)
        for one in scene.trace.standings
        if one.at in scene.at
    )


def locks(scene: Scene) -> tuple[Taken, ...]:
    """The locks that the line itself names or takes."""
    found = {}
    for met in scene.trace.met:
        at = next((at for at in scene.at if covers(at, met.at)), None)
        for lock in met.locks if at else ():
            assert at is not None
            found[lock] = taken(scene, Holding(lock, at))
    return tuple(found.values())
