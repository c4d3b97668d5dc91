"""Locks that stay held: which ways out of a function are faults, and which are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, LockKind, Misuse
from lintvalue.resolve.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lintvalue.resolve.values import Site
    from lintvalue.resolve.world import Leak, World


def unreleased(world: World, objects: Mapping[Site, int]) -> Iterator[Misuse]:
    """The acquiring statements, each with the first way out that leaves the lock held."""
    first: dict[object, Leak] = {}
    for leak in sorted(world.leaks, key=lambda leak: (leak.at, leak.end, leak.symbol)):
        if not _meant(world, leak):
            first.setdefault(leak.at, leak)
    for leak in first.values():
        own = leak.lock.kind is LockKind.OWN and leak.lock.site in objects
        known = (objects[leak.lock.site],) if own else ()
        yield Misuse(Fault.UNRELEASED, leak.at, known, leak.symbol, leak.function, leak.end)


def _meant(world: World, leak: Leak) -> bool:
    """Whether a lock is acquired for somebody else: other functions release what they did not take."""
    if (leak.lock, leak.at) in world.lent or not (leak.elsewhere or world.settled):
        return True
    return any(
        leak.definition not in functions
        and (lock == leak.lock or (isinstance(lock, Unknown) and not leak.elsewhere))
        for lock, functions in world.freed
    )
