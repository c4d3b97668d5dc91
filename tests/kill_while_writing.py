"""Fixes a folder in a process that kills or interrupts itself at a chosen step of writing.

usage: kill_while_writing.py SIGNAL STEP FOLDER OPTION... A step is a line of the code that writes which is about to be
run, or a piece of a file that was written in place; where there are fewer, the process ends as usual.
"""

from __future__ import annotations

import os
import signal
import stat
import sys

from lintvalue.cli import main
from lintvalue.sources import in_place, leftovers, write

WRITING = {module.__file__ for module in (in_place, leftovers, write)}
PIECE = 40  # bytes
write_all = os.write
steps = 0


def write_some(descriptor, data):
    in_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    return write_all(descriptor, data[:PIECE] if in_file else data)


def trace(frame, event, argument):  # noqa: ARG001 - as sys.settrace calls it
    if frame.f_code.co_filename not in WRITING:
        return None
    if event == "line":
        step()
    return trace


def step():
    global steps  # noqa: PLW0603 - counted over all calls
    steps += 1
    if steps == int(sys.argv[2]):
        os.kill(os.getpid(), signal.Signals[sys.argv[1]])


if __name__ == "__main__":
    os.write = write_some
    sys.settrace(trace)
    status = main(["fix", "--isolated", "--no-cache", "--jobs=1", *sys.argv[3:]])
    sys.settrace(None)
    sys.stdout.write(f"{steps}\n")
    sys.exit(status)
