"""What triage leaves unread of a project, and what it must not."""

from __future__ import annotations

import re

import pytest
from cases import doubt_in, findings_in, patient_doubt_in

from lintvalue.model.source import Source

_FILE = re.compile(r"^# (\S+\.py)\n", re.MULTILINE)

MAIN = """
# main.py
from multiprocessing import Process, Value
from work import work

def main():
    made = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(made,)).start()
"""
STEP = """
# step.py
def step(made):
    made.value += 1
"""
FOUND = {
    "a partial of a function, called at once": MAIN
    + STEP
    + """
# work.py
from functools import partial
from step import step

def work(made):
    partial(step, made)()
""",
    "a partial that gets its object later": MAIN
    + STEP
    + """
# work.py
from functools import partial
from step import step

def work(made):
    partial(step)(made)
""",
    "a partial of a class whose base is elsewhere": MAIN
    + """
# above.py
class Above:
    def __init__(self, made):
        self.made = made

    def add(self):
        self.made.value += 1
# work.py
from functools import partial
from above import Above

class Board(Above):
    pass

def work(made):
    partial(Board, made)().add()
""",
    "a base of a base that is read": """
# above.py
class Eldest:
    def add(self):
        self.made.value += 1

class Elder(Eldest):
    pass
# board.py
from multiprocessing import Value
from above import Elder

class Board(Elder):
    def __init__(self):
        self.made = Value("i", 0)
""",
    "a default that a function of another file makes": """
# making.py
def made_by(maker):
    return maker()
# main.py
from multiprocessing import Lock, Process
from making import made_by

def take(lock=made_by(lambda: Lock())):
    with lock:
        print()

def work():
    take()

def main():
    Process(target=work).start()
""",
    "a function in a list": MAIN
    + """
# work.py
STEPS = []

def step(made):
    made.value += 1

STEPS.append(step)

def work(made):
    STEPS[0](made)
""",
    "a function in a list of another file": MAIN
    + """
# work.py
from steps import STEPS

def work(made):
    STEPS[0](made)
# steps.py
STEPS = []
# step.py
from steps import STEPS

def step(made):
    made.value += 1

STEPS.append(step)
""",
    "a function that a decorator puts into a list of another file": MAIN
    + """
# work.py
from steps import STEPS

def work(made):
    STEPS[0](made)
# steps.py
STEPS = []

# registry.py
from steps import STEPS as kept

def registered(function):
    kept.append(function)
    return function
# step.py
from registry import registered

@registered
def step(made):
    made.value += 1
""",
    "a maker's caller that a decorator puts into a list": """
# main.py
from multiprocessing import Process, Value
from work import work

CALLERS = []

def main():
    made = CALLERS[0](lambda: Value("i", 0))
    Process(target=work, args=(made,)).start()
    Process(target=work, args=(made,)).start()
# registry.py
from main import CALLERS as kept

def registered(function):
    kept.append(function)
    return function
# calling.py
from registry import registered

@registered
def called(maker):
    return maker()
# work.py
def work(made):
    made.value += 1
""",
    "a process whose class is kept in an object that is called": """
# main.py
from multiprocessing import Process, Value
from started import Started
from step import step

def main():
    made = Value("i", 0)
    for _ in range(4):
        Started(Process)(target=step, args=(made,)).start()
# started.py
class Started:
    def __init__(self, kind):
        self.kind = kind

    def __call__(self, **more):
        return self.kind(**more)
"""
    + STEP,
    "a function of another file that is called as a lock's method is": MAIN
    + """
# work.py
import step

def work(made):
    step.acquire(made)
# step.py
def acquire(made):
    made.value += 1
""",
    "a class of processes by another name in another file": """
# jobs.py
from multiprocessing import Process

Job = Process
# lock.py
from multiprocessing import Lock

lock = Lock()
# own.py
from jobs import Job
from lock import lock as taken

class Own(Job):
    def run(self):
        with taken:
            print()
""",
    "a class of processes that all names of a file are imported with": """
# jobs.py
from multiprocessing import Process

Job = Process
# lock.py
from multiprocessing import Lock

lock = Lock()
# own.py
from jobs import *
import lock

class Own(Job):
    def run(self):
        with lock.lock:
            print()
""",
    "an item that is put into what a function imports": """
# kept.py
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Value
from begin import begin

KEPT = {}

def main():
    made = Value("i", 0)
    with ProcessPoolExecutor(initializer=begin, initargs=(made,)) as pool:
        print(pool)
# begin.py
def begin(made):
    from kept import KEPT

    KEPT["made"] = made
# task.py
from kept import KEPT

def task():
    KEPT["made"].value += 1
""",
    "a method that its class has from another one": """
# above.py
class Above:
    def step(self, number):
        print(number)
# board.py
from multiprocessing import Pool, Value
from above import Above

class Middle(Above):
    pass

class Board(Middle):
    def __init__(self):
        self.made = Value("i", 0)

    def run(self):
        with Pool() as pool:
            return pool.map(self.step, range(3))
""",
    "a manager's method by a name in quotes": """
# managing.py
from multiprocessing.managers import SyncManager

class Managing(SyncManager):
    pass
# main.py
from multiprocessing import Process
from managing import Managing
from work import work

def main():
    made = getattr(Managing(), "dict")()
    for _ in range(4):
        Process(target=work, args=(made,)).start()
# work.py
def work(made):
    made["a"] += 1
""",
    "an attribute of what is given along with its name": """
# main.py
from multiprocessing import Lock, Process
from board import Board

def work(made):
    Board(made).hold("made")

def main():
    made = Lock()
    Process(target=work, args=(made,)).start()
# board.py
def got(*given):
    return getattr(*given)

class Board:
    def __init__(self, made):
        self.made = made

    def hold(self, name):
        with getattr(self, name):
            with got(self, name):
                print()
""",
    "a property, by a name that is given along with its object": """
# main.py
from multiprocessing import Lock, Process
from board import Board

def work(made):
    Board(made).hold("size")

def main():
    made = Lock()
    Process(target=work, args=(made,)).start()
# board.py
def got(*given):
    return getattr(*given)

class Board:
    def __init__(self, made):
        self.made = made

    @property
    def size(self):
        with self.made:
            return 3

    def hold(self, name):
        with self.made:
            return got(self, name)
""",
    "an object that is given what it holds": """
# filling.py
from multiprocessing import Value

def fill(**given):
    board = given["board"]
    board.steps = Value("i", 0)
# above.py
from multiprocessing import Pool
from filling import fill

class Above:
    def __init__(self):
        fill(board=self)

    def run(self):
        with Pool() as pool:
            return pool.map(self.step, range(3))
# board.py
from above import Above

class Board(Above):
    def step(self, number):
        print(number)
""",
    "a type of what is made, in another file": MAIN.replace('"i", 0', "Point").replace(
        "from work", "from points import Point\nfrom work"
    )
    + """
# points.py
import ctypes

class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int)]
# work.py
def work(made):
    made.x += 1
""",
    "a number of another file that an attribute gets": """
# log.py
from multiprocessing import Value
from none import NONE

class Log:
    def __init__(self):
        self.own = Value("i", 0)

    def reset(self):
        self.own = NONE

def work():
    log = Log()
    print(log.own.value)
    log.reset()
# none.py
NONE = 0
""",
    "a partial of a class that all names of a file are imported with": MAIN
    + """
# work.py
from functools import partial
from board import *

class Above:
    def __init__(self, made):
        self.made = made

    def add(self):
        self.made.value += 1

def work(made):
    partial(Board, made)().add()
# board.py
from work import Above

class Board(Above):
    pass
""",
    "a base that all names of a file are imported with": """
# above.py
class Eldest:
    def add(self):
        self.made.value += 1

class Elder(Eldest):
    pass
# board.py
from multiprocessing import Value
from above import *

class Board(Elder):
    def __init__(self):
        self.made = Value("i", 0)
""",
    "an attribute of a class, by a name that an inner function is given": """
# kept.py
from multiprocessing import Lock

class Kept:
    lock = Lock()

class Box:
    def __init__(self, item):
        self.item = item
# work.py
from multiprocessing import Process
import kept

def taking(name):
    def inner():
        with getattr(kept.Kept, kept.Box(name).item):
            print()
    return inner

def work(name):
    taking(name)()

def main():
    Process(target=work, args=("lock",)).start()
""",
    "a method of a pool that others call": """
# main.py
from multiprocessing import Lock, Pool
from calling import called

LOCK = Lock()

def work(number):
    with LOCK:
        print(number)

def main():
    with Pool() as pool:
        called(pool.map, work, range(3))
# calling.py
def called(function, *given):
    return function(*given)
""",
    "a method of an executor that an object calls": """
# main.py
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Value
from called import Called

def main():
    made = Value("i", 0)
    with ProcessPoolExecutor() as pool:
        Called(pool.submit)(print, made)
# called.py
class Called:
    def __init__(self, function):
        self.function = function

    def __call__(self, *given):
        return self.function(*given)
""",
    "a function that others put into a list": MAIN
    + STEP
    + """
# work.py
from steps import STEPS

def work(made):
    STEPS[0](made)
# steps.py
STEPS = []
# filling.py
from calling import called
from step import step
from steps import STEPS

called(STEPS.append, step)
# calling.py
def called(function, *given):
    return function(*given)
""",
    "a list's method by another name": MAIN
    + """
# work.py
STEPS = []
add = STEPS.append

def step(made):
    made.value += 1

add(step)

def work(made):
    STEPS[0](made)
""",
    "a lock that a class is given by others": """
# kept.py
from multiprocessing import Process
from giving import give
from work import work

class Kept:
    @classmethod
    def keep(cls):
        give(cls)

Kept.keep()

def main():
    Process(target=work).start()
# giving.py
from multiprocessing import Lock

def give(kind):
    kind.lock = Lock()
# work.py
from kept import *

def work():
    with Kept.lock:
        print()
""",
    "a base that comes over two files, with all their names": """
# above.py
class Above:
    def step(self, number):
        print(number)
# middle.py
from above import *

class Middle(Above):
    pass
# board.py
from multiprocessing import Pool, Value
from middle import *

class Board(Middle):
    def __init__(self):
        self.made = Value("i", 0)

    def run(self):
        with Pool() as pool:
            return pool.map(self.step, range(3))
""",
    "a partial of what comes with all names of a file": MAIN
    + STEP
    + """
# work.py
from functools import partial
from step import *

def work(made):
    partial(step)(made)
""",
    "an object whose class is made of what comes with all names of a file": MAIN
    + """
# work.py
from above import *

class Called(Above):
    pass

def work(made):
    Called()(made)
# above.py
class Above:
    def __call__(self, made):
        made.value += 1
""",
}


