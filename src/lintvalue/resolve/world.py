"""All that outlives one activation: the heap, what was made, what was seen to happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field
from lintvalue.resolve.values import (
    NOTHING,
    Attempt,
    Class,
    Const,
    Container,
    Function,
    Instance,
    Lock,
    Made,
    Shared,
    Site,
    Thing,
    Value,
    join,
    shallow,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.modules import Modules
    from lintvalue.model.project import Fault, Form, Kind, Touch
    from lintvalue.model.span import Location, Span
    from lintvalue.model.statements import Class as ClassNode
    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.resolve.state import Context, Frame, Freed

_CHARGED = (Shared, Lock, Attempt)
_CHARGEABLE = (Instance, Class, Container)
_MATTERING = frozenset({"process", "pool", "manager", "exit stack"})
_KINDS = ("list", "dict", "set", "enumerate", "zip")

Loops = tuple["Location", ...]


@dataclass(slots=True)
class SharedInfo:
    """What is known of one allocation site of shared memory."""

    kind: Kind
    lock: frozenset[Lock]  # what get_lock() may return; empty: it has none
    loops: Loops
    root: int  # the root during which it was made
    typecode: str | None = None
    structure: bool = False  # its cells have fields
    name: str = ""
    maker: Span | None = None
    by_annotation: bool = False
    context: Context | None = None
    in_module: bool = False  # made by a module's or a class's own body
    statement: Location | None = None  # that makes it


@dataclass(slots=True)
class LockInfo:
    """What is known of one allocation site of a lock."""

    shared: bool
    reentrant: bool
    loops: Loops
    context: Context
    excludes: bool = True  # a semaphore of more than one excludes nobody
    thread: bool = False
    name: str = ""
    statement: Location | None = None  # that makes it


@dataclass(slots=True)
class Launch:
    """A process, thread or pool, and what it runs."""

    site: Site
    target: Value
    positional: Value
    keywords: Value
    loops: Loops
    parent: Context
    many: bool = False
    thread: bool = False
    started: bool = False
    beside: set[Site] = field(default_factory=set)  # launches that ran when it was started
    overlapping: bool = False  # started again before it was joined
    unordered: bool = False  # started by code whose callers we don't see
    method: str = ""  # the start method, where the code says it
    given: set[Value] = field(default_factory=set)  # all that it was ever called with
    variants: set[tuple[Value, Value, Value]] = field(
        default_factory=set
    )  # made with, in this round


@dataclass(frozen=True, slots=True)
class Event:
    """A write to shared memory, in one context; with a form, the update that it completes."""

    site: Site
    cell: str
    at: Location
    context: Context
    live: frozenset[Site] | None  # None: we can't know
    own_cell: bool
    form: Form | None = None
    read: Location | None = None
    held: frozenset[Lock] = frozenset()
    unknown_lock: bool = False
    guessed: bool = False  # that lock is one that callers may hold
    base: Span | None = None
    symbol: str = ""
    function: str = ""
    stored: frozenset[Const] = frozenset()  # what is written, where that is constant
    role: str = ""  # of the load, if it only decides
    key: str = ""  # what the load tells of the key in a proxy
    reach: frozenset[tuple[Lock, str]] = frozenset()
    openers: frozenset[tuple[Lock, Location]] = frozenset()  # the statements that took `held`


@dataclass(slots=True)
class Seen:
    """A use of shared objects at one expression, over all contexts."""

    base: Span
    statement: Span
    sites: set[Site] = field(default_factory=set)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Slip:
    """A fault that one statement shows by itself."""

    fault: Fault
    at: Location
    site: Site
    symbol: str
    function: str


@dataclass(frozen=True, slots=True)
class Leak:
    """A way out of a function on which a lock stays taken; `elsewhere` others release it."""

    lock: Lock
    at: Location
    end: Location
    symbol: str
    function: str
    definition: tuple[str, Span]
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Mistake:
    """A Value itself at an expression that wants its number; `at` is the statement."""

    fault: Fault
    at: Location
    place: Location
    site: Site
    symbol: str
    function: str


@dataclass(frozen=True, slots=True)
class Binding:
    """What a statement binds to an attribute or a global: Values, a number, or something else.

    `initial` where the object that has the attribute, or the module, is made; `outside` where it is put
    on an object by another one's code.
    """

    at: Location
    function: str
    initial: bool
    number: bool
    cells: frozenset[Site]
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Stale:
    """A load, by its statement, that is taken for the result of an update in another section."""

    at: Location
    update: Location
    site: Site
    function: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A load or a store, the locks that are surely held, and whether another process may run."""

    held: frozenset[Lock]
    context: Context
    live: frozenset[Site] | None


@dataclass(slots=True)
class Definition:
    """A class of the project: its bases, and its fields in order if it is a record."""

    node: ClassNode
    path: str
    bases: Value = NOTHING
    fields: list[str] = field(default_factory=list)


