"""What one file says of where shared memory goes and what is done to it, as triage sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field, names

if TYPE_CHECKING:
    from lintvalue.triage.slots import Key, Slot, Slots

# How names of what starts processes, or threads, end. It gives nothing back that it was given.
LAUNCHES = ("Process", "Pool", "ProcessPoolExecutor")
OBJECTS = frozenset({"self", "cls"})
# Attributes that are text.
TEXTS = frozenset({"__name__", "__qualname__", "__module__", "__doc__"})
# What a function gets later, one by one.
PACKED = frozenset({"args", "kwargs", "initargs"})
# Methods that put what they are given into their object, whatever functions the project has.
FILLS = frozenset(
    {"append", "appendleft", "extend", "insert", "add", "update", "setdefault", "push"}
)
# Functions of Python's own that call what they are given; pools have methods of these names.
HANDING_ON = frozenset({"map", "filter", "reduce"})
# Methods that send what they are given to other processes.
SENDS = frozenset(
    {
        "put", "put_nowait", "send", "apply", "apply_async", "map", "map_async", "imap",
        "imap_unordered", "starmap", "starmap_async", "submit", "run_in_executor",
    }
)  # fmt: skip
# What is called when a task is over, by the process that has asked for it.
STAYING = frozenset({"callback", "error_callback"})
# Methods of locks, and of what has one.
OF_LOCKS = frozenset({"get_lock", "acquire", "release", "get_obj", "__enter__", "__exit__"})
WAITS = frozenset({"wait", "wait_for"})
# Methods that calling a class runs.
MADE_BY = frozenset({"__init__", "__post_init__"})
THREADS = ("Thread", "Timer", "ThreadPoolExecutor")


@dataclass(frozen=True, slots=True)
class Call:
    """`name` is the last part of what the function `caller` calls, `function` the slots of all of it.

    `receiver` is where the object of a method lies. Keywords of `**more` have the name "", with what
    `more` is. `spread` are the places of `*more`, with what `more` is.
    """

    caller: str
    name: str
    function: Slots
    positional: tuple[Slots, ...]
    keywords: tuple[tuple[str, Slots], ...]
    spread: tuple[tuple[int, Slots], ...]
    receiver: Slots
    result: Slot
    bound: bool | None


@dataclass(frozen=True, slots=True)
class Joint:
    """A call of `function(*args, **kwargs)`, by its result, all of which were unpacked from `slots`.

    They were at these places in it; `names` are what they are called.
    """

    result: Slot
    slots: Slots
    function: int
    spread: tuple[int, ...]
    named: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """The names of parameters are local to `scope`; that of a method starts with its class."""

    name: str
    scope: int
    positional: tuple[str, ...]
    keyword_only: tuple[str, ...]
    spread: str  # the name of `*args`, or ""
    named: str  # the name of `**kwargs`, or ""
    owner: str  # the class whose method it is, or ""
    decorated: bool
    end: int = 0  # all numbers from that of the scope to this are of what is in it

    @property
    def rest(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.spread, self.named)))

    @property
    def parameters(self) -> tuple[str, ...]:
        """What may be given. The object of a method is an instance of its class, and nothing else."""
        every = (*self.positional, *self.keyword_only, *self.rest)
        return every[1:] if self.has_object else every

    @property
    def has_object(self) -> bool:
        return bool(self.owner and self.positional) and self.positional[0] in OBJECTS


@dataclass(frozen=True, slots=True)
class Class:
    name: str
    bases: tuple[str, ...]
    fields: tuple[str, ...]
    stored: frozenset[str]  # attributes of self that its methods set
    methods: frozenset[str]
    names: frozenset[str]  # that its body gives to something


@dataclass(frozen=True, slots=True)
class Access:
    """A read or a write of something's attribute, item or content, in a function.

    `section` is the number of the critical section of that thing's own lock around it, or 0; `name` is how
    the thing is spelled there. `cell` is the attribute or the index, "" if any may be meant. A read is
    `tested` if nothing but a test uses it, a write, if such a read in its section decides it. A read is
    `over` if it decides nothing in its function but what that returns.
    """

    slots: Slots
    function: str
    at: int  # what is read later has a higher number
    section: int
    name: str
    cell: str
    tested: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Taking:
    """A lock is taken while another one is held, or a function, or a property, is called then."""

    held: Slots
    taken: Slots
    called: Call | str = ""


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What is imported, what it is called here and there, and from which file of the project; "" if from none."""

    slot: Slot
    path: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function with one in it, and how much a sketch said before it and behind it, by the lists' names."""

    name: str
    start: int  # all numbers from here to `end` are of what is in it
    end: int
    before: dict[str, int]
    behind: dict[str, int]


