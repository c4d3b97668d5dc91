"""What a traced run noted, as a Trace: numbered, in source order, free of the interpreter's things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.trace import (
    Access,
    Activation,
    Arrival,
    Holding,
    Met,
    Origin,
    Runner,
    Standing,
    Trace,
    Write,
)
from lintvalue.resolve.misuses import by_site
from lintvalue.resolve.state import Context
from lintvalue.resolve.values import (
    Attempt,
    Class,
    Const,
    Container,
    Distinct,
    Function,
    Instance,
    Items,
    Library,
    Lock,
    Made,
    Module,
    Partial,
    Plain,
    Shared,
    Unknown,
)
from lintvalue.resolve.writers import can_meet, silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lintvalue.model.span import Location
    from lintvalue.resolve.state import Section
    from lintvalue.resolve.traced import Touch, Trails
    from lintvalue.resolve.values import Site, Thing
    from lintvalue.resolve.world import Event, World


def locks_noted(trails: Trails) -> Iterator[Lock]:
    """Every lock that was held, or that an expression stands for."""
    for ways in (*trails.touches.values(), *trails.held.values()):
        for held in ways:
            for section in held:
                yield from (lock for lock in section.locks if isinstance(lock, Lock))
    for things in trails.met.values():
        yield from (thing for thing in things if isinstance(thing, Lock))


def trace(
    world: World, trails: Trails, objects: Mapping[Site, int], locks: Mapping[Lock, int]
) -> Trace:
    """The trace, with the numbers of the project's objects and locks."""
    return _Telling(world, trails, objects, locks).trace()


