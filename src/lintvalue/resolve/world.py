"""All that outlives one activation: the heap, what was made, what was seen to happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lintvalue.resolve.values import NOTHING, join

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.project import Form, Kind, Touch
    from lintvalue.model.span import Location, Span
    from lintvalue.model.statements import Class as ClassNode
    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.resolve.modules import Modules
    from lintvalue.resolve.state import Context, Frame
    from lintvalue.resolve.values import Class, Function, Instance, Lock, Site, Value

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


@dataclass(slots=True)
class LockInfo:
    """What is known of one allocation site of a lock."""

    shared: bool
    reentrant: bool
    loops: Loops
    context: Context
    excludes: bool = True  # a semaphore of more than one excludes nobody
    thread: bool = False


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
    started: bool = False
    beside: set[Site] = field(default_factory=set)  # launches that ran when it was started
    unordered: bool = False  # started by code whose callers we don't see


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
    base: Span | None = None
    symbol: str = ""
    function: str = ""
    reach: frozenset[tuple[Lock, str]] = frozenset()


@dataclass(slots=True)
class Seen:
    """A use of shared objects at one expression, over all contexts."""

    base: Span
    statement: Span
    sites: set[Site] = field(default_factory=set)
    sure: bool = True


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
    functions: dict[Function, FunctionNode] = field(default_factory=dict)
    classes: dict[Class, Definition] = field(default_factory=dict)
    heap: dict[Hashable, Value] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)
    shared: dict[Site, SharedInfo] = field(default_factory=dict)
    locks: dict[Site, LockInfo] = field(default_factory=dict)
    launches: dict[Site, Launch] = field(default_factory=dict)
    instances: dict[Class, set[Instance]] = field(default_factory=dict)
    events: set[Event] = field(default_factory=set)
    touched: dict[Site, set[Context]] = field(default_factory=dict)
    uses: dict[tuple[Touch, Location], Seen] = field(default_factory=dict)
    called: set[tuple[str, Span]] = field(default_factory=set)
    augmented: set[Location] = field(default_factory=set)
    grown: bool = False

    def load(self, key: Hashable) -> Value:
        return self.heap.get(key, NOTHING)

    def store(self, key: Hashable, value: Value) -> None:
        """Heap cells only ever grow: what they hold is true at any time."""
        old = self.heap.get(key, NOTHING)
        new = join((old, value.without_reads()))
        if new != old:
            self.heap[key] = new
            self.grown = True

    def forget_events(self) -> None:
        """Before another round: what happens is told anew, with a fuller heap."""
        self.grown = False
        self.events.clear()
        self.touched.clear()
        self.uses.clear()
        self.called.clear()
        for launch in self.launches.values():
            launch.started = False
            launch.beside.clear()
