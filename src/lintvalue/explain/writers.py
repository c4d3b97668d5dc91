"""Who writes an object, and when; who runs a line, and under which locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.explain.calls import calls
from lintvalue.explain.scene import covers
from lintvalue.model.explanation import Running, Taken, Writer
from lintvalue.model.project import Form
from lintvalue.model.trace import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lintvalue.explain.scene import Reached, Scene
    from lintvalue.model.project import SharedObject
    from lintvalue.model.span import Location
    from lintvalue.model.trace import Holding, Write


UNNAMED = "something that may be a lock"


def writers(scene: Scene, objects: Sequence[int]) -> tuple[Writer, ...]:
    """All statements that write one of `objects`, in source order, once for each who runs them."""
    here = _met_here(scene, objects)
    found = [
        _writer(scene, index, write, here)
        for index, write in enumerate(scene.trace.writes)
        if write.object in objects
    ]
    kept: dict[object, Writer] = {}
    for one in found:
        # One statement may be several updates, and a plain store on some ways: the worst is told.
        key = (one.at, one.who, one.cell)
        known = kept.get(key)
        if known is None or _badness(one) > _badness(known):
            kept[key] = one
    return tuple(sorted(kept.values(), key=lambda one: (one.at, one.who)))


def read_place(write: Write) -> Location | None:
    """Where what an update depends on is read: in its own statement, or in an earlier one."""
    whole = write.form in {Form.AUGMENTED, Form.SINGLE}
    return write.at if whole else write.read


def _badness(one: Writer) -> tuple[bool, bool]:
    return one.read is not None, not one.held


def _met_here(scene: Scene, objects: Sequence[int]) -> frozenset[int] | None:
    """The writes that can run while the line writes one of `objects`; None if it does not."""
    here = [
        write
        for write in scene.trace.writes
        if write.object in objects and any(covers(at, write.at) for at in scene.at)
    ]
    return frozenset(index for write in here for index in write.meets) if here else None


def _writer(scene: Scene, index: int, write: Write, here: frozenset[int] | None) -> Writer:
    return Writer(
        cell=write.cell,
        at=write.at,
        function=write.function,
        code=scene.row(write.at),
        who=scene.who(write.runner, write.at),
        when=when(scene, index, write),
        read=read_place(write),
        held=held_names(scene, write),
        here=any(covers(at, write.at) or covers(write.at, at) for at in scene.at),
        meets=None if here is None else index in here,
    )


def held_names(scene: Scene, write: Write) -> tuple[str, ...]:
    """The locks held at a write, by name."""
    names = [f"`{scene.lock_name(lock)}`" for lock in write.held]
    if write.form is None:
        names = [_holding_name(scene, one) for one in _held_at(scene, write)]
    if not names and write.unknown_lock:
        names = [UNNAMED]
    return tuple(dict.fromkeys(names))


def _held_at(scene: Scene, write: Write) -> tuple[Holding, ...]:
    """What is held at a plain store: a write's own list is that of an update."""
    for access in scene.trace.accesses:
        if (
            access.stores
            and access.object == write.object
            and covers(write.at, access.at)
            and scene.trace.activations[access.activation].runner == write.runner
        ):
            return access.held
    return ()


def _holding_name(scene: Scene, holding: Holding) -> str:
    if holding.lock is None:
        return UNNAMED
    return f"`{scene.lock_name(holding.lock)}`"


def when(scene: Scene, index: int, write: Write) -> str:
    """At what time a write happens, as far as the launches tell."""
    runner = scene.runner(write.runner)
    if runner.made is not None:
        if index in write.meets:
            return "several at a time"
        return "one for each object" if runner.several else "one at a time"
    if runner.origin is Origin.UNSEEN and index in write.meets:
        return "which may be several at a time"
    if runner.origin is Origin.UNSEEN and write.running is None:
        return "at any time"
    if write.running is None:
        return "at a time that is not known"
    places = sorted(made for one in write.running if (made := scene.runner(one).made) is not None)
    if not places:
        return "while none of the processes in sight runs"
    return (
        "while what is made at "
        + " and ".join(scene.short(one, write.at.path) for one in places)
        + " runs"
    )


def running(
    scene: Scene, objects: Sequence[int], reached: Iterable[Reached]
) -> tuple[Running, ...]:
    """Each context in which the line touches `objects`, with the locks that are held in all of it."""
    several = {
        write.runner
        for index, write in enumerate(scene.trace.writes)
        if write.object in objects and index in write.meets
    }
    written = {write.runner for write in scene.trace.writes if write.object in objects}
    contexts: dict[int, list[Reached]] = {}
    for one in reached:
        runner = scene.trace.activations[one.activation].runner
        contexts.setdefault(runner, []).append(one)
    told = [
        _running(
            scene,
            runner,
            found,
            several=runner in several or (runner not in written and scene.runner(runner).several),
        )
        for runner, found in sorted(contexts.items())
    ]
    return tuple(dict.fromkeys(told))


def _running(scene: Scene, runner: int, found: Sequence[Reached], *, several: bool) -> Running:
    known = scene.runner(runner)
    first = found[0]
    return Running(
        who=scene.who(runner, first.place),
        made=known.made,
        several=several,
        calls=calls(scene, first.activation),
        held=common(held for one in found for held in _held(scene, runner, one)),
    )


def _held(scene: Scene, runner: int, reached: Reached) -> Iterator[tuple[Taken, ...]]:
    """What is held at an access; where it happens in what the line calls, what the line holds."""
    if not reached.functions:
        yield tuple(taken(scene, one) for one in reached.access.held)
        return
    for standing in scene.trace.standings:
        if standing.runner == runner and covers(standing.at, reached.place):
            yield tuple(taken(scene, one) for one in standing.held)


def common(ways: Iterable[tuple[Taken, ...]]) -> tuple[Taken, ...]:
    """What is held on all ways, as it is told: own locks of several objects that one text makes are one."""
    first, *others = [*ways] or [()]
    kept = (one for one in first if all(one in other for other in others))
    return tuple(dict.fromkeys(kept))


def taken(scene: Scene, holding: Holding) -> Taken:
    if holding.lock is None:
        return Taken(UNNAMED, None, None, shared=True, at=holding.taken)
    lock = scene.project.locks[holding.lock]
    return Taken(scene.lock_name(holding.lock), lock.kind, lock.made, lock.shared, holding.taken)


def lock_in_words(scene: Scene, target: SharedObject) -> str:
    """Which lock an object brings along."""
    if target.lock is None:
        return (
            "no lock of its own"
            if not target.kind.startswith("Manager")
            else ("no lock; each operation is one request to the manager's process")
        )
    lock = scene.project.locks[target.lock]
    if lock.owner is not None:
        return "a lock of its own, taken for each load and each store alone"
    kind = "reentrant" if lock.reentrant else "not reentrant"
    return f"`{scene.lock_name(target.lock)}` for its lock ({kind}), taken for each load and each store alone"
