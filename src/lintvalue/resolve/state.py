"""Where an activation is: what its names stand for, which locks are held, which processes run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field, replace
from lintvalue.resolve.values import (
    NOTHING,
    Class,
    Decision,
    Lock,
    Site,
    Thing,
    Unknown,
    Value,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence

    from lintvalue.model.span import Location, Span
    from lintvalue.model.statements import Function as FunctionNode


@dataclass(frozen=True, slots=True)
class Section:
    """A critical section that is open: each execution of a `with` opens another one.

    `id` is another one after each interruption, `origin` is not.
    `locks` are those that may be the one held; `Unknown` among them: something we can't name.
    `opener` is where it was opened, `stack` the ExitStack that will close it.
    """

    id: int
    locks: frozenset[Lock | Unknown]
    opener: Location
    statement: Location  # of the `with` or of the call
    stack: Site | None = None
    guess: bool = False  # of a caller that we don't see
    origin: int = -1


# A test by its key, and how it came out.
Fact = tuple["Hashable", bool]


@dataclass(frozen=True, slots=True)
class Taken:
    """A lock that the activation has acquired at `at`, and not released on some way to here.

    `sure`: not only an attempt was made. `sometimes`: other ways lead here, too, on which it
    does not have it. `borrowed`: a function that was called has acquired it and come back. `waits`: whoever acquires it like that counts on others to release it. `facts` are
    tests that come out like that wherever it has the lock.
    """

    lock: Lock
    at: Location
    symbol: str
    sure: bool = True
    sometimes: bool = False
    waits: bool = True
    borrowed: bool = False
    facts: frozenset[Fact] = frozenset()

    @property
    def key(self) -> tuple[Lock, Location]:
        return self.lock, self.at


@dataclass(frozen=True, slots=True)
class Done:
    """An update of a cell that the activation has done at `at`, in critical sections."""

    site: Site
    cell: str
    at: Location
    sections: frozenset[int]


@dataclass(frozen=True, slots=True)
class Context:
    """Who runs the code: the main program, a caller that we don't see (`root`), or a launch."""

    launch: Site | None = None
    root: bool = False


@dataclass(slots=True)
class State:
    """The flow-sensitive part of an activation."""

    env: dict[str, Value]
    held: tuple[Section, ...] = ()
    live: frozenset[Site] = frozenset()
    decided: frozenset[Decision] = frozenset()
    spent: frozenset[Decision] = frozenset()  # those of them that have been acted upon
    stored: frozenset[tuple[Site, str]] = frozenset()  # cells, since the activation began
    done: frozenset[Done] = frozenset()  # updates that every way to here has done
    taken: frozenset[Taken] = frozenset()  # what this activation may have to release
    left: Span | None = None  # the statement that leaves the activation in this state
    # Globals and attributes, as they are spelled, that a test has shown to be nothing shared.
    plain: frozenset[str] = frozenset()

    def copy(self) -> State:
        return State(
            dict(self.env),
            self.held,
            self.live,
            self.decided,
            self.spent,
            self.stored,
            self.done,
            self.taken,
            self.left,
            self.plain,
        )

    @property
    def deciding(self) -> frozenset[Decision]:
        """What decides a store that comes next.

        A store uses up the decisions of its cell: what comes later overwrites our own.
        """
        return self.decided - self.spent

    def same(self, other: State) -> bool:
        """Whether nothing new is known: which execution a load comes from is not."""
        return self._known() == other._known()

    def _known(self) -> object:
        loads = {
            name: (value.things, frozenset((read.site, read.cell, read.at) for read in value.reads))
            for name, value in self.env.items()
        }
        taken = frozenset((taken.key, taken.sometimes) for taken in self.taken)
        return loads, self.live, self.held, taken, self.plain

    def rebind(self, name: str) -> None:
        """A name gets another value: what was known of it, and of its attributes, is so no more."""
        if self.plain:
            self.plain = frozenset(x for x in self.plain if x.partition(".")[0] != name)

    def store(self, attribute: str) -> None:
        """An attribute of something gets another value: it may be called otherwise elsewhere."""
        if self.plain:
            self.plain = frozenset(x for x in self.plain if attribute not in x.split("."))

    def forget(self) -> None:
        """Other code runs: globals and attributes may be something else from now on."""
        self.plain = frozenset()


