"""How objects travel through a program and who touches them where: what an explanation is made from.

Ids are indices: of `Project.objects`, of `Project.locks`, of `Trace.runners` and `Trace.activations`.
"""

from __future__ import annotations

from enum import StrEnum

from lintvalue.model.lean import dataclass
from lintvalue.model.project import Form, Silence
from lintvalue.model.span import Location


class Origin(StrEnum):
    """What kind of code begins an execution."""

    PROGRAM = "the main program"
    UNSEEN = "callers that are not in sight"
    PROCESS = "a process"
    THREAD = "a thread"
    POOL = "the workers of a pool"


@dataclass(frozen=True, slots=True)
class Runner:
    """Who runs code: the main program, callers that we don't see, or a launch made at `made`."""

    origin: Origin
    made: Location | None
    several: bool  # more than one at a time


class Means(StrEnum):
    """How an object gets a name."""

    NAME = "name"
    PARAMETER = "parameter"
    LAUNCH = "launch"  # a parameter that a new process, thread or pool hands over
    ATTRIBUTE = "attribute"
    GLOBAL = "global"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Scope:
    """A function's body, by its qualified name; "" is a module's."""

    path: str
    function: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """An object gets a name in `scope`: at the statement `at`, or as the parameter there.

    `source` is the call or the launch that hands it over, and the scope that this stands in.
    """

    object: int
    means: Means
    name: str
    at: Location
    scope: Scope
    source: tuple[Location, Scope] | None = None


@dataclass(frozen=True, slots=True)
class Activation:
    """A function run with certain arguments; `callers` are activations and the places of their calls.

    `launch`: no function, but the beginning of a process, a thread or a pool's task.
    """

    scope: Scope
    runner: int
    launch: bool
    callers: tuple[tuple[int, Location], ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """A section that is open: which lock, None where it cannot be named, and where it was taken."""

    lock: int | None
    taken: Location


@dataclass(frozen=True, slots=True)
class Access:
    """A load or a store of a cell of an object; `held` from the outermost section to the innermost."""

    object: int
    cell: str
    stores: bool
    own_lock: bool  # whether the object takes its own lock for it
    at: Location
    activation: int
    held: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """A statement that writes an object, in one context.

    `running` are the launches that may run at that time, None where that cannot be known; `meets` are
    the indices of the writes of the same object that can happen at the same time.
    """

    object: int
    cell: str  # "value", "[key]", the name of a field
    at: Location
    function: str
    runner: int
    form: Form | None  # None: a plain store
    read: Location | None  # of the load that it depends on, wherever that is done
    held: tuple[int, ...]
    unknown_lock: bool
    running: tuple[int, ...] | None
    silence: Silence | None
    meets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """What an expression was found to stand for: objects and locks of the project, and other things."""

    at: Location
    objects: tuple[int, ...]
    locks: tuple[int, ...]
    others: tuple[str, ...]  # in words: "a number or a string", "something unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is held in one run of a statement of the wanted file."""

    at: Location
    runner: int
    held: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    runners: tuple[Runner, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    activations: tuple[Activation, ...] = ()
    accesses: tuple[Access, ...] = ()
    writes: tuple[Write, ...] = ()
    met: tuple[Met, ...] = ()
    standings: tuple[Standing, ...] = ()