@dataclass(slots=True)
class World:
    facts: Mapping[str, FileFacts]
    modules: Modules
    makers: frozenset[tuple[str, Span]] = frozenset()
    crowds: frozenset[str] = frozenset()  # names of classes whose objects are not told apart
    start_method: str = "any"  # of processes of which the code does not say it
    born: dict[Instance, int] = field(default_factory=dict)  # during which root
    homes: dict[Instance, set[Site | None]] = field(
        default_factory=dict
    )  # the processes that make it
    functions: dict[Function, FunctionNode] = field(default_factory=dict)
    classes: dict[Class, Definition] = field(default_factory=dict)
    heap: dict[tuple[Hashable, ...], dict[Hashable, Value]] = field(default_factory=dict)
    charged: set[Thing] = field(
        default_factory=set
    )  # what leads to shared memory, locks or launches
    interest: int = 0  # how often something happened that matters
    frames: dict[int, Frame] = field(default_factory=dict)
    frame_ids: dict[Hashable, int] = field(default_factory=dict)
    shared: dict[Site, SharedInfo] = field(default_factory=dict)
    locks: dict[Site, LockInfo] = field(default_factory=dict)
    launches: dict[Site, Launch] = field(default_factory=dict)
    instances: dict[Class, set[Instance]] = field(default_factory=dict)
    events: set[Event] = field(default_factory=set)
    touched: dict[Site, dict[Context, Location]] = field(
        default_factory=dict
    )  # by whom, where first
    chosen: set[str] = field(default_factory=set)  # what `set_start_method` is called with
    guarded: set[str] = field(default_factory=set)  # methods of who knows what, called under a lock
    slips: dict[Hashable, Slip] = field(default_factory=dict)
    cells: dict[Site, set[Touched]] = field(default_factory=dict)
    own_lock_taken: set[Site] = field(default_factory=set)
    mistakes: set[Mistake] = field(default_factory=set)
    mixed: set[Location] = field(default_factory=set)  # expressions that may be something else
    interchangeable: set[Site] = field(default_factory=set)  # used where a number may be, too
    asked: set[Site] = field(default_factory=set)  # asked for their type
    optional: set[Site] = field(default_factory=set)  # handed over where None may be, too
    bindings: dict[tuple[Class | str, str], set[Binding]] = field(default_factory=dict)
    statements: dict[Location, tuple[Location, str]] = field(default_factory=dict)  # of loads
    stale: set[Stale] = field(default_factory=set)
    leaks: set[Leak] = field(default_factory=set)
    lent: set[Hashable] = field(default_factory=set)  # keys of what a caller releases
    freed: set[Freed] = field(default_factory=set)  # by whom nobody in sight had taken it
    uses: dict[tuple[Touch, Location], Seen] = field(default_factory=dict)
    called: set[tuple[str, Span]] = field(default_factory=set)
    visited: set[Location] = field(default_factory=set)  # every `x.value` that was evaluated
    otherwise: set[Location] = field(default_factory=set)  # … on something that isn't shared
    augmented: set[Location] = field(default_factory=set)
    grown: bool = False
    settled: bool = True  # False: there was too much to run for all of it to be known

    def members(self, kind: str, *owner: Hashable) -> dict[Hashable, Value]:
        """All cells of one owner: a module's globals, an instance's attributes, a list's items."""
        return self.heap.get((kind, *owner), {})

    def load(self, *key: Hashable) -> Value:
        """The cell `key`: its kind, its owner, its name."""
        cells = self.heap.get(key[:-1])
        return cells.get(key[-1], NOTHING) if cells else NOTHING

    def store(self, key: tuple[Hashable, ...], value: Value) -> None:
        """Heap cells only ever grow: what they hold is true at any time."""
        *owner, name = key
        cells = self.heap.setdefault(tuple(owner), {})
        old = cells.get(name, NOTHING)
        new = join((old, shallow(value.without_reads())))
        if new != old:
            cells[name] = new
            self.grown = True
        if self.matters(value):
            self._charge(owner)

    def matters(self, value: Value) -> bool:
        """Whether a value leads to shared memory, locks or launches."""
        return any(map(self._thing_matters, value.things))

    def _thing_matters(self, thing: Thing) -> bool:
        if isinstance(thing, _CHARGEABLE):
            return thing in self.charged
        if isinstance(thing, Made):
            return self._made_matters(thing)
        return isinstance(thing, _CHARGED)

    def _made_matters(self, thing: Made) -> bool:
        return thing.kind in _MATTERING or Container(thing.site, "dict") in self.charged

    def _charge(self, owner: list[Hashable]) -> None:
        """Remember that an instance, class or container holds something that matters."""
        found = owner[1]
        self.interest += 1
        things = [Container(found, kind) for kind in _KINDS] if isinstance(found, Site) else [found]
        for thing in things:
            if isinstance(thing, _CHARGEABLE) and thing not in self.charged:
                self.charged.add(thing)
                self.grown = True

    def charge_all(self) -> None:
        """Charge what holds something that matters by now: stores alone would tell so round after round."""
        charged = -1
        while charged < len(self.charged):
            charged = len(self.charged)
            for owner, cells in self.heap.items():
                if any(map(self.matters, cells.values())):
                    self._charge([*owner])

    def forget_events(self) -> None:
        """Before another round: what happens is told anew, with a fuller heap."""
        self.grown = False
        self.events.clear()
        self.touched.clear()
        self.uses.clear()
        self.called.clear()
        self.slips.clear()
        self.cells.clear()
        self.own_lock_taken.clear()
        self.mistakes.clear()
        self.mixed.clear()
        self.interchangeable.clear()
        self.asked.clear()
        self.optional.clear()
        self.stale.clear()
        self.leaks.clear()
        self.lent.clear()
        self.freed.clear()
        self.visited.clear()
        self.otherwise.clear()
        for launch in self.launches.values():
            launch.started = False
            launch.beside.clear()
            launch.variants.clear()
