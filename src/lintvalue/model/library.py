"""What the library we watch is called: the words without which a file cannot matter."""

from __future__ import annotations

import sys

# A file that makes or receives what is shared names its library...
WORDS = (
    b"multiprocess",  # multiprocessing, torch.multiprocessing, multiprocess
    b"billiard",
    b"Synchronized",
    b"get_lock",
)
# ... and what it makes. A Process or a Pool alone shares nothing.
MADE = (
    b"Value",
    b"Array",
    b"Manager",
    b"Namespace",
    b"ShareableList",
    b"SharedMemory",
    b"Synchronized",
    b"get_lock",
    b"Lock",
    b"Semaphore",
    b"Condition",
)
_PACKAGES = frozenset({"multiprocessing", "multiprocess", "billiard"})
_LIBRARY = ("multiprocess", "billiard", "sharedctypes", "shared_memory")


def is_library(name: str) -> bool:
    """Whether a module of this name is the library or a part of it."""
    return any(word in name for word in _LIBRARY)


def is_foreign(module: str) -> bool:
    """Whether a module is one of the standard library's others."""
    return module.partition(".")[0] in sys.stdlib_module_names and not is_library(module)


def is_package(name: str) -> bool:
    """Whether an attribute or a key of this name is the library, wherever it is found."""
    return name in _PACKAGES
