"""What processes are given when they are started, and what they reach without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Kind
from lintvalue.resolve.crowds import several
from lintvalue.resolve.values import (
    Class,
    Container,
    Function,
    Instance,
    Items,
    Lock,
    Made,
    Method,
    Partial,
    Shared,
    one,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lintvalue.model.span import Location
    from lintvalue.resolve.state import Context
    from lintvalue.resolve.values import Site, Thing, Value
    from lintvalue.resolve.world import Launch, LockInfo, SharedInfo, World

# Heap cells of these kinds have no owner that would have to be handed over.
_EVERYWHERE = frozenset({"global", "class", "default", "function"})
# Proxies of a manager's objects find their manager by its address, from anywhere.
_INHERITED = frozenset({Kind.VALUE, Kind.RAW_VALUE, Kind.ARRAY, Kind.RAW_ARRAY})


def not_given(world: World) -> Iterator[tuple[Site, SharedInfo | LockInfo, Location]]:
    """Objects and locks that a process uses without having been given them, and where it does so.

    A forked process has all that its parent had; any other one imports the modules anew, and makes
    for itself what they make.
    """
    cache: dict[Site, frozenset[Site]] = {}
    everywhere = _reachable(world, _global(world))
    for site, info in _inherited(world):
        if site in everywhere and not several(site):  # another one may have been given
            uses = _by_processes(world, site, info, cache) or _by_nature(world, site, cache)
            if uses:
                yield site, info, min(uses)


def _by_processes(
    world: World, site: Site, info: SharedInfo | LockInfo, cache: dict[Site, frozenset[Site]]
) -> list[Location]:
    """Where processes in sight use what they were not given."""
    return [
        place
        for context, place in world.touched.get(site, {}).items()
        if (launch := _process(world, context)) is not None
        and info.context != context
        and not _forks(world, launch)
        and site not in _given(world, launch, cache)
    ]


def _by_nature(world: World, site: Site, cache: dict[Site, frozenset[Site]]) -> list[Location]:
    """Where code that we don't see called uses an object that a module or a class makes for itself.

    It is there for other processes; the project starts some, and gives it to none of them.
    """
    info = world.shared.get(site)
    contexts = world.touched.get(site, {})
    unseen = [place for context, place in contexts.items() if context.root]
    if info is None or not info.in_module or any(context.launch for context in contexts):
        return []
    processes = [one for one in world.launches.values() if not one.thread]
    given = any(site in _given(world, one, cache) for one in processes)
    spawned = any(not _forks(world, one) for one in processes)
    return unseen if spawned and not given else []


def _inherited(world: World) -> Iterator[tuple[Site, SharedInfo | LockInfo]]:
    """What is shared only by handing it over: no proxies, no threads' locks."""
    for site, shared in world.shared.items():
        if shared.kind in _INHERITED and not shared.by_annotation:
            yield site, shared
    for site, lock in world.locks.items():
        if site not in world.shared and lock.shared and lock.context.launch is None:
            yield site, lock


def _global(world: World) -> Iterator[Value]:
    """What code can reach without being given it: globals, attributes of classes, defaults."""
    for owner, cells in world.heap.items():
        kind, *rest = owner if isinstance(owner, tuple) else (owner,)
        if kind in _EVERYWHERE or (kind == "attribute" and isinstance(rest[0], Class)):
            yield from cells.values()


def _process(world: World, context: Context) -> Launch | None:
    """The process that runs a context's code; a thread's is that which started it."""
    launch = world.launches.get(context.launch) if context.launch else None
    seen = set()
    while launch is not None and launch.thread and launch.site not in seen:
        seen.add(launch.site)
        above = launch.parent.launch
        launch = world.launches.get(above) if above else None
    return None if launch is None or launch.thread else launch


def _forks(world: World, launch: Launch) -> bool:
    """Whether a process surely has all that its parent had."""
    said = launch.method or (next(iter(world.chosen)) if len(world.chosen) == 1 else "")
    return (said or world.start_method) == "fork"


def _given(world: World, launch: Launch, cache: dict[Site, frozenset[Site]]) -> frozenset[Site]:
    """The objects and locks that a process was started with, or that its tasks came with."""
    if launch.site not in cache:
        cache[launch.site] = _reachable(world, _handed_over(world, launch))
    return cache[launch.site]


def _handed_over(world: World, launch: Launch) -> Iterator[Value]:
    """What a process, or a thread in it, was called with."""
    yield from launch.given
    for other in world.launches.values():
        if other.thread and other.parent.launch == launch.site:
            yield from other.given


def _reachable(world: World, values: Iterable[Value]) -> frozenset[Site]:
    """The sites of all objects and locks that values lead to."""
    found: set[Site] = set()
    seen: set[Thing] = set()
    waiting = list(values)
    while waiting:
        for thing in waiting.pop().things - seen:
            seen.add(thing)
            if isinstance(thing, (Shared, Lock)):
                found.add(thing.site)
                found.update(lock.site for lock in _own(world, thing))
            waiting.extend(_parts(world, thing))
    return frozenset(found)


def _own(world: World, thing: Shared | Lock) -> frozenset[Lock]:
    return world.shared[thing.site].lock if isinstance(thing, Shared) else frozenset()


def _parts(world: World, thing: Thing) -> Iterable[Value]:
    """The values that are pickled along with a thing; those of a class or a module are not."""
    match thing:
        case Items():
            return thing.elements
        case Container():
            return world.members("item", thing.site).values()
        case Instance():
            return world.members("attribute", thing).values()
        case Made():
            return world.members("made", thing.site).values()
        case Partial():
            return (thing.function, *thing.positional, *(value for _, value in thing.keywords))
        case Function():
            return (*_receiver(thing.receiver), *_closed_over(world, thing))
        case Method():
            return _receiver(thing.receiver)
    return ()


def _receiver(thing: Thing | None) -> tuple[Value, ...]:
    return () if thing is None else (one(thing),)


def _closed_over(world: World, thing: Function) -> Iterator[Value]:
    """The variables of the functions around one."""
    frame = world.frames.get(thing.frame)
    while frame is not None:
        if frame.kind == "function":
            yield from frame.cells.values()
        frame = frame.enclosing
