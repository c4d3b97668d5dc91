"""Attributes and items: loads, stores, and the updates of shared memory that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.project import Kind, Touch
from lintvalue.model.span import Location
from lintvalue.resolve.library import canonical
from lintvalue.resolve.plain import unshared
from lintvalue.resolve.spelling import cell_of, spell
from lintvalue.resolve.values import (
    NOTHING,
    PLAIN,
    UNKNOWN,
    Class,
    Const,
    Container,
    Descriptor,
    Distinct,
    Function,
    Instance,
    Items,
    Library,
    Lock,
    Made,
    Method,
    Module,
    Parent,
    Partial,
    Plain,
    Read,
    Shared,
    Unknown,
    Value,
    join,
    one,
)

if TYPE_CHECKING:
    from lintvalue.model import statements as s
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame
    from lintvalue.resolve.values import Thing

_CELLS = frozenset({Kind.VALUE, Kind.RAW_VALUE, Kind.MANAGER_VALUE})
_ARRAYS = frozenset(
    {
        Kind.ARRAY,
        Kind.RAW_ARRAY,
        Kind.SHAREABLE_LIST,
        Kind.MANAGER_ARRAY,
        Kind.MANAGER_LIST,
        Kind.MANAGER_DICT,
    }
)
# What lies in these may be anything, also a proxy of a lock.
_HOLDING = frozenset({Kind.MANAGER_DICT, Kind.MANAGER_LIST, Kind.NAMESPACE})
_LOCK_METHODS = frozenset({"get_lock", "acquire", "release", "__enter__", "__exit__"})
_METHODS: dict[Kind, frozenset[str]] = {
    Kind.MANAGER_VALUE: frozenset({"get", "set"}),
    Kind.MANAGER_DICT: frozenset(dir(dict)),
    Kind.MANAGER_LIST: frozenset(dir(list)),
    Kind.SHAREABLE_LIST: frozenset({"count", "index", "shm", "format"}),
    Kind.MANAGER_ARRAY: frozenset(dir(list)),
}
_OWN = frozenset({"get_obj", *_LOCK_METHODS})
# Whole-view arithmetic of numpy views is meant as it is.
_WHOLE = frozenset({":", "...", "Ellipsis"})


class Accesses:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    # Loads

    def load_attribute(self, frame: Frame, node: e.Attribute, base: Value) -> Value:
        """`base.name`."""
        self._visited(frame, node, base)
        parts = [self._attribute(frame, node, thing, base) for thing in base.things]
        value = join(parts).depending_on(base.reads)
        plain = frame.state.plain if frame.state is not None else frozenset()
        return unshared(value) if plain and spell(node) in plain else value

    def _visited(self, frame: Frame, node: e.Attribute, base: Value) -> None:
        """Take down that a cell's attribute was met, and if it may be that of something else."""
        if node.name == "value" and base.things:
            place = Location(frame.path, node.span)
            self.run.world.visited.add(place)
            if not all(isinstance(thing, (Shared, Const)) for thing in base.things):
                self.run.world.otherwise.add(place)

    def _attribute(self, frame: Frame, node: e.Attribute, thing: Thing, base: Value) -> Value:
        match thing:
            case Unknown():
                return UNKNOWN
            case Shared():
                return self._shared_attribute(frame, node, thing, base)
            case Library():
                return one(Library(canonical(f"{thing.name}.{node.name}"), thing.method))
            case Module():
                return self.run.names.attribute_of_module(thing.path, node.name)
            case Instance() | Class() | Parent():
                return self.class_attribute(frame, thing, node.name)
            case Function():
                return self._function_attribute(thing, node.name)
            case Made():
                return self.run.making.attribute(thing, node.name)
            case (
                Lock()
                | Container()
                | Items()
                | Plain()
                | Const()
                | Distinct()
                | Partial()
                | Descriptor()
            ):
                return one(Method(thing, node.name))
        return UNKNOWN

    def _function_attribute(self, thing: Function, name: str) -> Value:
        value = self.run.world.load("function", thing.path, thing.span, name)
        return value if value.things else UNKNOWN

    def _shared_attribute(
        self, frame: Frame, node: e.Attribute, thing: Shared, base: Value
    ) -> Value:
        known = _OWN if thing.view in {"", "raw"} else frozenset()
        methods = known | _METHODS.get(thing.kind, frozenset())
        if node.name in methods and thing.view != "element":
            return one(Method(thing, node.name))
        if thing.view == "numpy" or node.name in {"__setattr__", "__getattribute__"}:
            return one(Method(thing, node.name))
        if not self._is_cell(thing, node.name):
            self.run.records.use(frame, Touch.ESCAPE, node, node.value, base)
            return UNKNOWN
        plain = thing.kind in _CELLS and node.name == "value" and not thing.path
        self.run.records.use(frame, Touch.READ if plain else Touch.ELEMENT, node, node.value, base)
        read = self.run.records.read(frame, node, thing, _dotted(thing, node.name))
        things = UNKNOWN.things if thing.kind in _HOLDING else PLAIN.things
        return Value(things, frozenset({read}))

    def _is_cell(self, thing: Shared, name: str) -> bool:
        if thing.view == "element" or thing.kind is Kind.NAMESPACE:
            return True
        if thing.kind in _ARRAYS:
            return name in {"value", "raw"} and thing.kind in {Kind.ARRAY, Kind.RAW_ARRAY}
        return name in {"value", "raw"} or self.run.world.shared[thing.site].structure

    def load_item(self, frame: Frame, node: e.Subscript, base: Value, key: Value) -> Value:
        """`base[key]`."""
        self.run.wrappers.index(frame, node, base, key)
        parts = [self._item(frame, node, thing, base, key) for thing in base.things]
        return join(parts).depending_on([*base.reads, *key.reads])

    def _item(
        self, frame: Frame, node: e.Subscript, thing: Thing, base: Value, key: Value
    ) -> Value:
        match thing:
            case Shared():
                return self._shared_item(frame, node, thing, base)
            case Items():
                return self._tuple_item(thing, key)
            case Container():
                return self._container_item(thing, key)
            case Library() | Class():
                return one(thing)  # a generic type
            case Plain() | Const() | Distinct():
                return PLAIN
        return UNKNOWN

    def _shared_item(self, frame: Frame, node: e.Subscript, thing: Shared, base: Value) -> Value:
        self.run.records.use(frame, Touch.ELEMENT, node, node.value, base)
        if self.run.world.shared[thing.site].structure and thing.kind in {
            Kind.ARRAY,
            Kind.RAW_ARRAY,
        }:
            return one(Shared(thing.site, thing.kind, "element", cell_of(node)))
        needed = "needed" if thing.kind is Kind.MANAGER_DICT else ""
        read = self.run.records.read(frame, node, thing, cell_of(node), needed)
        things = UNKNOWN.things if thing.kind in _HOLDING else PLAIN.things
        return Value(things, frozenset({read}))

    def membership(self, frame: Frame, node: e.Combined, container: Value) -> frozenset[Read]:
        """`key in proxy` loads that key's cell."""
        cell = f"[{spell(node.parts[0])}]"
        key = "absent" if node.operator == "not in" else ""
        return frozenset(
            self.run.records.read(frame, node, thing, cell, key) for thing in container.of(Shared)
        )

    def element(self, frame: Frame, thing: Shared) -> Value:
        """What iterating over a shared array yields."""
        self.run.records.touch(frame, thing)
        if self.run.world.shared[thing.site].structure and thing.kind in {
            Kind.ARRAY,
            Kind.RAW_ARRAY,
        }:
            return one(Shared(thing.site, thing.kind, "element", "[*]"))
        return PLAIN

    def _tuple_item(self, thing: Items, key: Value) -> Value:
        match list(key.things):
            case [Const(value=int(index))] if -len(thing.elements) <= index < len(thing.elements):
                return thing.elements[index]
        return join(thing.elements)

    def _container_item(self, thing: Container, key: Value) -> Value:
        name = self.run.expressions.key(key)
        if name is None:
            places = [part.at for part in key.of(Distinct)]
            found = self.run.expressions.contents(one(thing))
            return self.run.expressions.in_turn(found, places[0] if len(places) == 1 else None)
        known = self.run.world.load("item", thing.site, name)
        return join((known, self.run.world.load("item", thing.site, None)))

    # Attributes of classes and their instances

    def class_attribute(self, frame: Frame, thing: Instance | Class | Parent, name: str) -> Value:
        """`thing.name`, as Python looks it up: the instance, its class, the bases."""
        own = self.run.world.load("attribute", thing, name)
        if isinstance(thing, Instance):
            own = self.run.launches.own(frame, thing, own)
        definition = thing if isinstance(thing, Class) else thing.definition
        found = self.run.definitions.lookup(definition, name, skip=isinstance(thing, Parent))
        bound = join(
            self._bind(frame, part, thing)
            for part in found.things
            if not (own.things and isinstance(part, Made))  # a record's field has its value
        )
        value = join((own, bound))
        if not value.things:
            return self._missing(thing, definition, name)
        return value

    def _missing(self, thing: Instance | Class | Parent, definition: Class, name: str) -> Value:
        """A name that no class in sight has: a base class's, or not assigned yet."""
        if name in {"start", "join", "terminate", "kill", "is_alive", "run", "close"}:
            return one(Method(thing, name))
        foreign = self.run.definitions.has_unknown_bases(definition)
        return one(Method(thing, name)) if foreign else NOTHING

    def _bind(self, frame: Frame, part: Thing, thing: Instance | Class | Parent) -> Value:
        receiver = thing.receiver if isinstance(thing, Parent) else thing
        match part:
            case Function() if not isinstance(thing, Class):
                return one(Function(part.path, part.span, part.frame, receiver))
            case Descriptor(kind="property") if isinstance(receiver, Instance):
                return self.run.calls.call_value(frame, part.function, receiver)
            case Descriptor(kind="static"):
                return part.function
            case Descriptor(kind="class"):
                owner = receiver.definition if isinstance(receiver, Instance) else receiver
                return Value(
                    frozenset(
                        Function(f.path, f.span, f.frame, owner) for f in part.function.of(Function)
                    )
                )
        return one(part)

    # Stores

    def store_attribute(self, frame: Frame, node: e.Attribute, value: Value) -> None:
        """`base.name = value`."""
        base = self.run.expressions.evaluate(frame, node.value)
        if frame.state is not None:
            frame.state.store(node.name)
        self._visited(frame, node, base)
        self.run.releases.bound(frame, node, value)
        self.run.results.stored(frame, base, value)
        for thing in base.things:
            match thing:
                case Shared():
                    self._store_shared_attribute(frame, node, thing, base, value)
                case Instance() | Class():
                    self._store_on(frame, thing, node.name, value)
                case Function():
                    self.run.world.store(("function", thing.path, thing.span, node.name), value)
                case Module():
                    self.run.world.store(("global", thing.path, node.name), value)
                case Made():
                    self.run.world.store(("made", thing.site, node.name), value)
                case Unknown():
                    self.run.records.escape(frame, node, value)
        self.run.names.name_objects(node.name, value)

    def _store_shared_attribute(
        self, frame: Frame, node: e.Attribute, thing: Shared, base: Value, value: Value
    ) -> None:
        if thing.view == "numpy" or not self._is_cell(thing, node.name):
            self.run.records.use(frame, Touch.ESCAPE, node, node.value, base)
            return
        plain = thing.kind in _CELLS and node.name == "value" and not thing.path
        self.run.records.use(frame, Touch.STORE if plain else Touch.ELEMENT, node, node.value, base)
        self.run.records.write(frame, node, thing, _dotted(thing, node.name), value)

    def _store_on(self, frame: Frame, thing: Instance | Class, name: str, value: Value) -> None:
        definition = thing if isinstance(thing, Class) else thing.definition
        for part in self.run.definitions.lookup(definition, name).things:
            if isinstance(part, Descriptor) and part.kind == "property" and part.setter.things:
                self.run.calls.call_value(frame, part.setter, thing, value)
                return
        self.run.wrappers.bound(frame, thing, name, value)
        self.run.world.store(("attribute", thing, name), value)

    def store_item(self, frame: Frame, node: e.Subscript, value: Value) -> None:
        """`base[key] = value`."""
        base = self.run.expressions.evaluate(frame, node.value)
        key = self.run.expressions.evaluate(frame, node.key)
        self.run.wrappers.index(frame, node, base, key)
        self.run.results.stored(frame, base, value)
        for thing in base.things:
            match thing:
                case Shared() if thing.view == "numpy" and node.text in _WHOLE:
                    self.run.records.touch(frame, thing)
                case Shared():
                    self.run.records.use(frame, Touch.ELEMENT, node, node.value, base)
                    self.run.records.write(frame, node, thing, cell_of(node), value, key)
                case Container():
                    name = self.run.expressions.key(key)
                    self.run.world.store(("item", thing.site, name), value)
                    self.run.names.put_into(frame, node.value, value)
                case Unknown():
                    self.run.records.escape(frame, node, value)

    # Augmented assignments

    def augment(self, frame: Frame, node: s.Augment) -> None:
        """`target operator= value`."""
        target = node.target
        self.run.world.augmented.add(Location(frame.path, node.span))
        old = self.run.expressions.evaluate(frame, target)
        value = self.run.expressions.evaluate(frame, node.value)
        self.run.records.used_otherwise(frame, node.value, value)
        self.run.wrappers.augmented(frame, target, node.value, old, value)
        if isinstance(target, e.Name):
            self._augment_name(frame, target, old, value)
            return
        if old.of(Shared) and len(old.of(Shared)) == len(old.things):
            return  # it stays the object that it is, or raises
        new = Value(PLAIN.things, old.reads | value.reads)
        for thing in old.things:  # a list attribute that grows stays the list it is
            if isinstance(thing, Container):
                self.run.world.store(
                    ("item", thing.site, None), self.run.expressions.element(frame, value, None)
                )
                new = join((one(thing), Value(frozenset(), new.reads)))
        self.run.names.assign(frame, target, new)

    def _augment_name(self, frame: Frame, target: e.Name, old: Value, value: Value) -> None:
        kept = [thing for thing in old.things if isinstance(thing, (Shared, Container))]
        for container in old.of(Container):
            element = self.run.expressions.element(frame, value, None)
            self.run.world.store(("item", container.site, None), element)
        for thing in old.of(Shared):
            self.run.records.touch(frame, thing)
        result = Value(frozenset(kept) or PLAIN.things, old.reads | value.reads)
        self.run.names.store(frame, target.id, result)


def _dotted(thing: Shared, name: str) -> str:
    return f"{thing.path}.{name}" if thing.path else name