def merge(states: Sequence[State | None]) -> State | None:
    """Where control comes together: names may be either, locks are held if held on every path."""
    alive = [state for state in states if state is not None]
    if len(alive) < 2:
        return alive[0] if alive else None
    first, *rest = alive
    names = dict.fromkeys(name for state in alive for name in state.env)
    env = {name: join(state.env.get(name, NOTHING) for state in alive) for name in names}
    decided = frozenset.intersection(*(state.decided for state in alive))
    return State(
        env,
        _held_on_all(first.held, [state.held for state in rest]),
        frozenset().union(*(state.live for state in alive)),
        decided,
        frozenset.intersection(*(state.spent for state in alive)),
        frozenset.intersection(*(state.stored for state in alive)),
        frozenset.intersection(*(state.done for state in alive)),
        _taken_on_any([state.taken for state in alive]),
        first.left if all(state.left == first.left for state in rest) else None,
        frozenset.intersection(*(state.plain for state in alive)),
    )


def interrupted(states: Sequence[State | None]) -> State | None:
    """Where a handler begins, after one of the states; what may be taken there has been."""
    doubted = {x.key for state in states if state for x in state.taken if x.sometimes}
    state = merge(states)
    if state is None or not state.taken:
        return state
    taken = frozenset(replace(x, sometimes=x.key in doubted) for x in state.taken)
    return replace(state, taken=taken)


def without(state: State | None, keys: Collection[Hashable]) -> State | None:
    """The state in which what has these keys is not taken."""
    if state is None or not keys:
        return state
    return replace(state, taken=frozenset(x for x in state.taken if x.key not in keys))


def _taken_on_any(ways: list[frozenset[Taken]]) -> frozenset[Taken]:
    """What one of the ways has to release; what it knows of it is what all of them know."""
    if not any(ways):
        return frozenset()
    found: dict[Hashable, list[Taken]] = {}
    for way in ways:
        for taken in way:
            found.setdefault(taken.key, []).append(taken)
    return frozenset(
        replace(
            same[0],
            sure=any(taken.sure for taken in same),
            sometimes=len(same) < len(ways)
            or any(taken.sometimes or taken.sure != same[0].sure for taken in same),
            facts=frozenset.intersection(*(taken.facts for taken in same)),
        )
        for same in found.values()
    )


def _held_on_all(
    first: tuple[Section, ...], rest: list[tuple[Section, ...]]
) -> tuple[Section, ...]:
    """Sections that every path holds; one that a path has interrupted begins anew."""
    found = []
    for section in first:
        same = [next((x for x in held if _alike(x, section)), None) for held in rest]
        met = [other for other in same if other is not None]
        if len(met) == len(rest):
            ids = {section.id, *(other.id for other in met)}
            found.append(section if len(ids) == 1 else replace(section, id=hash(frozenset(ids))))
    return tuple(found)


def _alike(one: Section, other: Section) -> bool:
    return one.id == other.id or one.locks == other.locks


@dataclass(slots=True)
class Loop:
    """States in which a loop's body is left early."""

    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)


# A lock (or who knows which) that a chain of functions releases, and these functions.
Freed = tuple["Lock | Unknown", frozenset[tuple[str, "Span"]]]


@dataclass(slots=True)
class Frame:
    """One activation of a function, a module's body or a class body."""

    id: int  # the same for the same call in each round
    serial: int  # another one for each execution
    path: str
    qualified: str
    context: Context
    state: State | None
    caller: Frame | None = None
    enclosing: Frame | None = None
    node: FunctionNode | None = None
    receiver: Thing | None = None
    owner: Class | None = None  # the class whose body or method this is
    site_context: tuple[Location, ...] = ()
    kind: str = "function"  # "module", "class"
    cells: dict[str, Value] = field(default_factory=dict)  # all that its names ever stood for
    global_names: set[str] = field(default_factory=set)
    outer_names: set[str] = field(default_factory=set)
    loops: list[Loop] = field(default_factory=list)
    returns: list[tuple[Value, State]] = field(default_factory=list)
    raises: list[State] = field(default_factory=list)
    yields: list[State] = field(default_factory=list)
    yielded: list[Value] = field(default_factory=list)
    statement: Span | None = None
    statement_serial: int = 0
    nested: list[Thing] = field(default_factory=list)
    closed: set[Hashable] = field(default_factory=set)  # keys of what was taken and released
    doubtful: set[Hashable] = field(default_factory=set)  # … where it is not known to be taken
    handed: set[Lock | Unknown] = field(default_factory=set)  # whose release was given to others
    freed: set[Freed] = field(default_factory=set)  # released, but not taken here
    depth: int = 0
    inherited: frozenset[Decision] = frozenset()  # made by its caller, or by what it called