@dataclass(slots=True)
class Sketch:
    """One file; `doubt` says that something in it was not understood."""

    number: int  # of the module's scope
    flows: list[tuple[Slot, Slot]] = field(default_factory=list)
    moves: list[tuple[Slots, Slot, int]] = field(default_factory=list)  # into and out of containers
    gets: list[tuple[Slots, str, Slot]] = field(default_factory=list)  # of what, which attribute
    puts: list[tuple[Slots, str, Slot]] = field(default_factory=list)  # what is put into attributes
    stores: list[tuple[Slots, str, Slot]] = field(default_factory=list)  # into which attributes
    members: set[tuple[str, str]] = field(default_factory=set)  # classes, and their attributes
    modules: list[Slot] = field(default_factory=list)  # names of modules of the project's own
    foreign: list[Slot] = field(default_factory=list)  # what code that we don't see exports
    left: list[Slot] = field(default_factory=list)  # names of what is defined and not read
    borrowed: list[Borrowed] = field(default_factory=list)  # what is imported
    outer: list[Slot] = field(default_factory=list)  # … from files that are not read yet
    beyond: list[Slot] = field(default_factory=list)  # … and from what never will be
    records: list[tuple[Slot, str, dict[Key, Slots]]] = field(default_factory=list)
    picks: list[tuple[Slots, Key, Slot]] = field(default_factory=list)  # items of records
    derived: list[tuple[Slots, Slot]] = field(default_factory=list)  # objects, and an attribute
    loads: list[tuple[Slots, Slot]] = field(default_factory=list)  # objects, and what they hold
    items: list[tuple[Slots, Slot]] = field(default_factory=list)  # objects, and an item
    functions: list[Function] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    wrappers: list[Wrapper] = field(default_factory=list)
    named: set[str] = field(default_factory=set)  # names and attributes that are not only called
    names: list[tuple[Slot, str]] = field(default_factory=list)  # slots that hold functions
    calls: list[Call] = field(default_factory=list)
    joint: list[Joint] = field(default_factory=list)
    # What is called that may make shared memory without a lock, and its result.
    bare: list[tuple[Slots, Slot]] = field(default_factory=list)
    makes: list[tuple[Slots, Slot]] = field(default_factory=list)  # what is called, and its result
    made: list[tuple[Slots, str, Slot]] = field(default_factory=list)  # library's `name`, and where
    partials: list[tuple[Slot, Slots]] = field(default_factory=list)  # and what they are given
    held_by: list[tuple[Slots, Slots]] = field(default_factory=list)  # objects, attribute's values
    reads: list[Access] = field(default_factory=list)
    writes: list[Access] = field(default_factory=list)
    updates: list[Access] = field(default_factory=list)
    methods: list[Access] = field(default_factory=list)  # calls of `set`
    numbers: list[Slots] = field(default_factory=list)  # used as a number, or as an answer
    # Attributes and globals that get something else than what they begin with.
    rebound: list[tuple[Slot, Slots]] = field(default_factory=list)
    stored: list[tuple[Slots, Slots]] = field(default_factory=list)  # into what, what
    asked: list[Slots] = field(default_factory=list)  # for a lock of their own
    takes: list[tuple[Slots, Slot]] = field(
        default_factory=list
    )  # locks, and methods that take them
    sends: list[Slot] = field(default_factory=list)  # methods that send, where they are not called
    frees: list[tuple[Slots, Slot]] = field(default_factory=list)  # … and that let them go
    # Results of calls, and what is called in the `finally` of a `try` that comes next.
    finals: dict[Slot, list[Slots]] = field(default_factory=dict)
    # Locks, and who takes them without a release that surely follows.
    leaky: list[tuple[Slots, str]] = field(default_factory=list)
    releases: list[tuple[Slots, str]] = field(default_factory=list)  # locks, and who releases them
    locked: list[Slots] = field(default_factory=list)  # made with `lock=`
    sent: list[tuple[Slots, Slots]] = field(default_factory=list)  # by what is called, and what
    everywhere: list[Slots] = field(
        default_factory=list
    )  # globals, attributes of classes, defaults
    takings: list[Taking] = field(default_factory=list)
    takers: list[tuple[Slots, str]] = field(default_factory=list)  # locks, and who takes them
    attributes: set[tuple[str, str, Slots]] = field(
        default_factory=set
    )  # who reads or stores which, of what
    kept: list[Slots] = field(default_factory=list)  # in attributes, globals and containers
    scattered: list[Slots] = field(default_factory=list)  # kept in attributes of unknown names
    loops: list[tuple[int, int]] = field(default_factory=list)  # from where, to where
    # Likewise, what is in functions but made by a class, or by a module: bodies of classes, and defaults.
    bodies: list[tuple[int, int]] = field(default_factory=list)
    nested: list[tuple[str, str]] = field(default_factory=list)  # functions, and those in them
    texts: set[str] = field(default_factory=set)  # that are written out
    entering: list[tuple[str, Slots]] = field(default_factory=list)  # who has a `with`, of what
    properties: set[str] = field(default_factory=set)  # decorated functions
    # Functions whose callers learn what they read: by a result, or since they come back at all.
    returning: set[str] = field(default_factory=set)
    # Locks that are released or waited for, by which functions, in which critical sections.
    interrupts: list[tuple[Slots, str, tuple[int, ...]]] = field(default_factory=list)
    guarded: list[tuple[Call, tuple[int, ...]]] = field(default_factory=list)  # in such sections
    # Attributes that have to be no properties, if what tests have shown is to be true.
    crossed: set[str] = field(default_factory=set)
    deceived: bool = False  # by what tests have shown: a name in them may mean something else
    starts: bool = False  # processes
    doubt: bool = False

    def sizes(self) -> dict[str, int]:
        """How much was taken down so far."""
        lists = {name: getattr(self, name) for name in names(Sketch)}
        return {name: len(one) for name, one in lists.items() if type(one) is list}
