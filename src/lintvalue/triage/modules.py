"""Which modules are the library, and which surely have nothing to do with it."""

from __future__ import annotations

import sys

_PACKAGES = frozenset({"multiprocessing", "multiprocess", "billiard"})
_LIBRARY = ("multiprocess", "billiard", "sharedctypes", "shared_memory")


def is_library(name: str) -> bool:
    return any(word in name for word in _LIBRARY)


def is_foreign(module: str) -> bool:
    """Whether a module is one of the standard library's others."""
    return module.partition(".")[0] in sys.stdlib_module_names and not is_library(module)


def is_package(name: str) -> bool:
    """Whether an attribute or a key of this name is the library, wherever it is found."""
    return name in _PACKAGES
