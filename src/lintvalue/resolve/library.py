"""What the names of multiprocessing and its kin make: shared objects, locks, launches.

From CPython's Lib/multiprocessing (context.py, sharedctypes.py, managers.py, pool.py, synchronize.py).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lintvalue.model.project import Kind, LockKind

if TYPE_CHECKING:
    from lintvalue.resolve.values import Library

# The same library under other names; what is said of one is said of all.
PACKAGES = ("torch.multiprocessing", "billiard", "multiprocess")
_SUBMODULES = (
    "context",
    "sharedctypes",
    "synchronize",
    "pool",
    "managers",
    "process",
    "queues",
    "connection",
)

MULTIPROCESSING = "multiprocessing"
CONTEXT = "multiprocessing.get_context"

# What makes or chooses a context, and the start method that its name says.
CONTEXTS = {
    "get_context": "",
    "set_start_method": "",
    "ForkContext": "fork",
    "SpawnContext": "spawn",
    "ForkServerContext": "forkserver",
}
_PROCESS_METHODS = {
    "ForkProcess": "fork",
    "SpawnProcess": "spawn",
    "ForkServerProcess": "forkserver",
}

SHARED: dict[str, Kind] = {
    "Value": Kind.VALUE,
    "RawValue": Kind.RAW_VALUE,
    "Array": Kind.ARRAY,
    "RawArray": Kind.RAW_ARRAY,
    "shared_memory.ShareableList": Kind.SHAREABLE_LIST,
    "ShareableList": Kind.SHAREABLE_LIST,
}
MANAGED: dict[str, Kind] = {
    "Value": Kind.MANAGER_VALUE,
    "Array": Kind.MANAGER_ARRAY,
    "dict": Kind.MANAGER_DICT,
    "list": Kind.MANAGER_LIST,
    "Namespace": Kind.NAMESPACE,
    "ShareableList": Kind.SHAREABLE_LIST,
}
# Types as annotations name them.
ANNOTATED: dict[str, Kind] = {
    "Synchronized": Kind.VALUE,
    "SynchronizedBase": Kind.VALUE,
    "Value": Kind.VALUE,
    "SynchronizedArray": Kind.ARRAY,
    "SynchronizedString": Kind.ARRAY,
    "Array": Kind.ARRAY,
    "ShareableList": Kind.SHAREABLE_LIST,
    "shared_memory.ShareableList": Kind.SHAREABLE_LIST,
    "ValueProxy": Kind.MANAGER_VALUE,
    "DictProxy": Kind.MANAGER_DICT,
    "ListProxy": Kind.MANAGER_LIST,
    "NamespaceProxy": Kind.NAMESPACE,
    "Namespace": Kind.NAMESPACE,
}
LOCKS: dict[str, LockKind] = {
    "Lock": LockKind.LOCK,
    "RLock": LockKind.RLOCK,
    "Condition": LockKind.CONDITION,
    "Semaphore": LockKind.SEMAPHORE,
    "BoundedSemaphore": LockKind.SEMAPHORE,
}
# Locks that keep out other threads or tasks, not other processes.
THREAD_LOCKS = frozenset(
    f"{module}.{name}"
    for module in ("threading", "asyncio", "_thread", "gevent.lock", "anyio", "trio")
    for name in (*LOCKS, "allocate_lock", "RLock", "CapacityLimiter")
)
MANAGERS = frozenset({"Manager", "SyncManager", "BaseManager", "SharedMemoryManager"})
PROCESSES = frozenset({"Process", "SpawnProcess", "ForkProcess", "ForkServerProcess"})
# What `from multiprocessing import *` binds.
OFFERED = frozenset(
    {
        *("Array", "Barrier", "BoundedSemaphore", "Condition", "Event", "JoinableQueue", "Lock"),
        *("Manager", "Pipe", "Pool", "Process", "Queue", "RLock", "RawArray", "RawValue"),
        *("Semaphore", "SimpleQueue", "Value", "active_children", "cpu_count", "current_process"),
        *("freeze_support", "get_context", "parent_process", "set_start_method"),
    }
)
THREADS = frozenset({"threading.Thread", "threading.Timer"})
POOLS = frozenset({"multiprocessing.Pool", "concurrent.futures.ProcessPoolExecutor"})
THREAD_POOLS = frozenset({"concurrent.futures.ThreadPoolExecutor", "multiprocessing.ThreadPool"})
TORCH_SPAWN = frozenset({"multiprocessing.spawn", "multiprocessing.start_processes"})

# Calls on a pool: (several tasks, arguments come as a tuple, returns before they are done).
POOL_CALLS: dict[str, tuple[str, bool]] = {
    "apply": ("args", False),
    "apply_async": ("args", True),
    "map": ("each", False),
    "map_async": ("each", True),
    "imap": ("each", True),
    "imap_unordered": ("each", True),
    "starmap": ("unpacked", False),
    "starmap_async": ("unpacked", True),
    "submit": ("direct", True),
}
# Ways by which processes send each other things, and the methods that do.
CHANNELS = frozenset({"Queue", "JoinableQueue", "SimpleQueue"})
SENDS = frozenset({"put", "put_nowait", "send"})
POOL_ENDS = frozenset({"join", "terminate", "shutdown"})


def start_method(thing: Library) -> str:
    """The start method that a name of the library says by itself, "" where it says none."""
    return thing.method or _PROCESS_METHODS.get(member(thing.name) or "", "")


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """One name for each thing of the library, whichever package or submodule it was reached through."""
    for package in PACKAGES:
        if name == package or name.startswith(f"{package}."):
            name = MULTIPROCESSING + name.removeprefix(package)
    head, _, rest = name.partition(".")
    if head == MULTIPROCESSING:
        submodule, _, last = rest.partition(".")
        if submodule in _SUBMODULES and last:
            return f"{MULTIPROCESSING}.{last}"
    if name.startswith("concurrent.futures."):
        return f"concurrent.futures.{name.rpartition('.')[2]}"
    return name


def member(name: str) -> str | None:
    """`Value` of `multiprocessing.Value`; None for a name of another library."""
    head, _, rest = canonical(name).partition(".")
    return rest if head == MULTIPROCESSING and rest else None
