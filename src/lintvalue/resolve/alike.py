"""Objects that would do the same, whatever code out of sight does with them: one of them is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.resolve.values import (
    Class,
    Container,
    Descriptor,
    Function,
    Instance,
    Items,
    Method,
    Parent,
    Partial,
    bare,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from lintvalue.resolve.values import Thing, Value
    from lintvalue.resolve.world import World

_DEEPEST = 3


class Alike:
    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[Instance, Hashable] = {}

    def one_each(self, objects: Iterable[Instance]) -> list[Instance]:
        """The objects without those that are like one before.

        Objects are alike if they are made by the same processes and have the same code in them, as long
        as no object of their class leads to anything that matters.
        """
        objects = list(objects)
        world = self._world
        mattering = {one.definition for one in objects if one in world.charged}
        found: dict[Hashable, Instance] = {}
        for one in objects:
            found.setdefault(one if one.definition in mattering else self._kind(one), one)
        return list(found.values())

    def _kind(self, thing: Instance) -> Hashable:
        if thing not in self._known:
            homes = frozenset(self._world.homes.get(thing, ()))
            self._known[thing] = (homes, frozenset(self._code(thing, _DEEPEST)))
        return self._known[thing]

    def _code(self, thing: Thing, depth: int) -> Iterator[Hashable]:
        """The functions and classes that a thing leads to."""
        match thing:
            case Function():
                yield bare(thing)
                if thing.receiver is not None:
                    yield from self._code(thing.receiver, depth)
            case Class():
                yield thing
            case Method(receiver=inner) | Parent(receiver=inner):
                yield from self._code(inner, depth)
            case Instance() | Container() | Items() | Partial() | Descriptor():
                if isinstance(thing, Instance):
                    yield thing.definition
                for value in self._held(thing) if depth else ():
                    for inner in value.things:
                        yield from self._code(inner, depth - 1)

    def _held(self, thing: Instance | Container | Items | Partial | Descriptor) -> Iterable[Value]:
        match thing:
            case Instance():
                return self._world.members("attribute", thing).values()
            case Container():
                return self._world.members("item", thing.site).values()
            case Items():
                return thing.elements
            case Partial():
                given = (value for _, value in thing.keywords)
                return (thing.function, *thing.positional, *given)
            case Descriptor():
                return (thing.function, thing.setter)
