"""What the statements of one file do, read into its sketch."""

from __future__ import annotations

import _ast as a
from typing import TYPE_CHECKING

from lintvalue.triage.asked import leaves, relied, shown
from lintvalue.triage.definitions import walk
from lintvalue.triage.expressions import is_own_key
from lintvalue.triage.instead import librarys, tried
from lintvalue.triage.reader import index_of, outlasting, over, spelled, tested
from lintvalue.triage.scope import Scope
from lintvalue.triage.sections import Sections, gives_back, releases
from lintvalue.triage.sketch import TEXTS, Sketch
from lintvalue.triage.slots import (
    AS_IT_IS,
    INTO,
    OUT_OF,
    OWN_ITEM,
    STORES,
    UNORDERED,
    last,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lintvalue.triage.definitions import Own
    from lintvalue.triage.slots import Slot, Slots


_INITIAL = frozenset({"__init__", "__post_init__", "__new__", "__set_name__"})


def sketch(
    body: Sequence[a.stmt],
    name: str,
    numbers: Iterator[int],
    own: Own,
    left: Iterable[str] = (),
    *,
    trusting: bool = True,
) -> Sketch:
    """All of a file but for definitions of the names that are `left`.

    `name` stands for what runs as it is imported. `own` tells which file of the project is meant by the name
    of a module, with its leading dots. `trusting`: what tests show is believed.
    """
    scope = Scope(next(numbers), name)
    made = Sketch(scope.number)
    reader = Statements(made, scope, numbers, own)
    reader.trusting = trusting
    made.left.extend(map(scope.define, left))
    reader.block(body)
    made.flows.extend(scope.flows())
    made.doubt |= scope.binds_left()
    made.everywhere.extend(((scope.number, one),) for one in scope.assigned)
    made.deceived |= scope.renames()
    reader.let_go()
    return made


class Statements(Sections):
    """Reads all statements."""

    def __init__(self, made: Sketch, scope: Scope, numbers: Iterator[int], own: Own) -> None:
        super().__init__(made, scope, numbers, own)
        self._doers: dict[type, Callable[..., None]] = {
            a.Assign: self._assign,
            a.AugAssign: self._aug_assign,
            a.AnnAssign: self._ann_assign,
            a.For: self._for,
            a.AsyncFor: self._for,
            a.While: self._while,
            a.If: self._branch,
            a.Assert: self._assert,
            a.Raise: self._raise,
            a.With: self.with_,
            a.AsyncWith: self.with_,
            a.FunctionDef: self.function,
            a.AsyncFunctionDef: self.function,
            a.ClassDef: self.class_,
            a.Return: self._return,
            a.Expr: self._expression,
            a.Delete: self._delete,
            a.Try: self._try,
            a.Import: self._import,
            a.ImportFrom: self._import,
            a.Global: self.global_,
            a.Nonlocal: self.nonlocal_,
            a.Match: self._match,
        }

    def block(self, statements: Sequence[a.stmt]) -> None:
        previous: a.stmt | None = None
        self.depth += 1
        for node in statements:
            if previous is not None and releases(node, previous):
                self.sketch.leaky.pop()
            since = len(self.sketch.reads)
            self._doers.get(type(node), self._other)(node)
            if type(node) is a.Try and node.finalbody and previous is not None:
                self.ends(previous, node.finalbody)
            if self.guards and self.outlasts(node):
                self.since(since, outlasting)
            previous = node
        self.depth -= 1

    def _expression(self, node: a.Expr) -> None:
        self.read(node.value)

    def _other(self, node: a.AST) -> None:
        """A statement of no special meaning: its expressions and blocks."""
        for value in node.__dict__.values():
            if type(value) is list and value and isinstance(value[0], a.stmt):
                self.block_apart(value)
            else:
                for one in value if type(value) is list else (value,):
                    if isinstance(one, a.expr):
                        self.read(one)
                    elif isinstance(one, a.AST):
                        self._other(one)

    # Bindings

    def _assign(self, node: a.Assign) -> None:
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

    def _aug_assign(self, node: a.AugAssign) -> None:
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

    def _ann_assign(self, node: a.AnnAssign) -> None:
        self.bind(node.target, (*self.annotation(node.annotation), *self.read(node.value)))

    # Flow of control

    def _for(self, node: a.For | a.AsyncFor) -> None:
        self.bind(node.target, self.each(node.iter))
        start = next(self.numbers)
        self.loops += 1
        self.block_apart(node.body)
        self.loops -= 1
        self.turns(start)
        self.block_apart(node.orelse)

    def _while(self, node: a.While) -> None:
        self.sketch.returning.add(self.scope.function)
        start = next(self.numbers)
        self.loops += 1
        self.plain.forget()
        self._branch(node)
        self.plain.forget()
        self.loops -= 1
        self.turns(start)

    def _branch(self, node: a.If | a.While) -> None:
        """What all of a test that came out one way has read decides what it leads to."""
        since, named = len(self.sketch.reads), self.named
        self.operand(node.test)
        if node.body and gives_back(node.test, node.body[0]):
            self.sketch.leaky.pop()
        alone = named == self.named
        if alone:
            self.since(since, tested)
        looked = {(x.name, x.cell, x.section) for x in self.sketch.reads[since:] if x.section}
        if alone and _only_leaves(node):
            self._leave(node.body[0], since)
        self._ways(node, looked)

    def _ways(self, node: a.If | a.While, looked: set[tuple[str, str, int]]) -> None:
        """The blocks of a test; what is decided, held and known in one is not so in the other."""
        plain = self.plain.names
        ends: list[frozenset[str]] = []
        for block, unsure in ((node.body, a.Or), (node.orelse, a.And)):
            before, held, self.plain.names = self.decided, len(self.held), plain
            if not _is(node.test, unsure):
                self.decided = before | looked
            self._learn(node.test, outcome=unsure is a.Or)
            self.block(block)
            self.decided = before
            if block and isinstance(block[-1], (a.Return, a.Raise)):
                del self.held[held:]  # what is taken there is not held behind it
            if not leaves(block):
                ends.append(self.plain.names)
        self.plain.join(ends)

    def _learn(self, test: a.expr, *, outcome: bool) -> None:
        """What a test shows where it comes out like that."""
        names = shown(test, outcome=outcome)
        believed = self.trusting and self.class_scope is None and not self.scope.module().star
        if names and believed:
            self.plain.learn(names)
            self.scope.rely(relied(test))

    def _leave(self, how: a.stmt, since: int) -> None:
        """Behind `if a and b: return`, b may never have been looked at, so that it decides nothing."""
        swallowed = any(who == self.scope.function for who, _ in self.sketch.entering)
        if isinstance(how, a.Return):
            self.since(since, over)
        elif isinstance(how, a.Continue) or not swallowed:
            del self.sketch.reads[since:]

    def _assert(self, node: a.Assert) -> None:
        self.sketch.returning.add(self.scope.function)
        self.operand(node.test)
        self.read(node.msg)
        self._learn(node.test, outcome=True)

    def _raise(self, node: a.Raise) -> None:
        self.sketch.returning.add(self.scope.function)
        self.read(node.exc)
        self.read(node.cause)

    def _try(self, node: a.Try) -> None:
        self.block_apart(node.body)
        name, by = tried(node.body, self.scope.module().library)
        for handler in node.handlers:
            self.read(handler.type)
            unmade = self.scope.unmade
            if self.trusting and name and name.partition(".")[0] != handler.name:
                self.scope.unmade = name
                self.scope.rely_in_functions(by)
            self.block_apart(handler.body)
            self.scope.unmade = unmade
        self.block_apart(node.orelse)
        self.block_apart(node.finalbody)

    def _import(self, node: a.Import | a.ImportFrom) -> None:
        if isinstance(node, a.Import):
            self.import_(node)
        else:
            self.import_from(node)
        if self.depth == 1 and self.class_scope is None:
            self.scope.library.update(librarys(node, self._own_file))

    def _match(self, node: a.Match) -> None:
        self.sketch.returning.add(self.scope.function)
        subject = self.operand(node.subject)
        slots = (self.move(subject, AS_IT_IS | OUT_OF),)
        for case in node.cases:
            for one in walk(case.pattern):
                name = getattr(one, "name", None) or getattr(one, "rest", None)
                if isinstance(name, str):
                    self.flow(slots, (self._store(name),))
                elif isinstance(one, a.expr):
                    self.read(one)
            self.read(case.guard)
            self.block_apart(case.body)

    def _return(self, node: a.Return) -> None:
        function = self.scope.function
        self.sketch.returning.add(function)
        self.flow(self.read(node.value), (result(function),))

    def _delete(self, node: a.Delete) -> None:
        self.plain.forget()
        for target in node.targets:
            match target:
                case a.Attribute(value=value) | a.Subscript(value=value):
                    self.read(value)


def _is(test: a.expr, operator: type[a.boolop]) -> bool:
    return isinstance(test, a.BoolOp) and isinstance(test.op, operator)


def _only_leaves(node: a.If | a.While) -> bool:
    """`if a and b: raise …`, or any other way out by which nothing more is done."""
    match node:
        case a.If(body=[a.Raise() | a.Continue()], orelse=[]):
            return _is(node.test, a.And)
        case a.If(body=[a.Return(value=None | a.Constant() | a.Name())], orelse=[]):
            return _is(node.test, a.And)
    return False
