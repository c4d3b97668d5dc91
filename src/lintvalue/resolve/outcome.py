"""What was seen to happen, as a Project: numbered objects and locks, one update for each statement."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.lean import replace
from lintvalue.model.project import (
    Form,
    LockKind,
    Project,
    SharedObject,
    Silence,
    Touch,
    Update,
    Use,
)
from lintvalue.model.project import Lock as LockEntry
from lintvalue.model.span import Location
from lintvalue.resolve.makers import walk
from lintvalue.resolve.misuses import by_site, misuses
from lintvalue.resolve.writers import silence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.resolve.traced import Trails
    from lintvalue.resolve.values import Lock, Site
    from lintvalue.resolve.world import Event, World


class Numbers:
    """Ids for sites, in source order."""

    def __init__(self, world: World, noted: Iterable[Lock] = ()) -> None:
        self.sites = sorted(world.shared, key=_order)
        self.objects = {site: index for index, site in enumerate(self.sites)}
        owned = {lock for info in world.shared.values() for lock in info.lock}
        self.lock_list = sorted(
            {*owned, *noted, *_locks_met(world)}, key=lambda lock: (_order(lock.site), lock.kind)
        )
        self.locks = {lock: index for index, lock in enumerate(self.lock_list)}


def _order(site: Site) -> tuple[Location, tuple[Location, ...]]:
    return (site.at, site.context)


def _locks_met(world: World) -> Iterable[Lock]:
    for event in world.events:
        yield from event.held
        yield from (lock for lock, _ in event.reach)


def project(world: World, trails: Trails | None = None) -> Project:
    """The project, as rules and fixes see it; with `trails`, how it came to be."""
    world.events = set(_believed(world))
    if trails is not None:
        return _traced(world, trails)
    return _project(world, Numbers(world))


def _traced(world: World, trails: Trails) -> Project:
    from lintvalue.resolve.telling import locks_noted, trace  # noqa: PLC0415 - not for a check

    numbers = Numbers(world, locks_noted(trails))
    told = trace(world, trails, numbers.objects, numbers.locks)
    return replace(_project(world, numbers), trace=told)


def _project(world: World, numbers: Numbers) -> Project:
    return Project(
        tuple(_object(world, numbers, site) for site in numbers.sites),
        tuple(_lock(world, numbers, lock) for lock in numbers.lock_list),
        tuple(_updates(world, numbers)),
        tuple(_uses(world, numbers)),
        misuses(world, numbers.objects),
    )


def _believed(world: World) -> Iterable[Event]:
    """All events; callers are not guessed to hold a lock where other updates take one themselves."""
    guarded = {event.site for event in world.events if event.form is not None and event.held}
    for event in world.events:
        doubtful = event.unknown_lock and event.guessed and event.site in guarded
        yield replace(event, unknown_lock=False) if doubtful else event


def _object(world: World, numbers: Numbers, site: Site) -> SharedObject:
    info = world.shared[site]
    own = next(iter(info.lock)) if len(info.lock) == 1 else None
    return SharedObject(
        id=numbers.objects[site],
        kind=info.kind,
        name=info.name,
        made=site.at,
        lock=numbers.locks[own] if own else None,
        typecode=info.typecode,
        maker=info.maker,
        by_annotation=info.by_annotation,
        several=bool(info.loops) or len(site.context) > 1,
    )


def _lock(world: World, numbers: Numbers, lock: Lock) -> LockEntry:
    info = world.locks.get(lock.site)
    owner = numbers.objects.get(lock.site) if lock.kind is LockKind.OWN else None
    return LockEntry(
        id=numbers.locks[lock],
        kind=lock.kind,
        made=lock.site.at,
        shared=info.shared if info else True,
        reentrant=info.reentrant if info else True,
        owner=owner,
        several=bool(info and info.loops) or len(lock.site.context) > 1,
    )


def _updates(world: World, numbers: Numbers) -> Iterable[Update]:
    """One update for each statement and object expression, over all contexts that run it."""
    writes = by_site(world)
    places: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for event in world.events:
        if event.form is not None:
            places[event.at, event.base, event.symbol, event.form].append(event)
    for key in sorted(places, key=repr):
        yield _update(world, numbers, places[key], writes)


def _update(
    world: World, numbers: Numbers, events: list[Event], writes: dict[Site, list[Event]]
) -> Update:
    events = sorted(events, key=lambda event: (_order(event.site), repr(event.read)))
    quiet = {event: silence(world, event, writes[event.site]) for event in events}
    loud = [event for event in events if quiet[event] is None]
    known = [event for event in loud if event.held or not event.unknown_lock]
    judged = known or loud or events
    held = _always_held(world, judged)
    first = judged[0]
    reach = frozenset.intersection(*(event.reach for event in events))
    reason = _reason(loud, known, quiet)
    return Update(
        objects=tuple(sorted({numbers.objects[event.site] for event in events})),
        form=first.form or Form.SINGLE,
        at=first.at,
        read=first.read or first.at,
        symbol=first.symbol,
        function=first.function,
        held=tuple(sorted(numbers.locks[lock] for lock in held)),
        locked=all(event.held or event.unknown_lock for event in judged),
        useless=tuple(sorted(numbers.locks[lock] for lock in held if _is_useless(world, lock))),
        silence=reason,
        base=first.base,
        in_reach=tuple(sorted((numbers.locks[lock], text) for lock, text in reach)),
        sometimes=tuple(
            sorted({numbers.locks[lock] for event in events for lock in event.held - held})
        ),
        reads=tuple(sorted({event.read for event in events if event.read})),
    )


def _reason(
    loud: list[Event], known: list[Event], quiet: dict[Event, Silence | None]
) -> Silence | None:
    if loud:
        return None if known else Silence.UNKNOWN_LOCK
    return next(iter(quiet.values()))


def _always_held(world: World, events: list[Event]) -> frozenset[Lock]:
    """Locks held in every context; each object's own, where every object is under its own."""
    own = [event.held & world.shared[event.site].lock for event in events]
    if all(own):
        return frozenset().union(*own)
    return frozenset.intersection(*(event.held for event in events))


def _is_useless(world: World, lock: Lock) -> bool:
    return lock.site in world.locks and not world.locks[lock.site].shared


def _uses(world: World, numbers: Numbers) -> Iterable[Use]:
    """All uses; none is sure where some code was never run, since that may use the objects, too."""
    complete = world.settled and not _unmet(world)
    augmented = {at for touch, at in world.uses if touch is Touch.STORE}
    read = {at for touch, at in world.uses if touch is Touch.READ}
    for (touch, at), seen in sorted(world.uses.items(), key=lambda item: (item[0][1], item[0][0])):
        if touch is Touch.READ and at in augmented:
            continue
        found = Touch.AUGMENT if touch is Touch.STORE and at in read else touch
        objects = tuple(sorted(numbers.objects[site] for site in seen.sites))
        if objects:
            sure = complete and seen.sure and at not in world.otherwise
            yield Use(found, at, seen.base, seen.statement, objects, sure)


def _unmet(world: World) -> bool:
    """Whether a `.value` stands in code that was never reached."""
    return any(
        isinstance(node, e.Attribute)
        and node.name == "value"
        and Location(path, node.span) not in world.visited
        for path, facts in world.facts.items()
        for node in walk(facts.body.statements)
    )
