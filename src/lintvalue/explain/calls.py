"""Who calls what: the calls by which a line is reached, and those along which an object is passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.explanation import Hop
from lintvalue.model.trace import Origin, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.explain.scene import Scene
    from lintvalue.model.span import Location

_DEEPEST = 12


def calls(scene: Scene, activation: int) -> tuple[Hop, ...]:
    """The shortest way of calls that leads to an activation, outermost first."""
    activations = scene.trace.activations
    onward: dict[int, tuple[int, Location] | None] = {activation: None}
    queue = [activation]
    for current in queue:
        callers = activations[current].callers
        if not callers:
            return tuple(_down(scene, current, onward))
        for caller, place in callers:
            if caller not in onward:
                onward[caller] = (current, place)
                queue.append(caller)
    return ()


def _down(
    scene: Scene, begin: int, onward: dict[int, tuple[int, Location] | None]
) -> Iterator[Hop]:
    """From the beginning of an execution on."""
    current, first = begin, True
    while (step := onward[current]) is not None:
        callee, place = step
        yield _hop(scene, callee, place, begins=first)
        current, first = callee, False


def _hop(scene: Scene, callee: int, place: Location, *, begins: bool) -> Hop:
    known = scene.trace.activations[callee]
    name = f"`{known.scope.function or 'a lambda'}`"
    runner = scene.runner(known.runner)
    if begins and runner.made is not None:
        return Hop(runner.made, f"runs {name}", scene.row(runner.made))
    if begins and runner.origin is Origin.UNSEEN:
        return Hop(place, f"{name} is called from out of sight", scene.row(place))
    return Hop(place, f"calls {name}", scene.row(place))


def passed_on(scene: Scene, begin: Scope, end: Scope) -> tuple[Hop, ...]:
    """Calls and returns that lead from the function `begin` to the function `end`, if any are known."""
    ways: dict[Scope, tuple[Hop, ...]] = {begin: ()}
    queue = [begin]
    for current in queue:
        if current == end or len(ways[current]) >= _DEEPEST:
            break
        for scope, hop in scene.links.get(current, ()):
            if scope not in ways:
                ways[scope] = (*ways[current], hop)
                queue.append(scope)
    return ways.get(end, ())


def links(scene: Scene) -> dict[Scope, tuple[tuple[Scope, Hop], ...]]:
    """Where control goes from each function: into what it calls, and back to its callers."""
    found: dict[Scope, dict[tuple[Scope, Hop], None]] = {}
    for known in scene.trace.activations:
        for caller, place in known.callers:
            if _is_beginning(scene, caller):
                continue
            above = scene.trace.activations[caller].scope
            name, row = known.scope.function or "a lambda", scene.row(place)
            into = Hop(place, f"handed on to `{name}`", row)
            back = Hop(place, f"comes back from `{name}`", row)
            found.setdefault(above, {})[known.scope, into] = None
            found.setdefault(known.scope, {})[above, back] = None
    return {scope: tuple(onward) for scope, onward in found.items()}


def _is_beginning(scene: Scene, activation: int) -> bool:
    """Whether an activation is no code, but what calls a process's target or what is out of sight."""
    known = scene.trace.activations[activation]
    unseen = scene.runner(known.runner).origin is Origin.UNSEEN
    return known.launch or (unseen and not known.callers)
