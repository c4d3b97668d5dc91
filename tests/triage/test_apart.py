"""What triage leaves unread of a project, and what it must not."""

from __future__ import annotations

import re

import pytest
from cases import doubt_in, findings_in

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
}


def _sources(text: str) -> tuple[Source, ...]:
    _, *parts = _FILE.split(text)
    return tuple(Source(path, body) for path, body in zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_in_other_files_is_read(name):
    sources = _sources(FOUND[name])
    assert doubt_in(sources)
    assert findings_in(sources)
