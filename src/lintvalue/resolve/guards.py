"""Locks that guard nothing, or not the same thing everywhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Kind, LockKind
from lintvalue.resolve.writers import meets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lintvalue.model.span import Location
    from lintvalue.resolve.values import Lock, Site
    from lintvalue.resolve.world import Event, LockInfo, World


def useless(world: World, event: Event) -> Iterator[tuple[Fault, Lock, Location]]:
    """The locks that an update holds, if none of them keeps out another process."""
    faults = {lock: _fault(world, event, lock) for lock in event.held}
    if event.unknown_lock or not all(faults.values()):
        return
    for lock, statement in event.openers:
        fault = faults[lock]
        if fault is not None:
            yield fault, lock, statement


def _fault(world: World, event: Event, lock: Lock) -> Fault | None:
    info = world.locks.get(lock.site)
    if info is None:
        return None
    if info.thread:
        return Fault.THREAD if _between_processes(world, event) else None
    own = lock in world.shared[event.site].lock  # whoever has the object has it, too
    return Fault.PRIVATE if not own and _private(world, event, info) else None


def _between_processes(world: World, event: Event) -> bool:
    """Whether the object is touched by more than the threads of one process."""
    contexts = world.touched.get(event.site, {})
    launches = [world.launches[context.launch] for context in contexts if context.launch]
    return any(not launch.thread for launch in launches)


def _private(world: World, event: Event, lock: LockInfo) -> bool:
    """Whether each process that runs the update has made the lock for itself."""
    launch = world.launches.get(event.context.launch) if event.context.launch else None
    if launch is None:
        return False
    shared = world.shared[event.site]
    if lock.context == event.context:
        return shared.context != event.context
    turns = launch.loops
    return bool(turns) and lock.loops[: len(turns)] == turns and shared.loops != lock.loops


def inconsistent(world: World, events: Iterable[Event]) -> Iterator[tuple[Event, Lock]]:
    """Updates of one object that collide because they do not hold its most common lock, each with it.

    The lock that comes first in source order wins a tie.
    """
    guarded = [event for event in _in_order(events) if event.held and not event.unknown_lock]
    guarded = [event for event in guarded if not any(useless(world, event))]
    statements = {event.at: event.held for event in guarded}
    for event in guarded:
        statements[event.at] &= event.held
    votes = Counter(lock for held in statements.values() for lock in sorted(held, key=_made))
    if not votes or max(votes.values()) == len(statements) or not all(statements.values()):
        return
    order = [lock for held in statements.values() for lock in sorted(held, key=_made)]
    reference = max(votes, key=lambda lock: (votes[lock], -order.index(lock)))
    for event in guarded:
        if reference not in event.held and _collides(world, event, guarded):
            yield event, reference


def _collides(world: World, event: Event, others: Iterable[Event]) -> bool:
    """Whether another update that holds none of the same locks can come at the same time."""
    return any(not event.held & other.held and meets(world, event, other) for other in others)


def _in_order(events: Iterable[Event]) -> Sequence[Event]:
    return sorted(events, key=lambda event: (event.at, repr(event.context)))


def _made(lock: Lock) -> Location:
    return lock.site.at


def redundant(world: World, site: Site) -> Lock | None:
    """The one other lock that every concurrent access of a Value holds, if its own is never used."""
    info = world.shared[site]
    if info.kind is not Kind.VALUE or info.by_annotation or site in world.own_lock_taken:
        return None
    if not any(lock.kind is LockKind.OWN for lock in info.lock):
        return None
    concurrent = [
        touched
        for touched in world.cells.get(site, ())
        if touched.context.launch is not None or touched.live is None or touched.live
    ]
    if not any(touched.context.launch is not None for touched in concurrent):
        return None
    common = frozenset.intersection(*(touched.held for touched in concurrent)) - info.lock
    good = [lock for lock in common if _for_all(world, lock)]
    return min(good, key=_made) if good else None


def _for_all(world: World, lock: Lock) -> bool:
    """Whether a lock is one that the processes share."""
    info = world.locks.get(lock.site)
    return info is not None and info.shared and info.context.launch is None and not info.loops
