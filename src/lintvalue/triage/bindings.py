"""What gets a value: names, attributes and items."""

from __future__ import annotations

import _ast as a
from typing import TYPE_CHECKING

from lintvalue.triage.expressions import is_own_key
from lintvalue.triage.reader import index_of, spelled
from lintvalue.triage.sections import Sections
from lintvalue.triage.sketch import TEXTS
from lintvalue.triage.slots import (
    INTO,
    OUT_OF,
    OWN_ITEM,
    STORES,
    UNORDERED,
    last,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.triage.slots import Slot, Slots

_INITIAL = frozenset({"__init__", "__post_init__", "__new__", "__set_name__"})


class Bindings(Sections):
    """Reads assignments, and what else binds a target."""

    def assign(self, node: a.Assign) -> None:
        slots = self.read(node.value)
        if is_own_key(node.value):
            self.scope.own_keys.update(one.id for one in node.targets if type(one) is a.Name)
        for target in node.targets:
            self._bind_each(target, node.value, slots)
            self._alias(target, node.value)

    def _alias(self, target: a.expr, value: a.expr) -> None:
        """`run = pool.map`: what is known of a function by its name is so by another name."""
        match target, value:
            case a.Name(id=name), a.Attribute(attr="map"):
                self.scope.aliases[name] = "imap"  # a pool's, not Python's own
            case a.Name(id=name), a.Name(id=known) | a.Attribute(attr=known):
                self.scope.aliases[name] = self.meant(known)

    def _bind_each(self, target: a.expr, value: a.expr, slots: Slots) -> None:
        """`a, b = b, a` gives each its own."""
        match target, value:
            case a.Tuple(elts=targets), a.Tuple(elts=values) if len(targets) == len(values):
                if not any(isinstance(one, a.Starred) for one in (*targets, *values)):
                    for part, item in zip(targets, values, strict=True):
                        self.bind(part, self.read(item))
                    return
        self.bind(target, slots)

    def bind(self, target: a.expr, slots: Slots) -> None:
        match target:
            case a.Name(id=name):
                place = self._store(name)
                self.flow(slots, (place,))
                if self.class_scope or not self.scope.parent or name in self.scope.declared:
                    self.sketch.kept.append(slots)
                if name in self.scope.declared:
                    self._rebind(name, place, slots)
            case a.Attribute():
                self.sketch.kept.append(slots)
                self._set_attribute(target, slots)
            case a.Subscript(value=value, slice=index):
                self.sketch.kept.append(slots)
                self.read(index)
                base = self.read(value)
                self.access(self.sketch.writes, value, base, self._cell(index))
                self.sketch.stored.append((base, slots))
                self.flow((self._boxed(index, slots),), self.storage(value))
            case a.Tuple(elts=parts) | a.List(elts=parts):
                self._unpack(parts, slots)
            case a.Starred(value=value):
                self.bind(value, (self.move(slots, INTO),))

    def _rebind(self, name: str, place: Slot, slots: Slots) -> None:
        """An attribute or a global gets something else, if not in the place of what could not be made."""
        if not self._begins() and name != self.scope.unmade:
            self.sketch.rebound.append((place, slots))

    def _begins(self) -> bool:
        """Whether objects are made here, or modules and classes."""
        return self.scope.parent is None or last(self.scope.function) in _INITIAL

    def _cell(self, index: a.expr) -> str:
        """The cell that is written: no other process writes to one with a key of its own."""
        if type(index) is a.Name and index.id in self.scope.own_keys:
            self.scope.own_used.add(index.id)
            return OWN_ITEM
        return OWN_ITEM if is_own_key(index) else index_of(index)

    def _boxed(self, index: a.expr, slots: Slots) -> Slot:
        """What is put into a container, under a name if it is written out."""
        match index:
            case a.Constant(value=str(key)):
                return self.record({key: slots})
        return self.move(slots, INTO)

    def _unpack(self, parts: Sequence[a.expr], slots: Slots) -> None:
        mixed = any(type(one) is a.Starred for one in parts)
        if not mixed:
            names = {
                one.id: (slots, index) for index, one in enumerate(parts) if type(one) is a.Name
            }
            self.scope.unpacked.update(names)
        for index, part in enumerate(parts):
            self.bind(part, (self.move(slots, OUT_OF) if mixed else self.pick(slots, index),))

    def _store(self, name: str) -> Slot:
        self.plain.rebind(name)
        if self.class_scope is not None:
            self.class_scope.names.add(name)
            return self.class_scope.slot(name)
        return self.scope.assign(name)

    def _set_attribute(self, target: a.Attribute, slots: Slots) -> None:
        base = self.read(target.value)
        if target.attr in TEXTS:
            return
        self.meet(target.attr + STORES, base)
        self.access(self.sketch.writes, target.value, base, target.attr)
        self.plain.store(target.attr)
        put = self.put(target)
        self.sketch.stores.append((slots, target.attr, put))
        self._rebind(spelled(target), put, slots)
        if target.attr == "value":
            self.sketch.numbers.append(slots)
            return
        self.sketch.stored.append((base, slots))
        if self.of_self(target.value, target.attr) is None:
            storage = self.storage(target.value)
            self.sketch.held_by.append((storage, (put,)))
            self.flow((self.record({target.attr: slots}),), storage)
        self.stored.add(target.attr)
        match target.value:
            case a.Name(id=name) if name == "cls" or name in self.scope.module().defined:
                self.sketch.everywhere.append((put,))

    def aug_assign(self, node: a.AugAssign) -> None:
        slots = self.read(node.value)
        self.sketch.numbers.append(self.direct(node.target))
        match node.target:
            case a.Attribute(value=value, attr=attr) as target:
                base = self.read(value)
                self.meet(attr, base)
                self.meet(attr + STORES, base)
                self.access(self.sketch.updates, value, base, attr)
                self.plain.store(attr)
                self.flow(slots, (self.put(target),))
            case a.Subscript(value=value, slice=index):
                self.read(index)
                self.access(self.sketch.updates, value, self.read(value), index_of(index))
                self.flow((self.move(slots, INTO),), self.storage(value))
            case a.Name(id=name):
                self.flow((self.move(slots, UNORDERED),), (self._store(name),))

    def ann_assign(self, node: a.AnnAssign) -> None:
        self.bind(node.target, (*self.annotation(node.annotation), *self.read(node.value)))
