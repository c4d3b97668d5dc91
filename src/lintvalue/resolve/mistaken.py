"""Values that are taken for the number in them, as faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Misuse, Touch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lintvalue.resolve.values import Site
    from lintvalue.resolve.world import Binding, World


def mistaken(world: World, objects: Mapping[Site, int]) -> Iterator[Misuse]:
    """Uses of the object where its number is meant, once for each statement."""
    found: dict[object, Misuse] = {}
    for misuse in sorted((*_used(world, objects), *_replaced(world, objects)), key=_order):
        found.setdefault(misuse.at, misuse)
    yield from found.values()


def _order(misuse: Misuse) -> tuple[object, ...]:
    return misuse.at, misuse.fault, misuse.symbol, misuse.objects


def _used(world: World, objects: Mapping[Site, int]) -> Iterator[Misuse]:
    """Tests and computations; a test may ask for None, where an object is optional."""
    for mistake in world.mistakes:
        optional = mistake.fault is Fault.TESTED and mistake.site in world.optional
        meant = optional or mistake.site in world.asked or mistake.place in world.mixed
        if not meant and mistake.site in objects:
            yield Misuse(
                mistake.fault,
                mistake.at,
                (objects[mistake.site],),
                mistake.symbol,
                mistake.function,
                mistake.site.at,
            )


def _replaced(world: World, objects: Mapping[Site, int]) -> Iterator[Misuse]:
    """Numbers that are bound to a name which has been made for a Value, and nothing else."""
    used = {
        site for (touch, _), seen in world.uses.items() if touch in _USES for site in seen.sites
    }
    for (_, name), bindings in world.bindings.items():
        sites = frozenset().union(*(binding.cells for binding in bindings)) & set(objects)
        if (
            not sites & used
            or sites & (world.interchangeable | world.asked)
            or not _made_for_cells(bindings)
        ):
            continue
        site = min(sites, key=lambda site: (site.at, site.context))
        for binding in bindings:
            if binding.number:
                yield Misuse(
                    Fault.REPLACED, binding.at, (objects[site],), name, binding.function, site.at
                )


_USES = frozenset({Touch.READ, Touch.STORE, Touch.AUGMENT, Touch.LOCK})


def _made_for_cells(bindings: Iterable[Binding]) -> bool:
    """Whether a name starts as a Value, and gets a number only later and elsewhere.

    An object's own code may choose whether it counts in a Value or in a number, as it is made or later;
    other code has no such choice.
    """
    cells = [binding for binding in bindings if binding.cells]
    numbers = [binding for binding in bindings if binding.number]
    known = len(cells) + len(numbers) == len(list(bindings))
    own = all(binding.initial for binding in cells) or (
        all(binding.outside for binding in numbers) and not any(x.outside for x in cells)
    )
    begins = bool(cells) and own
    apart = not {binding.function for binding in cells} & {binding.function for binding in numbers}
    return known and begins and apart and not any(binding.initial for binding in numbers)
