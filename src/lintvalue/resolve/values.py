"""What an expression may stand for: sets of things, and the reads of shared memory it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lintvalue.model.lean import dataclass, hash_once, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.model.project import Kind, LockKind
    from lintvalue.model.span import Location, Span


Constant = str | int | float | bool | None
T = TypeVar("T")


@hash_once
@dataclass(frozen=True, slots=True)
class Site:
    """An allocation site: a place in the text, and the objects and calls through which it is reached."""

    at: Location
    context: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything at all; `full` where it took the place of too many things to keep apart."""

    full: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """A number, a string, a result of arithmetic: surely no shared object and no lock.

    `folded` where several numbers come out as one: `rank % 3`.
    """

    folded: bool = False


@dataclass(frozen=True, slots=True)
class Const:
    """A constant of the text; `kind` keeps 1, 1.0 and True apart."""

    value: Constant
    kind: str


@dataclass(frozen=True, slots=True)
class Distinct:
    """A value that is another one in each turn of the loop at `at`, or in each process (`at` None)."""

    at: Location | None


@hash_once
@dataclass(frozen=True, slots=True)
class Shared:
    """Shared memory. `view` is "" for what was made, "raw" for what `get_obj()` returns, "numpy" for
    an array over it, "element" for a structure in it; `path` leads to that element. `turn` is the loop
    of which each turn gets an object of its own, made by the same text.
    """

    site: Site
    kind: Kind
    view: str = ""
    path: str = ""
    turn: Location | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock; with kind OWN, `site` is that of the object whose lock it is."""

    site: Site
    kind: LockKind


@dataclass(frozen=True, slots=True)
class Attempt:
    """The answer of `acquire` with a timeout or without blocking: true if one of `locks` is now held.

    `at` is the statement that made the attempt.
    """

    locks: frozenset[Lock]
    at: Location


@dataclass(frozen=True, slots=True)
class Library:
    """A name of code outside the project, by its dotted name: `multiprocessing.Value`.

    `method` is the start method of the context that it is a member of, "" for the default one.
    """

    name: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """An object made by code outside the project that we know something of: a pool, a manager, a context.

    `kind` is the dotted name of what made it.
    """

    site: Site
    kind: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project."""

    path: str


@hash_once
@dataclass(frozen=True, slots=True)
class Function:
    """A function of the project; `frame` is the activation that it closes over, `receiver` its `self`."""

    path: str
    span: Span
    frame: int = -1
    receiver: Thing | None = None


@hash_once
@dataclass(frozen=True, slots=True)
class Class:
    """A class of the project, defined in the activation `frame`."""

    path: str
    span: Span
    frame: int = -1


@hash_once
@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the project."""

    definition: Class
    site: Site


@dataclass(frozen=True, slots=True)
class Parent:
    """`super()` inside a method of `definition`."""

    definition: Class
    receiver: Thing


@dataclass(frozen=True, slots=True)
class Method:
    """A method of something that is no instance: `name` of `receiver`."""

    receiver: Thing
    name: str


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial(function, …)`."""

    function: Value
    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a decorator made of a function in a class: `kind` is "property", "static" or "class"."""

    kind: str
    function: Value
    setter: Value


@dataclass(frozen=True, slots=True)
class Items:
    """A tuple whose elements are known."""

    elements: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Container:
    """A list, dict or set; what is in it lies on the heap."""

    site: Site
    kind: str


Thing = (
    Unknown
    | Plain
    | Const
    | Distinct
    | Shared
    | Lock
    | Attempt
    | Library
    | Made
    | Module
    | Function
    | Class
    | Instance
    | Parent
    | Method
    | Partial
    | Descriptor
    | Items
    | Container
)


@dataclass(frozen=True, slots=True)
class Read:
    """A load of a cell of shared memory that a value depends on.

    `frame` and `statement` say in which activation and which execution of a statement it happened, as
    seen from where the value now is; `sections` are the critical sections that were open. `after` is an
    update of the cell that was done before, in another critical section. `key` says what a load of a
    proxy's item tells of its key: "needed" where it fails without, "absent" for `key not in proxy`.
    """

    site: Site
    cell: str
    at: Location
    sections: frozenset[int]
    frame: int
    statement: int
    after: Location | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A load that a test looked at, which came out so that we came here.

    `way` counts the ways on from the test. `role` tells what is decided, where that is less than all that
    follows: "poll" in the body of a `while`, "break" behind a test that leaves a loop, "only" where it is
    the one statement.
    """

    read: Read
    test: Location
    way: int
    role: str = ""


