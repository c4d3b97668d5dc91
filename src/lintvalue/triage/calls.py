"""What calls do with what they are given, as far as one file says."""

from __future__ import annotations

import _ast as a
import builtins
from typing import TYPE_CHECKING

from lintvalue.model.lean import replace
from lintvalue.model.library import is_library, is_package
from lintvalue.triage.reader import Reader, index_of
from lintvalue.triage.sketch import (
    FILLS,
    HANDING_ON,
    LAUNCHES,
    OF_LOCKS,
    SENDS,
    STAYING,
    WAITS,
    Call,
    Joint,
    Taking,
)
from lintvalue.triage.slots import (
    ANY_ITEM,
    AS_IT_IS,
    CALLED,
    FORK_CONTEXT,
    HEAPED,
    LIBRARY_ITSELF,
    NONE,
    NUMBERED,
    OUT_OF,
    SOME_ATTRIBUTE,
    WITHOUT_LOCK,
    literal,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintvalue.triage.slots import Slot, Slots

# Calls of these names give nothing of ours, and keep nothing.
_HARMLESS = frozenset(
    {
        "len", "int", "float", "complex", "str", "bool", "bytes", "isinstance", "issubclass", "range",
        "print", "repr", "format", "hash", "id", "abs", "round", "hasattr", "callable", "ord", "chr",
        "hex", "oct", "bin", "divmod", "pow",
    }
)  # fmt: skip
# Python's own functions that look at all of what they are given.
_LOOKING = frozenset(dir(builtins)) - {
    "len", "isinstance", "type", "id", "hash", "callable", "hasattr", "range", "getattr", "setattr",
    "super", "next", "enumerate", "zip", "map", "dict",
}  # fmt: skip
# They want numbers.
_COUNTING = frozenset(
    {
        "int", "float", "complex", "bool", "abs", "round", "divmod", "pow", "range", "chr", "hex",
        "oct", "bin", "max", "min", "sum", "sorted", "sleep",
    }
)  # fmt: skip
_COMPARING = frozenset({"max", "min", "sum", "sorted"})  # what is in what they are given, too
# They give what is as constant as what they are given, or another number for each turn of a loop.
_CONVERTING = frozenset({"int", "float", "bool", "range"})
# Methods that give what their object holds.
_LOOKUPS = frozenset({"get", "pop", "setdefault", "popleft", "popitem", "values", "items", "copy"})
# Methods of locks after which others may have had it.
_INTERRUPTING = frozenset({"release", "__exit__"}) | WAITS
# What gives shared memory without a lock of its own: ctypes' object, numpy's views.
_BARE = frozenset({"get_obj", "frombuffer", "asarray", "as_array", "ndarray"})
_STARTS = frozenset({"spawn", "start_processes", "fork"})
_LOCKED = frozenset({"Condition", "synchronized"})  # made with a lock that there is
_ENTERING = frozenset({"enter_context", "enter_async_context"})
_IMPORTS = frozenset({"import_module", "__import__"})


class Calls(Reader):
    """Reads calls."""

    def attribute(self, node: a.Attribute) -> Slots:
        """The value of an attribute that is called."""
        raise NotImplementedError

    def tuple_(self, node: a.Tuple | a.List) -> Slots:
        """The value of a tuple, or a list, that is written out."""
        raise NotImplementedError

    def call(self, node: a.Call) -> Slots:
        name, function, receiver = self._called(node)
        wanted = name in _COUNTING or _root(node.func) in self.math
        read = self.operand if wanted else self.read
        positional = tuple([self._argument(one, read) for one in node.args])
        keywords = tuple(
            [(one.arg or "", self._argument(one.value, self.read)) for one in node.keywords]
        )
        if name in _COMPARING and len(positional) == 1:
            self.sketch.numbers.append((self.move(positional[0], OUT_OF),))
        looked: Slots = NONE
        if name in _LOOKING and type(node.func) is a.Name:
            looked = tuple(
                self._look(argument, slots)
                for argument, slots in zip(node.args, positional, strict=True)
                if type(argument) is not a.Constant
            )
        if name in _HARMLESS and type(node.func) is a.Name and self.scope.leaves(node.func.id):
            self._ask_python(node.func.id, name)
            given = (*looked, *(slot for slots in positional for slot in slots))
            return (*self.computed(given), *(NUMBERED if name in _CONVERTING else NONE))
        slot = self.fresh()
        starred = enumerate(node.args)
        spread = tuple((at, self.read(one.value)) for at, one in starred if type(one) is a.Starred)
        who, bound = self.scope.function, self._bound(node.func)
        self._take_down(
            Call(who, name, function, positional, keywords, spread, receiver, slot, bound)
        )
        self._join(node, slot)
        self._look_at(node, name, function)
        extra = self._special(node, name, function, slot)
        self.plain.forget()
        if _asks_to_fork(node, name):
            return (slot, FORK_CONTEXT)
        # What is made by what: a context by the library, a Value by a name for it.
        made = self.move(function, CALLED)
        if name not in OF_LOCKS:
            self.sketch.makes.append((function, made))
        if name in _LOCKED:
            self.flow((one for slots in positional for one in slots), (made,))
        return (slot, made, *looked, *extra)

    def _ask_python(self, written: str, meant: str) -> None:
        """A function of Python's own runs no other code, as long as it is not another one of its name."""
        if written != meant:
            self.plain.forget()
        elif self.plain.names:
            self.scope.rely(frozenset({written}))

    def _take_down(self, call: Call) -> None:
        sketch = self.sketch
        sketch.calls.append(call)
        if call.name == "partial":
            given = tuple(slot for slots in call.positional for slot in slots)
            sketch.partials.append((call.result, given))
        if self.guards:
            sketch.guarded.append((call, self.sections()))
        if self.held:
            sketch.takings.append(Taking(self.held[-1], NONE, call))

    def _join(self, node: a.Call, result: Slot) -> None:
        """Take down a call of what was unpacked together with what it is given."""
        if not self.scope.unpacked:
            return
        spread = [one.value for one in node.args if type(one) is a.Starred]
        named = [one.value for one in node.keywords if one.arg is None]
        names = [one.id for one in (node.func, *spread, *named) if type(one) is a.Name]
        together = self.scope.together(names)
        whole = 1 + len(node.args) + len(node.keywords)
        if together is None or len(names) < whole or whole == 1 or len(spread) > 1:
            return
        slots, (function, *given) = together
        first, rest = tuple(given[: len(spread)]), tuple(given[len(spread) :])
        self.scope.joint.append(Joint(result, slots, function, first, rest, tuple(names)))

    def _look(self, node: a.expr, slots: Slots) -> Slot:
        """All of what is given is read."""
        self.access(self.sketch.reads, node, slots, ANY_ITEM)
        return self.loaded(slots)

    def _bound(self, function: a.expr) -> bool | None:
        match function:
            case a.Attribute(value=a.Name(id=name)):
                return None if self.is_defined(name) or name == "cls" else True
            case a.Attribute():
                return True
        return None

    def _argument(self, node: a.expr, read: Callable[[a.expr], Slots]) -> Slots:
        """A list that is written out is nobody else's: it is as good as a tuple."""
        return self.tuple_(node) if type(node) is a.List else read(node)

    def _called(self, node: a.Call) -> tuple[str, Slots, Slots]:
        """The last name of what is called, where it comes from, and where its object lies."""
        match node.func:
            case a.Attribute(value=value, attr="get_lock" | "acquire" | "get_obj" as attr):
                base = self.read(value)
                self.sketch.asked.append(base)
                if attr == "get_lock" and not node.args:
                    self._evident(value)
                return attr, (*base, self.got(node.func)), NONE
            case a.Attribute(value=value, attr=attr):
                function = self.attribute(node.func)
                if attr == "get":
                    self._look_up([*node.args, *(one.value for one in node.keywords)])
                keeps = attr in FILLS or attr in HANDING_ON
                return attr, function, self._receiver(value) if keeps else NONE
            case a.Name(id=name):
                return self.meant(name), (self.load(name),), NONE
            case a.Call(func=a.Name(id="type")):
                return "cls", self.read(node.func), NONE
        return "", self.read(node.func), NONE

    def _look_up(self, keys: list[a.expr]) -> None:
        """`d.get(key)` reads one key, `v.get()` the number."""
        cell = index_of(keys[0]) if keys else "value"
        self.sketch.reads[-1] = replace(self.sketch.reads[-1], cell=cell)

    def _receiver(self, node: a.expr) -> Slots:
        """Where the object of a method lies; a module or a class of this file keeps nothing."""
        if type(node) is a.Name and self.is_defined(node.id) and not self.is_imported(node.id):
            return NONE
        return self.storage(node)

    def _evident(self, value: a.expr) -> None:
        """A parameter that `get_lock()` is called on is shared."""
        match value:
            case a.Name(id=name) if name in self.scope.parameters:
                self.flow((literal("Value"),), self.storage(value))
                for slot in self.storage(value):
                    self.sketch.makes.append(((literal("Value"),), slot))

    def _at_once(self, node: a.expr, name: str, function: Slots) -> None:
        """What methods do to their object, once they have what they are given."""
        sketch, who = self.sketch, self.scope.function
        if name == "set":
            self.access(sketch.methods, node, function, "value")
        elif name == "__setattr__":
            self.access(sketch.writes, node, function)
        elif name in _INTERRUPTING:
            sketch.interrupts.append((self.read(node), who, self.sections()))
        if name == "release":
            sketch.releases.append((function, who))

    def _look_at(self, node: a.Call, name: str, function: Slots) -> None:
        sketch = self.sketch
        if type(node.func) is a.Attribute:
            self._at_once(node.func.value, name, function)
        if name in SENDS:
            sent = [one.value for one in node.keywords if one.arg not in STAYING]
            sketch.sent.extend((function, self.direct(one)) for one in (*node.args, *sent))
        if name in _STARTS or name.endswith(LAUNCHES):
            sketch.starts = True
        given = _may_give_lock(node)
        if given or (name == "synchronized" and len(node.args) > 1):
            sketch.locked.append(function)
        if name in _ENTERING:
            for one in node.args:
                self.take(self.read(one))
        if name == "acquire":
            self.take(function)
            sketch.leaky.append((function, self.scope.function))

    def _special(self, node: a.Call, name: str, function: Slots, slot: Slot) -> Slots:
        match name, node.args:
            case _ if name in _LOOKUPS and type(node.func) is a.Attribute:
                return self._looked_up(node.func.value, name, node.args[:1])
            case ("getattr" | "setattr", [target, named, *more]):
                return self._by_name(name, target, named, more)
            case ("getattr", [a.Starred(value=value)]):
                base, got = (self.move(self.read(value), OUT_OF),), self.fresh()
                self.meet(SOME_ATTRIBUTE, base)
                self.sketch.gets.append((base, SOME_ATTRIBUTE, got))
                return (got,)
            case (_, [a.Constant(value=str(text)), *_]) if name in _IMPORTS and is_library(text):
                return (LIBRARY_ITSELF,)
            case ("get_obj", _):
                return (WITHOUT_LOCK,)
            case _ if name in _BARE:
                self.sketch.bare.append(((slot,), slot))
        if _may_give_lock(node):
            given = tuple(slot for one in node.args[:1] for slot in self.read(one))
            self.sketch.bare.append(((*function, *given), slot))  # of a partial, too
        return NONE

    def _looked_up(self, mapping: a.expr, name: str, keys: list[a.expr]) -> Slots:
        """`d.get("key")` gives one item of a record; all else, whatever is in there."""
        base = self.read(mapping)
        match keys:
            case [a.Constant(value=str(key))]:
                found = self.pick(base, key)
            case _:
                found = self.move(base, OUT_OF | HEAPED | (AS_IT_IS if name == "copy" else 0))
        self.sketch.items.append((base, found))
        return (found, self.loaded(base))

    def _by_name(self, name: str, target: a.expr, named: a.expr, more: list[a.expr]) -> Slots:
        """`getattr(hits, "value")` and `setattr(hits, name, 1)`."""
        base = self.read(target)
        given = tuple(slot for one in more for slot in self.read(one))
        attr = _text(named)
        if name == "getattr":
            self.meet(attr or SOME_ATTRIBUTE, base)
            self.access(self.sketch.reads, target, base, attr)
            got = self.got(a.Attribute(value=target, attr=attr or SOME_ATTRIBUTE, ctx=a.Load()))
            package = (LIBRARY_ITSELF,) if is_package(attr) else self.maker(base, attr)
            return (got, self.loaded(base), *(base if attr else NONE), *package)
        self.access(self.sketch.writes, target, base, attr)
        self.sketch.stored.append((base, given))
        if attr:
            self.flow(given, (self.put(a.Attribute(value=target, attr=attr, ctx=a.Store())),))
        else:
            self.sketch.scattered.append(given)
        return NONE


def _asks_to_fork(node: a.Call, name: str) -> bool:
    if name != "get_context":
        return False
    given = (*node.args, *(one.value for one in node.keywords))
    return [_text(one) for one in given] == ["fork"]


def _may_give_lock(node: a.Call) -> bool:
    return any(one.arg in {"lock", None} for one in node.keywords)


def _root(node: a.expr) -> str:
    """The name in front of a chain of attributes."""
    while type(node) is a.Attribute:
        node = node.value
    return node.id if type(node) is a.Name else ""


def _text(node: a.expr) -> str:
    """The text that an expression is, if it is written out."""
    match node:
        case a.Constant(value=str(text)):
            return text
    return ""
