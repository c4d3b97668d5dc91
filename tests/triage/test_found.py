"""What is found is doubted, in ways that programs of the cases don't take (`findings_in` asserts it)."""

from __future__ import annotations

import pytest
from cases import doubt_in, findings_in

from lintvalue.model.source import Source

START = """\
import ctypes
from functools import partial
from multiprocessing import Array, Lock, Manager, Process, Queue, RawValue, Value
from multiprocessing.managers import SyncManager
from multiprocessing.sharedctypes import synchronized

import numpy as np

class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int)]

class Managing(SyncManager):
    pass

{top}

class Board:
    def __init__(self, made):
        self.made = made

{methods}

def work(made, other):
{body}

def main():
    made = {make}
    for _ in range(4):
        Process(target=work, args=(made, {other})).start()
"""

Rows = tuple[str, ...]


def program(
    *body: str,
    make: str = "Value('i', 0)",
    other: str = "input()",
    top: Rows = (),
    methods: Rows = (),
) -> str:
    return START.format(
        body=indented(body), make=make, other=other, top="\n".join(top), methods=indented(methods)
    )


def indented(rows: Rows) -> str:
    return "\n".join(f"    {row}" for row in rows)


LOCK = ("with made.get_lock():", "    made.value = 1")
FOUND = {
    "a value of a manager's, asked for a lock": program(*LOCK, make="Manager().Value('i', 0)"),
    "a list of a manager's, asked for a lock": program(
        *LOCK[:1], "    pass", make="Manager().list()"
    ),
    "a value of a manager's, set by a method": program(
        "made.set(made.get() + 1)", make="Manager().Value('i', 0)"
    ),
    "a value of a manager's, as a number": program(
        "while not made:", "    pass", make="Manager().Value('i', 0)"
    ),
    "a dictionary of a manager of one's own": program("made['a'] += 1", make="Managing().dict()"),
    "a view of an array, asked for a lock": program(
        "with np.frombuffer(made).get_lock():", "    pass", make="Array('i', 3)"
    ),
    "a view of an array, entered": program(
        "view = np.asarray(made)", "with view:", "    pass", make="Array('i', 3)"
    ),
    "an item of an array, entered": program("with made[0]:", "    pass", make="Array(Point, 3)"),
    "what a call gives back, entered": program(
        "with same(made):",
        "    pass",
        make="RawValue('i', 0)",
        top=("def same(made):", "    return made"),
    ),
    "a field that gets an object": program("made.x = other", make="Value(Point)", other="made"),
    "a field that gets an object by its name": program(
        "setattr(made, 'x', other)", make="Value(Point)", other="Value('i', 0)"
    ),
    "an item whose field gets an object": program(
        "made[0].x = other", make="Array(Point, 3)", other="Value('i', 0)"
    ),
    "an item that gets an object": program(
        "made[0] = other", make="Array('i', 3)", other="Value('i', 0)"
    ),
    "an object with a lock that stands in second place": program(
        *LOCK, make="synchronized(Value('i', 0), Lock())"
    ),
    "an object that a partial makes with a lock": program(
        *LOCK, make="partial(Value, lock=Lock())('i', 0)"
    ),
    "a global beside a dictionary of a manager's": program(
        "print(hits.value)", top=("hits = Value('i', 0)", "rows = Manager().dict()")
    ),
    "a number, by an attribute that somebody names": program(
        "Board(made).look('made')",
        methods=("def look(self, name):", "    return getattr(self, name) > 3"),
    ),
    "a lock that is nested, by an attribute that somebody names": program(
        "Board(made).hold('made')",
        make="Lock()",
        methods=(
            "def hold(self, name):",
            "    with getattr(self, name):",
            "        with getattr(self, name):",
            "            pass",
        ),
    ),
    "a lock that is kept, by an attribute that somebody names": program(
        "Board(made).hold('made', other)",
        make="Lock()",
        methods=(
            "def hold(self, name, much):",
            "    getattr(self, name).acquire()",
            "    if much:",
            "        return",
            "    getattr(self, name).release()",
        ),
    ),
    "an update by a name that somebody gives": program(
        "store(made, 'value', made.value)",
        top=("def store(made, name, last):", "    setattr(made, name, last + 1)"),
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_is_doubted(name):
    assert findings_in((Source("a.py", FOUND[name]),))


# What the kind of an object rules out.
SOUND = {
    "a dictionary of a manager's that is tested": program(
        "while not made:", "    pass", make="Manager().dict()"
    ),
    "a dictionary of a manager's that is computed with": program(
        "print(made | {}, made == {})", make="Manager().dict()"
    ),
    "a dictionary of a manager's, asked for what may be a lock": program(
        "with made.get_lock():", "    pass", make="Manager().dict()"
    ),
    "a dictionary of a manager's that is sent": program(
        "Queue().put(made)", make="Manager().dict()"
    ),
    "a dictionary of a manager's in reach of processes": program(
        "print(rows)", make="rows", top=("rows = Manager().dict()",)
    ),
    "an array that is tested": program("while not made:", "    pass", make="Array('i', 3)"),
    "a view of an array that is computed with": program(
        "print(np.frombuffer(made.get_obj()) > 3)", make="Array('i', 3)"
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_doubted_in(name):
    source = Source("a.py", SOUND[name])
    assert doubt_in((source,)) == ""
    assert not findings_in((source,))
