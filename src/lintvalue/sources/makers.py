"""Names of the library without which a project has nothing that could be misused."""

from __future__ import annotations

import sys

_LIBRARY = ("multiprocess", "billiard", "sharedctypes", "shared_memory")

# Types and calls that nothing else has: a text that mentions one receives what is shared.
EVIDENCE = frozenset(
    {
        "get_lock",
        "Synchronized",
        "SynchronizedBase",
        "SynchronizedArray",
        "SynchronizedString",
        "ValueProxy",
        "DictProxy",
        "ListProxy",
        "NamespaceProxy",
    }
)
CONTAINERS = frozenset({"dict", "list"})  # of a manager
SHARED = EVIDENCE | CONTAINERS | {
    "Value",
    "RawValue",
    "Array",
    "RawArray",
    "Namespace",
    "ShareableList",
    "synchronized",
}  # fmt: skip
LOCKS = frozenset({"Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition"})
MAKERS = SHARED | LOCKS

# Without one of these words nothing can go wrong with a lock that guards nothing shared: it is taken
# once too often or not given back, or it is sent where it cannot go.
MISUSES = frozenset(
    {
        "acquire", "put", "put_nowait", "send", "apply", "apply_async", "map", "map_async", "imap",
        "imap_unordered", "starmap", "starmap_async", "submit", "initargs", "enter_context",
    }
)  # fmt: skip


def is_library(name: str) -> bool:
    return any(word in name for word in _LIBRARY)


def is_foreign(module: str) -> bool:
    """Whether a module is one of the standard library's others."""
    return module.partition(".")[0] in sys.stdlib_module_names and not is_library(module)
