"""Why a line is reported or not: what `explain` says, and reports write."""

from __future__ import annotations

from enum import StrEnum

from lintvalue.model.finding import Finding
from lintvalue.model.lean import dataclass
from lintvalue.model.project import Kind, LockKind
from lintvalue.model.span import Location


class Verdict(StrEnum):
    """What a check says of a line."""

    REPORTED = "reported"
    SILENCED = "silenced"  # found, but a comment or the settings keep it back
    SAFE = "not reported"  # it touches what is shared, and nothing can be lost
    NOTHING = "nothing shared"


@dataclass(frozen=True, slots=True)
class Told:
    """A finding at the line; `kept_back` says why a check does not show it, "" where it does."""

    finding: Finding
    kept_back: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One place on an object's way, what happens there, and the code."""

    at: Location
    what: str
    code: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A lock that is held; `at` is the statement that took it. Without a kind it could not be named."""

    name: str
    kind: LockKind | None
    made: Location | None
    shared: bool
    at: Location


@dataclass(frozen=True, slots=True)
class Running:
    """Who runs the line, by which calls, outermost first, and the locks held there."""

    who: str
    made: Location | None
    several: bool
    calls: tuple[Hop, ...]
    held: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """A statement that writes the object: who runs it, when, under which locks."""

    cell: str  # "value", "[key]", the name of a field
    at: Location
    function: str
    code: str
    who: str
    when: str
    read: Location | None  # of the load that what it writes depends on; None: a plain store
    held: tuple[str, ...]
    here: bool  # it is the line that is explained
    meets: bool | None  # it can run while the line writes; None: the line writes nothing


@dataclass(frozen=True, slots=True)
class ObjectStory:
    """One shared object that the line touches."""

    name: str  # as the line names it, else as it was first named
    kind: Kind
    made: Location
    by_annotation: bool
    lock: str  # in words: which lock it brings along
    touched: tuple[str, ...]  # what the line does with it: "read", "stored", …
    way: tuple[Hop, ...]
    running: tuple[Running, ...]
    writers: tuple[Writer, ...]  # of the cells that the line touches, if it touches any
    other_writers: tuple[Writer, ...]  # of its other cells


class Effect(StrEnum):
    """What an instruction does to shared memory."""

    LOAD = "load"
    STORE = "store"


class Taking(StrEnum):
    """How an object's own lock is taken around a load or a store."""

    FREE = "acquired"
    AGAIN = "acquired once more"  # it is held already, and can be
    STUCK = "never acquired: it is held already"  # it is held already by who takes it, and cannot be taken twice


@dataclass(frozen=True, slots=True)
class Touching:
    """An instruction's load or store of `name`; `lock` is taken and released around it, "" for none."""

    effect: Effect
    name: str
    lock: str
    taking: Taking
    inside: str  # the function in which it happens, "" for the line itself
    request: bool  # of a manager's process


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of the line, as `dis` of the running Python has it."""

    at: Location
    operation: str
    argument: str
    touching: tuple[Touching, ...]


class Action(StrEnum):
    ACQUIRE = "acquire"
    RELEASE = "release"
    LOAD = "load"
    TEST = "test"  # a load, and what is decided by it
    COMPUTE = "compute"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Move:
    """What one process (1 or 2) does next; `value` is loaded, computed or stored, `memory` what the cell
    then holds.
    """

    process: int
    action: Action
    name: str  # of the lock or the cell
    value: int | None
    memory: int


@dataclass(frozen=True, slots=True)
class Interleaving:
    """Two processes taking turns so that an update is lost; each update is drawn as + 1."""

    processes: tuple[str, str]  # who they are
    cell: str
    moves: tuple[Move, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """`at` are the statements on the line, `rows` their source by row; `python` is whose steps these are."""

    path: str
    line: int
    at: tuple[Location, ...]
    rows: tuple[tuple[int, str], ...]
    function: str
    verdict: Verdict
    reasons: tuple[str, ...]
    findings: tuple[Told, ...]
    objects: tuple[ObjectStory, ...]
    locks: tuple[Taken, ...]  # that the line itself takes or names
    held: tuple[Taken, ...]  # whenever the line runs
    python: str
    steps: tuple[Step, ...]
    interleaving: Interleaving | None
