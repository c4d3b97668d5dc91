"""Runs a program in which each read of a shared Value or Array is followed by a pause.

A read-modify-write that other processes can get in between then loses updates in every run, and one
that holds a lock from the read to the write never does.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import runpy
import sys
import time
from functools import cache
from multiprocessing import sharedctypes
from pathlib import Path

PAUSE = 0.002


def slow_down() -> None:
    value = sharedctypes.Synchronized.value
    sharedctypes.Synchronized.value = property(lambda shared: _late(value.fget(shared)), value.fset)
    read = sharedctypes.SynchronizedArray.__getitem__
    sharedctypes.SynchronizedArray.__getitem__ = lambda shared, key: _late(read(shared, key))
    # Everything is made by it, whether it has a lock or not.
    made = sharedctypes._new_value  # noqa: SLF001
    sharedctypes._new_value = lambda kind: made(_slow(kind))  # noqa: SLF001


@cache
def _slow(kind):
    """The type of bare memory, reads of which are followed by a pause, too."""
    if issubclass(kind, ctypes.Array):
        read = kind.__getitem__
        return type(
            kind.__name__, (kind,), {"__getitem__": lambda bare, key: _late(read(bare, key))}
        )
    if hasattr(kind, "value"):
        value = kind.value
        slow = property(lambda bare: _late(value.__get__(bare)), value.__set__)
        return type(kind.__name__, (kind,), {"value": slow})
    return kind


def _late(value):
    time.sleep(PAUSE)
    return value


if __name__ == "__main__":
    # The children have to inherit what is patched here.
    multiprocessing.set_start_method("fork")
    slow_down()
    program = Path(sys.argv[1])
    sys.path.insert(0, str(program.parent))
    runpy.run_path(str(program), run_name="__main__")
