"""The way of an object from where it is made to a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.explain.calls import passed_on
from lintvalue.model.explanation import Hop
from lintvalue.model.trace import Means, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lintvalue.explain.scene import Scene
    from lintvalue.model.project import SharedObject
    from lintvalue.model.span import Location
    from lintvalue.model.trace import Arrival

_LONGEST = 12
_LOCAL = frozenset({Means.NAME, Means.PARAMETER, Means.LAUNCH})
_KEPT = {
    Means.NAME: "called `{}`",
    Means.GLOBAL: "kept as the global `{}`",
    Means.ATTRIBUTE: "kept as the attribute `{}`",
    Means.ITEM: "kept under the key {}",
}


def way(scene: Scene, target: SharedObject, name: str, at: Location) -> tuple[Hop, ...]:
    """From the making call to the line `at`, where the object is called `name`."""
    arrivals = [one for one in scene.trace.arrivals if one.object == target.id]
    found, scope = _backwards(scene, target, arrivals, name, at)
    made_in = _scope_of(scene, target.made)
    hops = [_made(scene, target)]
    if scope != made_in:
        hops.extend(passed_on(scene, made_in, scope))
    for arrival in reversed(found):
        hops.extend(_hops(scene, arrival))
    return tuple(_merged(hops))


def _made(scene: Scene, target: SharedObject) -> Hop:
    said = "declared to be shared" if target.by_annotation else f"the {target.kind} is made"
    return Hop(target.made, said, scene.row(target.made))


def _scope_of(scene: Scene, at: Location) -> Scope:
    return Scope(at.path, scene.function(at))


def _backwards(
    scene: Scene, target: SharedObject, arrivals: Sequence[Arrival], name: str, at: Location
) -> tuple[list[Arrival], Scope]:
    """How it got its name in the line's function, and before that in those that handed it on.

    With the scope that the first of these stands in.
    """
    wanted, scope = _last_part(name), _scope_of(scene, at)
    dotted = wanted != name
    found: list[Arrival] = []
    left = list(arrivals)
    before = at
    while len(found) < _LONGEST:
        fitting = [one for one in left if _fits(one, scope, wanted, before)]
        fitting = fitting or [one for one in left if _fits(one, scope, "", before)]
        if not fitting:
            break
        best = min(fitting, key=lambda one: _distance(one, scope, dotted=dotted))
        found.append(best)
        before = best.source[0] if best.source else best.at
        scope = _scope_of(scene, before) if best.source else best.scope
        if _begins_here(best, target):
            break
        left = [one for one in left if _identity(one) != _identity(best)]
        wanted, dotted = "", False
    return found, scope


def _last_part(name: str) -> str:
    """`hits` of `self.hits`, and of `table["hits"]`."""
    if name.endswith("]"):
        return name.partition("[")[2][:-1].strip("'\"")
    return name.rpartition(".")[2]


def _identity(arrival: Arrival) -> tuple[Scope, str, Means]:
    return arrival.scope, arrival.name, arrival.means


def _fits(arrival: Arrival, scope: Scope, wanted: str, before: Location) -> bool:
    """Whether an arrival can be why code of `scope` has the object, by the name `wanted` if there is one.

    What a function keeps later, it had before.
    """
    if arrival.means not in _LOCAL:
        return (
            arrival.name.strip("'\"") == wanted
            if wanted
            else arrival.scope != scope or arrival.at < before
        )
    seen = arrival.scope == scope or _is_around(arrival.scope, scope)
    return seen and wanted in {"", arrival.name}


def _is_around(outer: Scope, inner: Scope) -> bool:
    return outer.path == inner.path and inner.function.startswith(outer.function + ".")


def _distance(arrival: Arrival, scope: Scope, *, dotted: bool) -> tuple[bool, bool, bool, Location]:
    """How well an arrival explains a name: where it is seen, then source order."""
    return (
        dotted and arrival.means in _LOCAL,
        arrival.scope != scope,
        arrival.scope.path != scope.path,
        arrival.at,
    )


def _begins_here(arrival: Arrival, target: SharedObject) -> bool:
    """Whether an object gets this name in the statement that makes it."""
    return (
        arrival.source is None
        and arrival.at.path == target.made.path
        and arrival.at.span.encloses(target.made.span)
    )


def _hops(scene: Scene, arrival: Arrival) -> Iterator[Hop]:
    if arrival.source is None:
        what = _KEPT[arrival.means].format(arrival.name)
        yield Hop(arrival.at, what, scene.row(arrival.at))
        return
    place = arrival.source[0]
    to = f"`{arrival.name}` of `{arrival.scope.function or 'a lambda'}`"
    if arrival.means is Means.LAUNCH:
        yield Hop(place, f"handed to {scene.launched(place)}, as {to}", scene.row(place))
    else:
        yield Hop(place, f"handed over as {to}", scene.row(place))


def _merged(hops: Iterable[Hop]) -> Iterator[Hop]:
    """Hops of one row are told together."""
    kept: list[Hop] = []
    for hop in hops:
        last = kept[-1] if kept else None
        if last and last.code == hop.code and last.at.span.line == hop.at.span.line:
            if hop.what not in last.what:
                kept[-1] = Hop(last.at, f"{last.what}, {hop.what}", last.code)
        else:
            kept.append(hop)
    yield from kept
