"""The way of an object from where it is made to a line, and the calls by which the line is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.explanation import Hop
from lintvalue.model.trace import Means, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.explain.scene import Scene
    from lintvalue.model.project import SharedObject
    from lintvalue.model.span import Location
    from lintvalue.model.trace import Arrival

_LONGEST = 12


def way(scene: Scene, target: SharedObject, name: str, at: Location) -> tuple[Hop, ...]:
    """From the making call to the line `at`, where the object is called `name`."""
    arrivals = [one for one in scene.trace.arrivals if one.object == target.id]
    found = _backwards(scene, target, arrivals, name, Scope(at.path, scene.function(at)))
    said = "is declared to be shared" if target.by_annotation else f"the {target.kind} is made"
    hops = [Hop(target.made, said, scene.row(target.made))]
    for arrival in reversed(found):
        hops.extend(_hops(scene, arrival))
    return tuple(dict.fromkeys(hops))


def _backwards(
    scene: Scene, target: SharedObject, arrivals: Sequence[Arrival], name: str, scope: Scope
) -> list[Arrival]:
    """How it got its name in the line's function, and before that in those that handed it on."""
    wanted = name.rpartition(".")[2]
    found: list[Arrival] = []
    dotted = "." in name
    made_in = Scope(target.made.path, scene.function(target.made))
    left = list(arrivals)
    while left and len(found) < _LONGEST:
        best = min(left, key=lambda one: _distance(one, scope, wanted, dotted=dotted))
        if not wanted and best.scope != scope and made_in == scope:
            break
        found.append(best)
        left = [one for one in left if (one.scope, one.name, one.means) != _identity(best)]
        if _begins_here(scene, best, target):
            break
        scope = best.source[1] if best.source else best.scope
        wanted, dotted = "", False
    return found


def _identity(arrival: Arrival) -> tuple[Scope, str, Means]:
    return arrival.scope, arrival.name, arrival.means


def _begins_here(scene: Scene, arrival: Arrival, target: SharedObject) -> bool:
    """Whether an object gets this name in the statement that makes it."""
    del scene
    return (
        arrival.source is None
        and arrival.at.path == target.made.path
        and (arrival.at.span.encloses(target.made.span))
    )


def _distance(
    arrival: Arrival, scope: Scope, wanted: str, *, dotted: bool
) -> tuple[bool, bool, bool, bool, Location]:
    """How well an arrival explains a name: by the name, then by where it is seen."""
    local = arrival.means in {Means.NAME, Means.PARAMETER, Means.LAUNCH}
    inside = arrival.scope == scope
    around = arrival.scope.path == scope.path and scope.function.startswith(arrival.scope.function)
    return (
        bool(wanted) and arrival.name != wanted,
        dotted and local,
        local and not inside,
        not around,
        arrival.at,
    )


def _hops(scene: Scene, arrival: Arrival) -> Iterable[Hop]:
    if arrival.source is not None:
        place, _ = arrival.source
        function = arrival.scope.function
        if arrival.means is Means.LAUNCH:
            what = f"handed to a new process, thread or pool as `{arrival.name}` of `{function}`"
        else:
            what = f"handed over as `{arrival.name}` of `{function}`"
        yield Hop(place, what, scene.row(place))
        yield Hop(
            arrival.at, f"the parameter `{arrival.name}` of `{function}`", scene.row(arrival.at)
        )
        return
    what = {
        Means.NAME: f"is called `{arrival.name}`",
        Means.GLOBAL: f"is kept as the global `{arrival.name}`",
        Means.ATTRIBUTE: f"is kept as the attribute `{arrival.name}`",
        Means.ITEM: f"is kept under the key {arrival.name}",
    }[arrival.means]
    yield Hop(arrival.at, what, scene.row(arrival.at))


def calls(scene: Scene, activation: int) -> tuple[Hop, ...]:
    """One way of calls that ends in an activation, outermost first."""
    hops: list[Hop] = []
    seen = {activation}
    while len(hops) < _LONGEST:
        known = scene.trace.activations[activation]
        onward = [one for one in known.callers if one[0] not in seen]
        if not onward:
            break
        caller, place = onward[0]
        seen.add(caller)
        begins = scene.trace.activations[caller].callers == () and _starts(scene, caller)
        verb = "runs" if begins else "calls"
        made = scene.runner(known.runner).made
        at = made if begins and made is not None else place
        hops.append(Hop(at, f"{verb} `{known.scope.function or 'the module'}`", scene.row(at)))
        activation = caller
    return tuple(reversed(hops))


def _starts(scene: Scene, activation: int) -> bool:
    """Whether an activation is the beginning of a process, a thread or a pool."""
    runner = scene.runner(scene.trace.activations[activation].runner)
    return runner.made is not None
