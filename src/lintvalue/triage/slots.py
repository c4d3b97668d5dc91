"""What a place in a program may hold, as far as triage tells things apart.

A slot is a place: a name in one scope (the scope's number and the name), or, over all files at once, an
attribute of a class and of what is made by it (`Class.name`), what a function returns (`name()`), what
modules export under a name (`.name`), or who knows what has (the name alone). What is in a container, at
any depth, is told apart from what the container itself is.
"""

from __future__ import annotations

Slot = tuple[int, str] | str
Slots = tuple[Slot, ...]
Key = int | str  # where something is in a record
NONE: Slots = ()


# What may be in a slot; plain numbers, since they are joined many times.
DATA = 1  # shared memory
PROXY = 2  # a manager's object: its methods write
LOCKLESS = 4  # shared memory without a lock of its own
LOCK = 8  # a lock that can't be taken twice
RLOCK = 16
LIBRARY = 32  # the library, or a module, a context or a manager of it
PART = 64  # perhaps a part of shared memory: an item
HOLDER = 128  # an object that has memory or a lock in an attribute
MEMORY = 256  # shared memory that processes can only inherit: no proxy, no ShareableList
CELL = 512  # shared memory with one number, in `.value`
MANAGER = 1024
FOREIGN = 2048  # of code that we don't see
FORKING = 4096  # a context, and what belongs to one, of which processes are forked
SPAWNING = 8192  # what belongs to any other context
MODULE = 1 << 17  # of the project's own
OUTER = 1 << 18  # of files of the project that are not read
SENDING = 1 << 19  # a method that sends what it is given, by whatever name it is called
READ = 1 << 14  # computed from what shared memory held

LOCKS = LOCK | RLOCK
# Methods of a lock, or of what has one, that are not called where they are named: they take it, or let go.
TAKING = 32768
FREEING = 65536
WIDTH = 20  # of these flags; what has a name has a bit of its own above them
FLAGS = (1 << WIDTH) - 1
AWAY = FOREIGN | OUTER
# How what is in one slot gets to another one. Each bit adds to what arrives.
PLAIN = 1  # as it is, but for records
INTO = 2  # into a container
PICKED = 4  # out of a container; what is picked from a record is told apart
NAMELESS = 8  # nothing that has a name
SPILLED = 16  # out of records
HEAPED = 32  # out of records, into a container
RECORDS = 64  # records as they are
COMPUTED = 128  # nothing but that it was read
DUG = 256  # out of a container in a container
SUNK = 512  # into a container in a container
UNBOUND = 1024  # but not what holds something, as bound methods do
STORED = 4096  # as it is, but that it was read: an attribute is no place to look that up
UNSHARED = 2048  # as it is, but for shared memory and locks themselves
AS_IT_IS = PLAIN | RECORDS
OUT_OF = PICKED | SPILLED
ANY_WAY = AS_IT_IS | INTO | OUT_OF | DUG
# What calling something gives, as far as that is said by what it is.
CALLED = AS_IT_IS | NAMELESS | UNBOUND
# A container of what is in the slots and in records there, at any depth.
UNORDERED = PLAIN | HEAPED
# What is shared memory or a lock itself.
SHARED = DATA | PROXY | LOCKLESS | LOCKS | PART | MEMORY | CELL
# What can't be pickled, by itself or in an object.
INHERITED = MEMORY | LOCKS
# An object holds what it has in an attribute, also inside a container there.
HELD = INHERITED | HOLDER
_CELLS = DATA | MEMORY
_CELL = _CELLS | CELL
_PROXIED = DATA | PROXY

# The library's names, and what they make or are.
MADE: dict[str, int] = {
    "Value": _CELL,
    "Array": _CELLS,
    "synchronized": _CELL,
    "Synchronized": _CELL,
    "SynchronizedBase": _CELL,
    "SynchronizedArray": _CELLS,
    "SynchronizedString": _CELLS,
    "RawValue": _CELL | LOCKLESS,
    "RawArray": _CELLS | LOCKLESS,
    "ShareableList": DATA | LOCKLESS,
    "Namespace": _PROXIED,
    "NamespaceProxy": _PROXIED,
    "DictProxy": _PROXIED,
    "ListProxy": _PROXIED | LOCKLESS,
    "ArrayProxy": _PROXIED | LOCKLESS,
    "ValueProxy": _PROXIED | LOCKLESS | CELL,
    "Lock": LOCK,
    "Semaphore": LOCK,
    "BoundedSemaphore": LOCK,
    "Condition": LOCK,
    "RLock": RLOCK,
    # Not made, but they lead to what is: modules, contexts and managers.
    **dict.fromkeys(
        (
            "multiprocessing",
            "multiprocess",
            "billiard",
            "context",
            "sharedctypes",
            "synchronize",
            "managers",
            "shared_memory",
            "get_context",
            "BaseContext",
            "DefaultContext",
            "ForkContext",
            "SpawnContext",
            "ForkServerContext",
            "__enter__",
            "reduction",
            "process",
        ),
        LIBRARY,
    ),
    **dict.fromkeys(
        ("Manager", "SyncManager", "BaseManager", "SharedMemoryManager"), LIBRARY | MANAGER
    ),
}
# What managers make besides. A lock may lie in a dict or a Namespace: to ask them for one is no mistake.
MANAGED: dict[str, int] = {
    "dict": _PROXIED,
    "list": _PROXIED | LOCKLESS,
    "Array": _PROXIED | LOCKLESS,
    "Value": _PROXIED | LOCKLESS | CELL,
}
MAKERS = MADE.keys() | MANAGED.keys()
# What starts processes, where it is imported by its name.
STARTING = {"Process": SPAWNING}
IMPORTED = MADE.keys() | STARTING.keys()


def literal(name: str) -> str:
    """The slot of what the library's `name` makes."""
    return f"!{name}"


def result(name: str) -> str:
    """The slot of what functions of a name return, and instances of its classes."""
    return f"{name}()"


def exported(name: str) -> str:
    """The slot of what modules have under a name."""
    return f".{name}"


def item(record: str, key: Key) -> str:
    """The slot of what a record has at a place or under a name."""
    return f"{record}[{key!r}]"


def whole(record: str) -> str:
    """The slot of all that is in a record."""
    return f"{record}[*]"


def numbered(name: str, number: int) -> str:
    """The name of a function that is no method: others may have the same."""
    return f"{name}@{number}"


def last(name: str) -> str:
    """What a function, or a method, is called where it stands."""
    return name.rpartition(".")[2].partition("@")[0]


def member(owner: str, name: str) -> str:
    """The slot of an attribute, and the name of a method; all that has no owner is in one place."""
    return f"{owner}.{name}" if owner else name


LIBRARY_ITSELF = literal("multiprocessing")
FORK_CONTEXT = literal("fork")
WITHOUT_LOCK = literal("lockless")
GETATTR = "!getattr"  # Python's own, where it is not called but given away
SOME_ATTRIBUTE = "?"
NUMBER = "!number"  # what flows from here is a number; the slot holds nothing
NUMBERED: Slots = (NUMBER,)
OWN_ITEM = "[own]"  # an index that only one process has
ANY_ITEM = "[*]"  # a cell: an attribute's name, or an index in brackets
STORES = "="  # behind the name of an attribute: what storing into it calls
SEEDS = {
    FORK_CONTEXT: FORKING,
    WITHOUT_LOCK: LOCKLESS,
    **{literal(name): bits for name, bits in (MADE | STARTING).items()},
}
