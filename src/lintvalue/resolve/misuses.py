"""Faults in how locks are made and taken, as the rules want them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Misuse
from lintvalue.resolve.guards import inconsistent, redundant, useless
from lintvalue.resolve.inheritance import not_given
from lintvalue.resolve.leaks import unreleased
from lintvalue.resolve.mistaken import mistaken
from lintvalue.resolve.results import stale
from lintvalue.resolve.writers import silence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lintvalue.model.span import Location
    from lintvalue.resolve.values import Site
    from lintvalue.resolve.world import Event, World


def by_site(world: World) -> dict[Site, list[Event]]:
    """The writes of each object."""
    found: dict[Site, list[Event]] = defaultdict(list)
    for event in world.events:
        found[event.site].append(event)
    return found


def misuses(world: World, objects: Mapping[Site, int]) -> tuple[Misuse, ...]:
    """All faults, once for each statement and object."""
    found = {
        *_slips(world, objects),
        *_guards(world, objects),
        *_redundant(world, objects),
        *_not_given(world, objects),
        *unreleased(world, objects),
        *mistaken(world, objects),
        *stale(world, objects, by_site(world)),
    }
    return tuple(sorted(found, key=lambda misuse: (misuse.at, misuse.fault, misuse.objects)))


def _slips(world: World, objects: Mapping[Site, int]) -> Iterator[Misuse]:
    for slip in world.slips.values():
        known = (objects[slip.site],) if slip.site in objects else ()
        yield Misuse(slip.fault, slip.at, known, slip.symbol, slip.function, slip.site.at)


def _guards(world: World, objects: Mapping[Site, int]) -> Iterator[Misuse]:
    for events in by_site(world).values():
        updates = [
            event
            for event in events
            if event.form is not None and silence(world, event, events) is None
        ]
        for event in updates:
            for fault, lock, statement in useless(world, event):
                yield _misuse(fault, statement, event, objects, lock.site.at)
        for event, reference in inconsistent(world, updates):
            yield _misuse(Fault.INCONSISTENT, event.at, event, objects, reference.site.at)


def _misuse(
    fault: Fault, at: Location, event: Event, objects: Mapping[Site, int], related: Location
) -> Misuse:
    return Misuse(fault, at, (objects[event.site],), event.symbol, event.function, related)


def _redundant(world: World, objects: Mapping[Site, int]) -> Iterator[Misuse]:
    for site, number in objects.items():
        lock = redundant(world, site)
        if lock is not None:
            name = world.shared[site].name
            yield Misuse(Fault.REDUNDANT, site.at, (number,), name, "", lock.site.at)


def _not_given(world: World, objects: Mapping[Site, int]) -> Iterator[Misuse]:
    for site, info, use in not_given(world):
        known = (objects[site],) if site in objects else ()
        at = info.statement or site.at
        yield Misuse(Fault.NOT_GIVEN, at, known, info.name, "", use)