class _Telling:
    """Turns things into numbers; `runners` are numbered as they are met."""

    def __init__(
        self,
        world: World,
        trails: Trails,
        objects: Mapping[Site, int],
        locks: Mapping[Lock, int],
    ) -> None:
        self.world = world
        self.trails = trails
        self.objects = objects
        self.locks = locks
        self.runners: dict[Context, int] = {}
        self.serials = {serial: index for index, serial in enumerate(sorted(trails.frames))}

    def trace(self) -> Trace:
        activations = tuple(self._activations())
        accesses = sorted(self._accesses(), key=lambda access: (access.at, access.activation))
        arrivals = sorted(self._arrivals(), key=lambda arrival: (arrival.at, arrival.object))
        writes = tuple(self._writes())
        met = tuple(self._met(at, things) for at, things in sorted(self.trails.met.items()))
        standings = tuple(self._standings())
        runners = tuple(self._described(context) for context in self.runners)
        return Trace(runners, tuple(arrivals), activations, tuple(accesses), writes, met, standings)

    # Who runs what

    def _runner(self, context: Context) -> int:
        return self.runners.setdefault(context, len(self.runners))

    def _described(self, context: Context) -> Runner:
        if context.launch is None:
            return Runner(Origin.UNSEEN if context.root else Origin.PROGRAM, None, several=False)
        launch = self.world.launches[context.launch]
        origin = Origin.THREAD if launch.thread else Origin.PROCESS
        if launch.many and not launch.thread:
            origin = Origin.POOL
        several = launch.many or launch.overlapping
        return Runner(origin, launch.site.at, several)

    def _activations(self) -> Iterator[Activation]:
        callers: dict[int, list[tuple[int, Location]]] = {}
        for callee, caller, place in self.trails.calls:
            if caller in self.serials:
                callers.setdefault(callee, []).append((self.serials[caller], place))
        for serial in self.serials:
            scope, context, launch = self.trails.frames[serial]
            found = tuple(sorted(callers.get(serial, ())))
            yield Activation(scope, self._runner(context), launch, found)

    # Objects on their way

    def _arrivals(self) -> Iterator[Arrival]:
        for one in self.trails.named:
            if one.site in self.objects:
                yield Arrival(
                    self.objects[one.site], one.means, one.name, one.at, one.scope, one.source
                )

    def _met(self, at: Location, things: Iterable[Thing]) -> Met:
        found = tuple(things)
        objects = {
            self.objects[thing.site]
            for thing in found
            if isinstance(thing, Shared) and thing.site in self.objects
        }
        locks = {self.locks[thing] for thing in found if isinstance(thing, Lock)}
        others = {_in_words(thing, self.world) for thing in found if not _is_ours(thing)}
        if found and not (objects or locks or others):
            others = {"None, as far as is in sight"}
        return Met(at, tuple(sorted(objects)), tuple(sorted(locks)), tuple(sorted(others)))

    # Loads and stores

    def _accesses(self) -> Iterator[Access]:
        for touch, ways in self.trails.touches.items():
            if touch.site in self.objects:
                yield self._access(touch, ways)

    def _access(self, touch: Touch, ways: list[tuple[Section, ...]]) -> Access:
        return Access(
            object=self.objects[touch.site],
            cell=touch.cell,
            stores=touch.stores,
            own_lock=touch.whole and bool(self.world.shared[touch.site].lock),
            at=touch.at,
            activation=self.serials[touch.serial],
            held=self._held_always(touch.site, ways),
        )

    def _standings(self) -> Iterator[Standing]:
        for (at, context), ways in self.trails.held.items():
            for held in ways:
                told = tuple(self._holding(None, section) for section in held)
                yield Standing(at, self._runner(context), told)

    def _held_always(self, site: Site, ways: list[tuple[Section, ...]]) -> tuple[Holding, ...]:
        """What is held each time that the activation comes by."""
        told = [tuple(self._holding(site, section) for section in held) for held in ways]
        first, *rest = told
        return tuple(one for one in first if all(one in other for other in rest))

    def _holding(self, site: Site | None, section: Section) -> Holding:
        known = [lock for lock in section.locks if isinstance(lock, Lock)]
        if len(section.locks) > 1:
            own = self.world.shared[site].lock if site else frozenset()
            known = [lock for lock in known if lock in own]
        return Holding(self.locks[known[0]] if len(known) == 1 else None, section.statement)

    # Writes

    def _writes(self) -> Iterator[Write]:
        first = 0
        for site, events in sorted(by_site(self.world).items(), key=lambda item: repr(item[0])):
            events.sort(key=lambda event: (event.at, repr(event)))
            for event in events:
                meets = (
                    first + index
                    for index, other in enumerate(events)
                    if can_meet(self.world, event, other)
                )
                yield self._write(self.objects[site], event, events, tuple(meets))
            first += len(events)

    def _write(
        self, number: int, event: Event, events: list[Event], meets: tuple[int, ...]
    ) -> Write:
        live = event.live
        return Write(
            object=number,
            cell=event.cell,
            at=event.at,
            function=event.function,
            runner=self._runner(event.context),
            form=event.form,
            read=event.read,
            held=tuple(sorted(self.locks[lock] for lock in event.held)),
            unknown_lock=event.unknown_lock,
            running=None
            if live is None
            else tuple(sorted(self._runner(Context(launch)) for launch in live)),
            silence=silence(self.world, event, events) if event.form else None,
            meets=meets,
        )


def _is_ours(thing: Thing) -> bool:
    return isinstance(thing, (Shared, Lock)) or (isinstance(thing, Const) and thing.value is None)


def _in_words(thing: Thing, world: World) -> str:
    """What a thing is, for people."""
    match thing:
        case Unknown():
            return "something unknown"
        case Plain() | Const() | Distinct() | Attempt():
            return "a plain value"
        case Library():
            return f"`{thing.name}`"
        case Made():
            return f"what `{thing.kind}` made" if "." in thing.kind else f"a {thing.kind}"
        case Instance():
            return f"an object of the class `{world.classes[thing.definition].node.name}`"
        case Class():
            return f"the class `{world.classes[thing].node.name}`"
        case Module():
            return f"the module {thing.path}"
        case Function() | Partial():
            return "a function"
        case Container() | Items():
            kind = thing.kind if isinstance(thing, Container) else "tuple"
            return f"a {kind} of one process alone"
    return "something else"
