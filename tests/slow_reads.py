"""Runs a program in which each read of a shared Value or Array is followed by a pause.

A read-modify-write that other processes can get in between then loses updates in every run, and one
that holds a lock from the read to the write never does.
"""

from __future__ import annotations

import multiprocessing
import runpy
import sys
import time
from multiprocessing import sharedctypes
from pathlib import Path

PAUSE = 0.002


def slow_down() -> None:
    value = sharedctypes.Synchronized.value
    sharedctypes.Synchronized.value = property(lambda shared: _late(value.fget(shared)), value.fset)
    read = sharedctypes.SynchronizedArray.__getitem__
    sharedctypes.SynchronizedArray.__getitem__ = lambda shared, key: _late(read(shared, key))


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