def _sources(text: str) -> tuple[Source, ...]:
    _, *parts = _FILE.split(text)
    return tuple(Source(path, body) for path, body in zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_in_other_files_is_read(name):
    sources = _sources(FOUND[name])
    assert doubt_in(sources)
    assert findings_in(sources)


NOISE = """
# noise.py
LIMIT = 3

def noise(made):
    made.value += LIMIT

class Noise:
    def add(self, made):
        made.value += 1
"""
GUARDED = """
# work.py
def work(made):
    with made.get_lock():
        made.value += 1
"""
# Programs, and the files that nobody has to read.
UNREAD = {
    "what nobody names": (MAIN + GUARDED + NOISE, {"noise.py"}),
    "what names nothing of ours": (
        MAIN + GUARDED + NOISE + "\n# other.py\nfrom noise import noise, Noise\n",
        {"noise.py", "other.py"},
    ),
    "what reads are not given to": (
        MAIN
        + "\n# work.py\nfrom noise import noise\n\ndef work(made):\n    made.value += 1\n"
        + NOISE,
        {"noise.py"},
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_has_no_part_in_it_is_not_read(name):
    text, unread = UNREAD[name]
    sources = _sources(text)
    assert {source.path for source in sources} - patient_doubt_in(sources).paths == unread


def test_what_is_not_read_does_not_count():
    """All that is wrong in them is wrong with objects that nobody gives them."""
    assert doubt_in(_sources(MAIN + GUARDED + NOISE)) == ""


def test_what_reads_are_given_to_is_told_apart():
    """A function that gives a number whatever it gets makes what is stored no older."""
    sources = _sources(
        MAIN
        + """
# fresh.py
def fresh(number):
    return 1
# work.py
from fresh import fresh

def work(made):
    with made.get_lock():
        number = fresh(made.value)
    with made.get_lock():
        made.value = number
"""
    )
    assert "fresh.py" in patient_doubt_in(sources).paths
    assert not findings_in(sources)
