"""Where the value of an expression may come from."""

from __future__ import annotations

import _ast as a
from typing import TYPE_CHECKING

from lintvalue.model.library import is_package
from lintvalue.triage.calls import Calls
from lintvalue.triage.reader import index_of, outlasting
from lintvalue.triage.sketch import FILLS, OBJECTS, OF_LOCKS, SENDS, TEXTS, WAITS, Function
from lintvalue.triage.slots import (
    ANY_ITEM,
    HEAPED,
    INTO,
    LIBRARY_ITSELF,
    MAKERS,
    NONE,
    NUMBER,
    NUMBERED,
    OUT_OF,
    UNORDERED,
    numbered,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.triage.scope import Scope
    from lintvalue.triage.sketch import Sketch
    from lintvalue.triage.slots import Key, Slot, Slots

_NUMBERS = frozenset({"value", "raw"})  # attributes that are numbers, not what is shared
_ACQUIRING = frozenset({"acquire", "__enter__"})
_LONGEST = 60  # of texts that may be names
_NUMERIC = frozenset({int, float, bool})
_WRAPPED = frozenset({"__func__", "__wrapped__", "__self__", "__call__"})
# Methods of a manager's objects that read more than the attribute of their name would be.
_METHODS = {
    "get": "",
    **dict.fromkeys(("items", "values", "keys", "copy", "count", "tolist"), ANY_ITEM),
}
_METHODS |= dict.fromkeys(("index", "__len__"), ANY_ITEM)
_OWN_KEYS = frozenset({"getpid", "get_ident", "get_native_id", "uuid4"})
_VIEWS = frozenset({"reshape", "view", "ravel", "transpose"})  # of arrays: they read nothing
_IDENTITY = frozenset({a.Is, a.IsNot, a.In, a.NotIn})


class Expressions(Calls):
    """Reads all expressions."""

    def __init__(self, sketch: Sketch, scope: Scope, numbers: Iterator[int]) -> None:
        super().__init__(sketch, scope, numbers)
        self.readers |= {
            a.Attribute: self._named_attribute,
            a.Subscript: self._subscript,
            a.Call: self.call,
            a.Constant: self._constant,
            a.Lambda: self._lambda,
            a.BoolOp: self._bool_op,
            a.BinOp: self._bin_op,
            a.UnaryOp: self._unary_op,
            a.Compare: self._compare,
            a.IfExp: self._if_exp,
            a.Dict: self._dict,
            a.Tuple: self.tuple_,
            a.List: self._display,
            a.Set: self._display,
            a.Starred: self._starred,
            a.NamedExpr: self._named_expr,
            a.Await: self._await,
            a.Yield: self._yield,
            a.YieldFrom: self._yield,
            a.JoinedStr: self._string,
            a.comprehension: self._comprehension,
            a.ListComp: self._list_comp,
            a.SetComp: self._list_comp,
            a.GeneratorExp: self._list_comp,
            a.DictComp: self._dict_comp,
        }

    def _constant(self, node: a.Constant) -> Slots:
        if isinstance(node.value, str) and len(node.value) <= _LONGEST:
            self.sketch.texts.add(node.value)
        return NUMBERED if type(node.value) in _NUMERIC else NONE

    def _named_attribute(self, node: a.Attribute) -> Slots:
        self.note(node.attr)
        if node.attr in FILLS:
            return (self.filler(node), *self.attribute(node))
        if node.attr in SENDS:
            self.sketch.sends.append(method := self.fresh())
            return (method, *self.attribute(node))
        if node.attr not in OF_LOCKS and node.attr not in WAITS:
            return self.attribute(node)
        if node.attr == "get_lock":
            self.sketch.doubt = True  # it is not called: its calls are read elsewhere
        method = self.fresh()
        methods = self.sketch.takes if node.attr in _ACQUIRING else self.sketch.frees
        methods.append((self.read(node.value), method))
        return (method, *self.attribute(node))

    def filler(self, node: a.Attribute) -> Slot:
        """`add = names.append`: a function that puts what it gets into what it is a method of."""
        number = next(self.numbers)
        name, given = numbered(node.attr, number), ("first", "second")
        slot = self.fresh()
        function = Function(name, number, given, (), "", "", "", decorated=False, end=slot[0])
        self.sketch.functions.append(function)
        self.sketch.names.append((slot, name))
        slots = tuple((number, one) for one in given)
        for place in self.storage(node.value):
            self.sketch.moves.append((slots, place, UNORDERED | INTO))
        return slot

    def attribute(self, node: a.Attribute) -> Slots:
        base = self.read(node.value)
        attr = node.attr
        if attr in OF_LOCKS:
            return (*base, self.got(node))  # others may have one of that name, too
        if attr in _WRAPPED:
            return base
        if attr in TEXTS:
            return NONE
        self.meet(attr, base)
        if attr not in _VIEWS:
            self.access(self.sketch.reads, node.value, base, _METHODS.get(attr, attr))
        got = self.got(node)
        if attr in MAKERS:
            return (*self.maker(base, attr), got, self._part(base))
        if _is_self(node.value):
            return (got,)
        if attr in _NUMBERS:
            return (got, self.loaded(base))
        if is_package(attr):
            return (LIBRARY_ITSELF, got)
        return (got, self._part(base))

    def _part(self, base: Slots) -> Slot:
        """What belongs to something shared, or to the library, may be, too."""
        slot = self.fresh()
        self.sketch.derived.append((base, slot))
        return slot

    def _subscript(self, node: a.Subscript) -> Slots:
        base = self.read(node.value)
        self.access(self.sketch.reads, node.value, base, index_of(node.slice))
        key = self.operand(node.slice)
        match node.slice:
            case a.Constant(value=str(text)):
                item = self.pick(base, text)
                named = LIBRARY_ITSELF if is_package(text) else self._keyed(node.value, text, item)
            case a.Constant(value=int(index)) if index >= 0:
                item = named = self.pick(base, index)
            case a.Slice():
                item = named = self.move(base, OUT_OF | HEAPED)
            case _:
                item = named = self.move(base, OUT_OF)
        self.sketch.items.append((base, item))
        return (item, named, *self.computed(key))

    def _keyed(self, mapping: a.expr, key: str, item: Slot) -> Slot:
        """Where the value of a key lies; `vars(x)` and `x.__dict__` have attributes."""
        plain = type(mapping) is a.Name or type(mapping) is a.Attribute
        if plain and getattr(mapping, "attr", "") != "__dict__":
            return item
        slot = self.fresh()
        self.sketch.gets.append((NONE, key, slot))
        return slot

    def _string(self, node: a.JoinedStr) -> Slots:
        return self.computed(self.parts(node))

    def _bool_op(self, node: a.BoolOp) -> Slots:
        return tuple(slot for one in node.values for slot in self.operand(one))

    def _bin_op(self, node: a.BinOp) -> Slots:
        both = (*self.operand(node.left), *self.operand(node.right))
        return (self.move(tuple(slot for slot in both if slot != NUMBER), UNORDERED),)

    def _unary_op(self, node: a.UnaryOp) -> Slots:
        slots = self.operand(node.operand)
        return slots if slots == NUMBERED else self.computed(slots)

    def _compare(self, node: a.Compare) -> Slots:
        plain = not any(type(one) in _IDENTITY for one in node.ops)
        key = index_of(node.left)
        found: list[Slot] = []
        for one in (node.left, *node.comparators):
            slots = self.operand(one) if plain else self.read(one)
            found.extend(slots)
            if not plain:
                self.access(self.sketch.reads, one, slots, key)
                found.append(self.loaded(slots))
        return self.computed(tuple(found))

    def _if_exp(self, node: a.IfExp) -> Slots:
        test = self.operand(node.test)
        return (*self.read(node.body), *self.read(node.orelse), *self.computed(test))

    def _dict(self, node: a.Dict) -> Slots:
        found: list[Slot] = []
        known: dict[Key, Slots] = {}
        merged: Slots = NONE
        for key, value in zip(node.keys, node.values, strict=True):
            slots = self.read(value)
            match key:
                case a.Constant(value=str(text)):
                    self.flow(slots, (text,))
                    known[text] = (*known.get(text, NONE), *slots)
                case None:  # **mapping
                    merged += slots
                case _:
                    found.extend((*slots, *self.read(key)))
        return (self.record(known), *merged, self.move(tuple(found), INTO))

    def tuple_(self, node: a.Tuple | a.List) -> Slots:
        if any(type(one) is a.Starred for one in node.elts):
            return self._display(node)
        return (self.record({index: self.read(one) for index, one in enumerate(node.elts)}),)

    def _display(self, node: a.Tuple | a.List | a.Set) -> Slots:
        return (self.move(self.parts(node), INTO),)

    def _starred(self, node: a.Starred) -> Slots:
        return (self.move(self.read(node.value), OUT_OF),)

    def _named_expr(self, node: a.NamedExpr) -> Slots:
        self.named += 1
        since = len(self.sketch.reads)
        slots = self.read(node.value)
        if self.scope.declared.get(node.target.id):
            self.sketch.rebound.append((self.scope.slot(node.target.id), slots))
        if any(guard.depth for guard in self.guards):
            self.since(since, outlasting)
        self.flow(slots, (self.scope.assign(node.target.id),))
        self.plain.rebind(node.target.id)
        return slots

    def _await(self, node: a.Await) -> Slots:
        slots = self.read(node.value)
        self.plain.forget()
        return slots

    def _yield(self, node: a.Yield | a.YieldFrom) -> Slots:
        function = self.scope.function
        self.sketch.returning.add(function)
        slots = self.read(node.value)
        self.plain.forget()
        inner = (self.move(slots, INTO),) if type(node) is a.Yield else slots
        self.flow(inner, (result(function),))
        return (result(function),)

    def _lambda(self, node: a.Lambda) -> Slots:
        name = f"<lambda {next(self.numbers)}>"
        body = self.inside(name, node.args, "", lambda: self.read(node.body))
        self.sketch.returning.add(name)
        self.flow(body, (result(name),))
        self.sketch.names.append((name, name))
        return (name, *body)

    def _list_comp(self, node: a.ListComp | a.SetComp | a.GeneratorExp) -> Slots:
        return self._comprehended(node.generators, node.elt)

    def _dict_comp(self, node: a.DictComp) -> Slots:
        return self._comprehended(node.generators, node.key, node.value)

    def _comprehended(self, generators: Sequence[a.comprehension], *parts: a.expr) -> Slots:
        """A container of some parts. The names in it are none of the function's around it."""
        self.plain.forget()
        outer, start = self.scope.meanings(), next(self.numbers)
        for one in generators:
            self._comprehension(one)
        slots = tuple(slot for one in parts for slot in self.read(one))
        self.turns(start)
        self.scope.restore(outer)
        return (self.move(slots, INTO),)

    def _comprehension(self, node: a.comprehension) -> Slots:
        self.bind(node.target, self.each(node.iter))
        for one in node.ifs:
            self.operand(one)
        return NONE


def is_own_key(node: a.expr) -> bool:
    """Whether something is what no other process has: its number, or that of a thread."""
    match node:
        case a.Call(func=a.Attribute(attr=name) | a.Name(id=name)):
            return name in _OWN_KEYS
    return False


def _is_self(node: a.expr) -> bool:
    return type(node) is a.Name and node.id in OBJECTS
