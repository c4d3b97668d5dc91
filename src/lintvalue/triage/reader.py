"""Where things lie and what is taken down of them, while one file is read."""

from __future__ import annotations

import _ast as a
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, replace
from lintvalue.triage.plain import Plain
from lintvalue.triage.sketch import LAUNCHES, OBJECTS, Access, Taking
from lintvalue.triage.slots import (
    COMPUTED,
    GETATTR,
    MAKERS,
    NONE,
    NUMBER,
    OUT_OF,
    PICKED,
    UNSHARED,
    member,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lintvalue.triage.scope import ClassScope, Scope
    from lintvalue.triage.sketch import Sketch
    from lintvalue.triage.slots import Key, Slot, Slots

_PLACES = frozenset({a.Name, a.Attribute})
_GIVEN = frozenset({a.Call, a.Subscript, a.NamedExpr, a.IfExp, a.BoolOp, a.Await, a.Starred})


@dataclass(slots=True)
class Guard:
    """A critical section of an object's own lock; `depth` is that of its block, or 0 outside of loops."""

    name: str
    section: int
    depth: int
    written: bool = False


class Reader:
    """Reads one file into its sketch. What each kind of node means is told by those that inherit."""

    def __init__(self, sketch: Sketch, scope: Scope, numbers: Iterator[int]) -> None:
        self.sketch = sketch
        self.scope = scope
        self.numbers = numbers
        self.class_scope: ClassScope | None = None
        self.guards: list[Guard] = []  # objects whose own lock is held
        self.decided: set[tuple[str, str, int]] = set()  # names, cells and sections of tests around
        self.held: list[Slots] = []  # locks that are held
        self.plain = Plain()
        self.math = {"math"}  # what it is called, and what is imported from it
        self.named = 0  # how many `:=` there were
        self._known: dict[a.expr, Slots] = {}  # what stands once is taken down once
        self._got: dict[a.expr, Slot] = {}
        self._put: dict[a.expr, Slot] = {}
        self.readers: dict[type, Callable[..., Slots]] = {}

    def read(self, node: a.expr | None) -> Slots:
        """The slots that a value may come from."""
        if node is None:
            return NONE
        if type(node) is a.Name:
            self.note(node.id)
            slots: Slots = (self.load(node.id),)
            if node.id == "getattr":
                slots = (*slots, GETATTR)
            return self._unshared(node, slots) if node.id in self.plain.names else slots
        known = self._known.get(node)
        if known is None:
            reader = self.readers.get(type(node), self.parts)
            known = self._known[node] = reader(node)
        asked = type(node) is a.Attribute and self.plain.names
        return self._unshared(node, known) if asked else known

    def _unshared(self, node: a.expr, slots: Slots) -> Slots:
        """What a name or an attribute may hold, if a test has shown that it is nothing shared."""
        if type(node) not in _PLACES or spelled(node) not in self.plain.names:
            return slots
        self.sketch.crossed |= self.plain.met
        return (self.move(slots, UNSHARED),)

    def parts(self, node: a.AST) -> Slots:
        """All that is in a node, one as good as the other."""
        found: list[Slot] = []
        for value in node.__dict__.values():
            for one in value if type(value) is list else (value,):
                if isinstance(one, a.AST):
                    found.extend(self.read(one))  # type: ignore[arg-type]
        return tuple(found)

    def let_go(self) -> None:
        """Once all is read: give back what holds the tree, and itself, until garbage is collected."""
        vars(self).clear()

    def fresh(self) -> tuple[int, str]:
        return next(self.numbers), ""

    def flow(self, sources: Iterable[Slot], targets: Iterable[Slot]) -> None:
        targets = tuple(targets)
        self.sketch.flows.extend((source, target) for source in sources for target in targets)

    def pick(self, sources: Slots, key: Key) -> Slot:
        """Where an item of what sources hold gets to."""
        slot = self.move(sources, PICKED)
        self.sketch.picks.append((sources, key, slot))
        return slot

    def record(self, items: dict[Key, Slots]) -> Slot:
        """A record of which it is known what is where."""
        slot = self.fresh()
        self.sketch.records.append((slot, f"#{slot[0]}", items))
        return slot

    def move(self, sources: Slots, ways: int) -> Slot:
        """Where what sources hold gets to, into a container or out of one."""
        slot = self.fresh()
        self.sketch.moves.append((sources, slot, ways))
        return slot

    def computed(self, sources: Slots) -> Slots:
        """What is computed from these: nothing that is known, but that it was read."""
        known = tuple(slot for slot in sources if slot != NUMBER)
        return (self.move(known, COMPUTED),) if known else NONE

    def maker(self, base: Slots, name: str) -> Slots:
        """What the library, a context or a manager has under a name that makes something."""
        if name not in MAKERS:
            return NONE
        slot = self.fresh()
        self.sketch.made.append((base, name, slot))
        return (slot,)

    def loaded(self, base: Slots) -> Slot:
        """What is read of something, if that is shared."""
        slot = self.fresh()
        self.sketch.loads.append((base, slot))
        return slot

    def load(self, name: str) -> Slot:
        if self.class_scope is not None and name in self.class_scope.names:
            return self.class_scope.slot(name)
        return self.scope.slot(name)

    def of_self(self, node: a.expr, attr: str) -> Slot | None:
        """The slot of `self.attr`, if a node is self, or super()."""
        match node:
            case a.Name(id=name) if name in OBJECTS and self.scope.owner:
                return self.member(attr)
            case a.Call(func=a.Name(id="super")) if self.scope.owner:
                return self.member(attr)
        return None

    def member(self, attr: str) -> Slot:
        """An attribute of the class whose self can be seen."""
        self.sketch.members.add((self.scope.owner, attr))
        return member(self.scope.owner, attr)

    def got(self, node: a.Attribute) -> Slot:
        """Where the value of an attribute comes from."""
        slot = self.of_self(node.value, node.attr) or self._got.get(node)
        if slot is None:
            slot = self._got[node] = self.fresh()
            self.sketch.gets.append((self.read(node.value), node.attr, slot))
        return slot

    def put(self, node: a.Attribute) -> Slot:
        """Where that is put which becomes an attribute."""
        slot = self.of_self(node.value, node.attr) or self._put.get(node)
        if slot is None:
            slot = self._put[node] = self.fresh()
            self.sketch.puts.append((self.read(node.value), node.attr, slot))
        return slot

    def storage(self, node: a.expr) -> Slots:
        """Where something lies that another thing is put into."""
        match node:
            case a.Name(id=name):
                if self.class_scope is not None and name in self.class_scope.names:
                    return (self.class_scope.slot(name),)
                return (self.scope.change(name),)
            case a.Attribute():
                return (self.put(node),)
            case a.Subscript(value=value) | a.Starred(value=value):
                return self.storage(value)
            case a.Call():
                return self.read(node)
        return NONE

    def direct(self, node: a.expr) -> Slots:
        """Where the value of a name or an attribute comes from, not what it may be a part of."""
        match node:
            case a.Name(id=name):
                return self._unshared(node, (self.load(name),))
            case a.Attribute():
                return self._unshared(node, (self.got(node),))
            case a.Tuple(elts=parts) | a.List(elts=parts):
                return tuple(slot for part in parts for slot in self.direct(part))
            case a.Constant():
                return NONE
        return self.read(node)

    def access(self, kind: list[Access], node: a.expr, slots: Slots, cell: str = "") -> None:
        """Take down that something of what `node` is, is read or written."""
        guard = self._guard_of(spelled(node)) if self.guards else None
        name, section = (guard.name, guard.section) if guard else ("", 0)
        tested = kind is not self.sketch.reads and (name, cell, section) in self.decided
        at = next(self.numbers)
        kind.append(Access(slots, self.scope.function, at, section, name, cell, tested=tested))
        if guard is not None and kind is not self.sketch.reads:
            guard.written = True

    def _guard_of(self, name: str) -> Guard | None:
        return next((guard for guard in self.guards if guard.name == name), None)

    def turns(self, start: int) -> None:
        """A loop that began at a number ends here."""
        self.sketch.loops.append((start, next(self.numbers)))

    def sections(self) -> tuple[int, ...]:
        return tuple(guard.section for guard in self.guards)

    def since(self, start: int, change: Callable[[Access], Access]) -> None:
        """Take down more of all that was read since then."""
        reads = self.sketch.reads
        reads[start:] = map(change, reads[start:])

    def operand(self, node: a.expr) -> Slots:
        """Read what is used as a number or an answer."""
        slots = self.read(node)
        if type(node) in _PLACES:
            self.sketch.numbers.append(self.direct(node))
        elif type(node) in _GIVEN:
            self.sketch.numbers.append(slots)
        return slots

    def inside(
        self, name: str, arguments: a.arguments, owner: str, read: Callable[[], Slots]
    ) -> Slots:
        """Read what is in a function, which does not run where it stands."""
        raise NotImplementedError

    def each(self, node: a.expr) -> Slots:
        """What iterating over a value gives."""
        slots = self.read(node)
        return (self.move(slots, OUT_OF),)

    def bind(self, target: a.expr, slots: Slots) -> None:
        """A target gets a value."""
        raise NotImplementedError

    def meet(self, attribute: str, base: Slots) -> None:
        """An attribute is read, or stored into: if it is a property, that is a call."""
        self.sketch.attributes.add((self.scope.function, attribute, base))
        self.plain.meet(attribute)
        if self.held:
            self.sketch.takings.append(Taking(self.held[-1], NONE, attribute))

    def take(self, lock: Slots) -> None:
        """A lock is taken; it is held until whoever reads the block drops it."""
        if self.held:
            self.sketch.takings.append(Taking(self.held[-1], lock))
        self.sketch.takers.append((lock, self.scope.function))
        self.held.append(lock)

    def note(self, name: str) -> None:
        """Take down that a name is read; some are those of what starts processes."""
        named = self.sketch.named
        if name not in named:
            named.add(name)
            self.sketch.starts |= name.endswith(LAUNCHES)

    def meant(self, name: str) -> str:
        """What a name is called where it was imported, or assigned, from."""
        for scope in (self.scope, self.scope.module()):
            known = scope.imported.get(name) or scope.aliases.get(name)
            if known:
                return known
        return name

    def is_imported(self, name: str) -> bool:
        """Whether a name comes out of a module, so that it may be of anything."""
        return name in self.scope.imported or name in self.scope.module().imported

    def is_defined(self, name: str) -> bool:
        return name in self.scope.defined or name in self.scope.module().defined


def tested(access: Access) -> Access:
    return replace(access, tested=True)


def over(access: Access) -> Access:
    return replace(access, over=True)


def outlasting(access: Access) -> Access:
    """What was read in one turn of a loop may be used in the critical section of another one."""
    return replace(access, section=0)


def spelled(node: a.expr) -> str:
    """A name or a chain of attributes as it is written; "" for all else."""
    match node:
        case a.Name(id=name):
            return name
        case a.Attribute(value=value, attr=attr):
            base = spelled(value)
            return f"{base}.{attr}" if base else ""
    return ""


def index_of(node: a.expr) -> str:
    """The cell of an index, as far as it is simple: `[key]`."""
    match node:
        case a.Constant(value=value):
            return f"[{value!r}]"
    return f"[{spelled(node) or '*'}]"
