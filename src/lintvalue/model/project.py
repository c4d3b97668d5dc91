"""What the project means: shared objects, locks, updates. The value between resolve and rules."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from lintvalue.model.trace import Trace


class Kind(StrEnum):
    """What was made. Values and arrays have a lock of their own unless `lock=False`."""

    VALUE = "Value"
    RAW_VALUE = "RawValue"
    ARRAY = "Array"
    RAW_ARRAY = "RawArray"
    SHAREABLE_LIST = "ShareableList"
    MANAGER_VALUE = "Manager.Value"
    MANAGER_ARRAY = "Manager.Array"
    MANAGER_DICT = "Manager.dict"
    MANAGER_LIST = "Manager.list"
    NAMESPACE = "Manager.Namespace"


class LockKind(StrEnum):
    """Which mutual exclusion a lock gives."""

    LOCK = "Lock"
    RLOCK = "RLock"
    CONDITION = "Condition"
    SEMAPHORE = "Semaphore"
    MANAGER = "Manager lock"
    OWN = "own lock"  # the lock that a Value or an Array brings along
    THREAD = "thread lock"  # threading's and asyncio's: each process has its own


@dataclass(frozen=True, slots=True)
class SharedObject:
    """One allocation site of shared memory."""

    id: int
    kind: Kind
    name: str  # the name it is first bound to, "" where it has none
    made: Location  # of the call that makes it, or of the annotation that says so
    lock: int | None  # the Lock that `get_lock()` returns; None where it has none
    typecode: str | None = None  # as written, "i"; None where it is not a string literal
    maker: Span | None = None  # of the callee in `made`: `mp.Value`
    by_annotation: bool = False
    several: bool = False  # that text may make more than one


@dataclass(frozen=True, slots=True)
class Lock:
    """One allocation site of a lock. `shared` is False where each process has its own."""

    id: int
    kind: LockKind
    made: Location
    shared: bool
    reentrant: bool
    owner: int | None = None  # the object it belongs to (kind OWN)
    several: bool = False  # that text may make more than one


class Form(StrEnum):
    """How a read and the write that depends on it are spelled."""

    AUGMENTED = "augmented"
    SINGLE = "single"  # read and write in one statement
    SPLIT = "split"
    DECIDED = "decided"


class Silence(StrEnum):
    """Why an update that holds no lock loses nothing, as far as we know."""

    ONE_WRITER = "one process alone writes it"
    NOT_CONCURRENT = "no other process that writes it runs at that time"
    OWN_CELL = "each process updates a cell of its own"
    STOP_FLAG = "a constant is stored in the loop that polls it"
    IDEMPOTENT = "whoever writes it writes the same constant"
    UNKNOWN_LOCK = "something is held that may be a lock"


@dataclass(frozen=True, slots=True)
class Update:
    """A read and the write that depends on it, as one statement of the program does it.

    `held` are the locks that are surely held from the read to the write without a gap, in every
    context in which the statement runs; `useless` are held locks that do not exclude other processes.
    """

    objects: tuple[int, ...]
    form: Form
    at: Location  # the statement that is reported
    read: Location
    symbol: str  # the object as the statement names it: `self.hits`
    function: str  # qualified name, "" in the module's body
    held: tuple[int, ...]
    useless: tuple[int, ...]
    silence: Silence | None
    base: Span | None  # of the object's expression in `at` (`self.hits` in `self.hits.value += 1`)
    in_reach: tuple[tuple[int, str], ...] = ()  # locks that have a name here, and that name
    locked: bool = False  # every context holds some lock, if not the same one
    sometimes: tuple[int, ...] = ()  # locks that are held in some contexts, but not in all
    reads: tuple[Location, ...] = ()  # all loads that what is written may come from


class Touch(StrEnum):
    """What one expression does with a shared object."""

    MADE = "made"  # the call that makes it
    READ = "read"  # `v.value` loaded
    STORE = "store"  # `v.value = x`
    AUGMENT = "augment"  # `v.value += x`
    LOCK = "lock"  # `v.get_lock()`, `with v`, `v.acquire()`, `v.release()`
    ELEMENT = "element"  # an index or a field, read or changed
    ANNOTATION = "annotation"  # a parameter or a name declared to be one
    ESCAPE = "escape"  # handed to code that we can't see, or used in a way we don't know


@dataclass(frozen=True, slots=True)
class Use:
    """One place where objects are touched.

    `at` is the whole expression (`v.value`, `v.get_lock()`, the making call, for AUGMENT and STORE the
    target); `base` is the object's own expression in it. `sure` is False where the expression may also
    mean something that is none of `objects`.
    """

    touch: Touch
    at: Location
    base: Span
    statement: Span
    objects: tuple[int, ...]
    sure: bool


class Fault(StrEnum):
    """What is wrong with how an object is handed over or used, or a lock made, taken or left out."""

    PRIVATE = "each process has a lock of its own"
    THREAD = "the lock keeps out threads, not processes"
    INCONSISTENT = "other updates of the object hold another lock"
    DEADLOCK = "the lock is taken again by who holds it"
    LOCKLESS = "what has no lock is asked for it"
    UNCALLED = "get_lock is named, not called"
    SENT = "what can only be inherited is sent"
    STALE = "the result of an update is read apart from it"
    TESTED = "the object is asked whether it is true, which it always is"
    OPERAND = "the object is an operand where its number is wanted"
    REPLACED = "a number takes the object's place"
    UNRELEASED = "a way out of the function leaves the lock held"
    NOT_GIVEN = "processes reach it without its being handed to them"
    REDUNDANT = "another lock is held wherever the object is touched"


@dataclass(frozen=True, slots=True)
class Misuse:
    """A fault at a statement; `related` is where the lock is made, or the object."""

    fault: Fault
    at: Location
    objects: tuple[int, ...]
    symbol: str
    function: str
    related: Location


@dataclass(frozen=True, slots=True)
class Project:
    """All that is known of the shared objects of a project; ids are indices."""

    objects: tuple[SharedObject, ...]
    locks: tuple[Lock, ...]
    updates: tuple[Update, ...]
    uses: tuple[Use, ...]
    misuses: tuple[Misuse, ...] = ()
    trace: Trace | None = None  # where an explanation is wanted
