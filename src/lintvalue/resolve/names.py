"""Names: what they stand for where they are read, and what is bound to them."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.resolve.library import MULTIPROCESSING, OFFERED, canonical
from lintvalue.resolve.plain import unshared
from lintvalue.resolve.values import (
    NOTHING,
    PLAIN,
    UNKNOWN,
    Container,
    Instance,
    Items,
    Library,
    Lock,
    Module,
    Shared,
    Value,
    join,
    one,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.statements import Imported
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame
    from lintvalue.resolve.values import Thing

_BUILTINS = frozenset(dir(builtins))


class Names:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def load(self, frame: Frame, name: str) -> Value:
        """What a name stands for here."""
        state = frame.state
        if state is not None and name in state.env and name not in frame.global_names:
            return state.env[name]
        value = self._from_around(frame, name)
        return unshared(value) if state is not None and name in state.plain else value

    def _from_around(self, frame: Frame, name: str) -> Value:
        """What a name stands for that the activation has not bound itself."""
        scope = frame.enclosing
        while scope is not None and name not in frame.global_names:
            if scope.kind == "function" and name in scope.cells:
                return scope.cells[name]
            scope = scope.enclosing
        return self.module_level(frame.path, name)

    def module_level(self, path: str, name: str) -> Value:
        """A module's global, or a builtin."""
        value = self.run.world.load("global", path, name)
        if value is not NOTHING:
            return value
        if name in _BUILTINS:
            return one(Library(f"builtins.{name}"))
        star = self.run.world.load("star", path)
        return join(_offered(module, name) for module in star.things)

    def store(self, frame: Frame, name: str, value: Value) -> None:
        """Bind a name."""
        if frame.state is not None:
            frame.state.rebind(name)
        self.name_objects(name, value)
        self.run.releases.bound(frame, name, value)
        if name in frame.global_names or frame.kind == "module":
            self.run.wrappers.bound(frame, frame.path, name, value)
            self.run.world.store(("global", frame.path, name), value)
        if name in frame.global_names:
            self.run.results.kept(frame, None, value)
            self._made_once(value)
            return
        if name in frame.outer_names:
            self._store_outer(frame, name, value)
        if frame.state is not None:
            frame.state.env[name] = value
        if frame.kind == "class" and frame.owner is not None:
            self.run.wrappers.bound(frame, frame.owner, name, value)
            self.run.world.store(("class", frame.owner, name), value)
        frame.cells[name] = join((frame.cells.get(name, NOTHING), value.without_reads()))

    def _made_once(self, value: Value) -> None:
        """What a function keeps in a global is not made anew for each turn of its caller's loop."""
        for thing in value.of(Shared):
            self.run.world.shared[thing.site].loops = ()

    def _store_outer(self, frame: Frame, name: str, value: Value) -> None:
        scope = frame.enclosing
        while scope is not None and name not in scope.cells:
            scope = scope.enclosing
        if scope is not None:
            scope.cells[name] = join((scope.cells[name], value.without_reads()))

    def name_objects(self, name: str, value: Value) -> None:
        """The first name that an object is bound to is what it is called."""
        for thing in value.of(Shared):
            info = self.run.world.shared[thing.site]
            info.name = info.name or name
        for lock in value.of(Lock):
            taken = self.run.world.locks.get(lock.site)
            if taken is not None:
                taken.name = taken.name or name

    def assign(self, frame: Frame, target: e.Expression, value: Value) -> None:
        """Bind or store to any target of an assignment."""
        match target:
            case e.Name():
                self.store(frame, target.id, value)
            case e.Attribute():
                self.run.accesses.store_attribute(frame, target, value)
            case e.Subscript():
                self.run.accesses.store_item(frame, target, value)
            case e.Sequence():
                self._unpack(frame, target, value)
            case e.Starred():
                self.assign(frame, target.value, value)

    def put_into(self, frame: Frame, target: e.Expression, value: Value) -> None:
        """A container with a name here depends on what is put into it."""
        if isinstance(target, e.Name) and frame.state is not None and target.id in frame.state.env:
            known = frame.state.env[target.id]
            frame.state.env[target.id] = known.depending_on(value.reads)

    def _unpack(self, frame: Frame, target: e.Sequence, value: Value) -> None:
        together = [read for thing in value.of(Items) for x in thing.elements for read in x.reads]
        stars = [n for n, x in enumerate(target.elements) if isinstance(x, e.Starred)]
        after = len(target.elements) - stars[0] - 1 if stars else 0
        for index, element in enumerate(target.elements):
            if index in stars:
                part = self._rest(frame, element, value, index, after)
            else:
                part = self._part(frame, value, index, len(target.elements), stars)
            if not isinstance(element, e.Name):
                # `a.value, b.value = b.value, a.value` is one step in the program's mind
                part = part.depending_on(together)
            self.assign(frame, element, part)

    def _rest(
        self, frame: Frame, target: e.Expression, value: Value, before: int, after: int
    ) -> Value:
        """What a starred target gets, between `before` targets and `after` others."""
        things: list[Thing] = []
        others = frozenset(thing for thing in value.things if not isinstance(thing, Items))
        things += (Items(x.elements[before : len(x.elements) - after]) for x in value.of(Items))
        if others:
            container = Container(self.run.expressions.site(frame, target), "list")
            element = self.run.expressions.element(frame, Value(others), None)
            self.run.world.store(("item", container.site, None), element)
            things.append(container)
        return Value(frozenset(things), value.reads)

    def _part(self, frame: Frame, value: Value, index: int, count: int, stars: list[int]) -> Value:
        """The element that the target at `index` of `count` gets."""
        parts: list[Value] = []
        late = bool(stars) and index > stars[0]
        for thing in value.things:
            if isinstance(thing, Items):
                if len(thing.elements) == count or (stars and len(thing.elements) >= count - 1):
                    parts.append(thing.elements[index - count if late else index])
            elif isinstance(thing, Container) and not late:
                known = self.run.world.load("item", thing.site, str(index))
                parts.append(join((known, self.run.world.load("item", thing.site, None))))
            else:
                element = self.run.expressions.element(frame, Value(frozenset({thing})), None)
                parts.append(element)
        return join(parts).depending_on(value.reads)

    # Imports

    def imported(self, frame: Frame, item: Imported) -> None:
        """Bind what one name of an import statement binds."""
        if item.name is None:
            self._import_module(frame, item)
            return
        path = self._target(frame, item)
        if item.name == "*":
            self._import_star(frame, item, path)
            return
        value = self._member(path, item) if path else self._foreign(item)
        self.store(frame, item.alias or item.name, value)

    def _target(self, frame: Frame, item: Imported) -> str | None:
        modules = self.run.world.modules
        if item.level:
            return modules.relative(item.level, item.module, frame.path)
        return modules.find(item.module, frame.path)

    def _import_module(self, frame: Frame, item: Imported) -> None:
        dotted = item.module if item.alias else item.module.partition(".")[0]
        path = self.run.world.modules.find(dotted, frame.path)
        value = one(Module(path)) if path else one(Library(canonical(dotted)))
        self.store(frame, item.alias or dotted, value)

    def _import_star(self, frame: Frame, item: Imported, path: str | None) -> None:
        if path is None:
            module = PLAIN if item.level else one(Library(canonical(item.module)))
            self.run.world.store(("star", frame.path), module)
            return
        for name, value in list(self.run.world.members("global", path).items()):
            self.store(frame, str(name), value)

    def _member(self, path: str, item: Imported) -> Value:
        """A name of a project's module: one of its globals, or a module in its folder."""
        assert item.name is not None
        return self.attribute_of_module(path, item.name)

    def attribute_of_module(self, path: str, name: str) -> Value:
        known = self.run.world.load("global", path, name)
        if known.things:
            return known
        if path.endswith("__init__.py"):
            submodule = self.run.world.modules.relative(1, name, path)
            if submodule:
                return one(Module(submodule))
        return self.run.world.load("global", path, name)

    def _foreign(self, item: Imported) -> Value:
        if item.level:
            return UNKNOWN
        return one(Library(canonical(f"{item.module}.{item.name}")))

    # Names by which something can be reached

    def spellings(self, frame: Frame) -> list[tuple[str, Value]]:
        """Expressions that are valid here without arguments, and what they stand for."""
        world = self.run.world
        found = {str(name): value for name, value in world.members("global", frame.path).items()}
        found.update(frame.state.env if frame.state else {})
        for name, value in list(found.items()):
            for module in value.of(Module):
                for member, held in world.members("global", module.path).items():
                    found[f"{name}.{member}"] = held
            if len(value.things) == 1:
                found.update(self._attributes(name, value))
        if frame.receiver is not None and frame.node and frame.node.parameters:
            itself = frame.node.parameters[0].name
            for member, held in world.members("attribute", frame.receiver).items():
                found[f"{itself}.{member}"] = held
        return list(found.items())

    def _attributes(self, name: str, value: Value) -> Iterator[tuple[str, Value]]:
        for instance in value.of(Instance):
            for member, held in self.run.world.members("attribute", instance).items():
                if not str(member).startswith("__"):  # it is called otherwise outside
                    yield f"{name}.{member}", held


def _offered(module: Thing, name: str) -> Value:
    """What a name may be that a star import binds: only that of multiprocessing is known."""
    if isinstance(module, Library) and module.name == MULTIPROCESSING:
        return one(Library(f"{MULTIPROCESSING}.{name}")) if name in OFFERED else NOTHING
    return UNKNOWN