@hash_once
@dataclass(frozen=True, slots=True)
class Value:
    """What an expression may be. No things at all: it is never evaluated."""

    things: frozenset[Thing]
    reads: frozenset[Read] = frozenset()

    def of(self, kind: type[T]) -> list[T]:
        """The things of one type."""
        return [thing for thing in self.things if isinstance(thing, kind)]

    def depending_on(self, reads: Iterable[Read]) -> Value:
        """The same value, computed from `reads` as well."""
        more = self.reads.union(reads)
        return self if len(more) == len(self.reads) else Value(self.things, more)

    def without_reads(self) -> Value:
        return Value(self.things) if self.reads else self


# Sets larger than this say nothing that would help anyone.
_MOST_CONSTANTS = 6
_MOST_THINGS = 24
# … but for the few shared objects in them.
_MOST_KEPT = 6
# Tuples in tuples: a program that puts a tuple of its own results in its results has no deepest one.
_DEEPEST_TUPLE = 4

_FULL = Unknown(full=True)
_PLAIN = Plain()
NOTHING = Value(frozenset())
UNKNOWN = Value(frozenset({Unknown()}))
PLAIN = Value(frozenset({_PLAIN}))
NONE = Value(frozenset({Const(None, "NoneType")}))


def shallow(value: Value, depth: int = _DEEPEST_TUPLE) -> Value:
    """The same value without what lies deeper in its tuples than anybody would look."""
    if not any(isinstance(thing, Items) for thing in value.things):
        return value
    return Value(frozenset(_shallow(thing, depth) for thing in value.things), value.reads)


def _shallow(thing: Thing, depth: int) -> Thing:
    if not isinstance(thing, Items):
        return thing
    return Items(tuple(shallow(x, depth - 1) for x in thing.elements)) if depth else Unknown()


def bare(function: Function) -> Function:
    """The function itself, whatever it is a method of."""
    return function if function.receiver is None else replace(function, receiver=None)


def one(thing: Thing) -> Value:
    return Value(frozenset({thing}))


def constant(value: Constant) -> Value:
    return one(Const(value, type(value).__name__))


def join(values: Iterable[Value]) -> Value:
    """What may be any of `values`."""
    known: Value = NOTHING
    others: list[Value] = []
    for value in values:
        if value is known or value is NOTHING:
            continue  # most names are touched by no branch
        if known is NOTHING:
            known = value
        else:
            others.append(value)
    return _joined(known, others) if others else known


def _joined(first: Value, others: list[Value]) -> Value:
    things = first.things.union(*(value.things for value in others))
    reads = first.reads.union(*(value.reads for value in others))
    if len(things) == len(first.things):
        return first if len(reads) == len(first.reads) else Value(first.things, reads)
    return Value(_few(things), reads)


def _few(things: frozenset[Thing]) -> frozenset[Thing]:
    """The same things, as far as they are worth keeping apart."""
    constants = {thing for thing in things if isinstance(thing, Const) and thing.value is not None}
    if constants and (_PLAIN in things or len(constants) > _MOST_CONSTANTS):
        things = (things - constants) | {_PLAIN}
    if len(things) > _MOST_THINGS or _FULL in things:
        kept = frozenset(thing for thing in things if isinstance(thing, (Shared, Lock)))
        things = kept | {_FULL} if len(kept) <= _MOST_KEPT else frozenset({_FULL})
    return things
