"""Who writes an object, and whether two of its writes can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Form, Silence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.resolve.state import Context
    from lintvalue.resolve.values import Site
    from lintvalue.resolve.world import Event, Launch, World


def silence(world: World, event: Event, writes: Iterable[Event]) -> Silence | None:
    """Why no other write can come between the load and the store of `event`; None if one can."""
    others = [write for write in writes if _same_cell(event, write)]
    if event.form is Form.DECIDED and event.stored and event.role == "poll":
        return Silence.STOP_FLAG
    met = [write for write in others if meets(world, event, write)]
    if _idempotent(event, others, met):
        return Silence.IDEMPOTENT
    if any(not (event.own_cell and write.own_cell) for write in met):
        return None
    if met:
        return Silence.OWN_CELL
    contexts = {_program(write.context) for write in others}
    return Silence.ONE_WRITER if len(contexts) == 1 else Silence.NOT_CONCURRENT


def _idempotent(event: Event, others: list[Event], met: list[Event]) -> bool:
    """Whether a store that a test decides changes nothing, if another one came in between.

    Where the store is all that the test decides, everybody has to store the same. Where it is not, what
    else is decided may have to happen once, so no other process may be on this way, too.
    """
    if event.form is not Form.DECIDED or not event.stored:
        return False
    if event.role in {"only", "break"}:
        return all(write.stored == event.stored for write in others)
    return bool(met) and all(x.stored == event.stored and x.at != event.at for x in met)


def can_meet(world: World, one: Event, other: Event) -> bool:
    """Whether two writes can be of the same cell at the same time."""
    return (
        _same_cell(one, other)
        and meets(world, one, other)
        and not (one.own_cell and other.own_cell)
    )


def _same_cell(event: Event, write: Event) -> bool:
    """Different fields and constant keys are different cells; computed keys may be any."""
    if event.cell == write.cell:
        return True
    return event.cell.startswith("[") and write.cell.startswith("[")


def _program(context: Context) -> Site | None:
    return context.launch


def meets(world: World, one: Event, other: Event) -> bool:
    """Whether two writes of one object can happen at the same time."""
    first, second = one.context.launch, other.context.launch
    if first == second:
        return _meets_itself(world, one)
    if first is None or second is None:
        parent, child = (one, second) if first is None else (other, first)
        assert child is not None
        return _beside_parent(parent, child)
    return _beside(world, first, second)


def _meets_itself(world: World, event: Event) -> bool:
    """Whether the code runs in several processes at once."""
    site = event.context.launch
    if site is None:
        return _shared_by_nature(world, event)
    launch = world.launches[site]
    return launch.many or (launch.overlapping and _several(world, launch, event.site))


def _several(world: World, launch: Launch, site: Site) -> bool:
    """Whether a loop makes more of the launch than it makes of the object."""
    around = world.shared[site].loops
    if launch.site.at in site.context:
        return False  # each process has an object of its own
    common = 0
    while common < min(len(around), len(launch.loops)) and around[common] == launch.loops[common]:
        common += 1
    return len(launch.loops) > common or _inherited(world, launch, site)


def _inherited(world: World, launch: Launch, site: Site) -> bool:
    """A launch inside a launch of which there are many."""
    parent = launch.parent.launch
    if parent is None or parent == launch.site or parent not in world.launches:
        return False
    above = world.launches[parent]
    return above.many or _several(world, above, site)


def _shared_by_nature(world: World, event: Event) -> bool:
    """Code that no launch in sight reaches, called by code that we don't see."""
    contexts = world.touched.get(event.site, {})
    return event.context.root and all(context.launch is None for context in contexts)


def _beside_parent(parent: Event, child: Site) -> bool:
    """Whether a child may run while the program's own code writes."""
    return parent.live is None or child in parent.live


def _beside(world: World, first: Site, second: Site) -> bool:
    """Whether two launches may run at the same time."""
    one, other = world.launches[first], world.launches[second]
    if first in other.beside or second in one.beside:
        return True
    ordered = one.parent == other.parent and not (one.unordered or other.unordered)
    return not ordered
