"""How far triage tells things apart: next to each program that it lets pass stands one that differs in a
detail, in which something is found.
"""

from __future__ import annotations

import pytest
from cases import doubt_in, findings_in

from lintvalue.model.source import Source

HEAD = """\
import os
from functools import partial
from multiprocessing import Lock, Manager, Pool, Process, Value, get_context

def count(hits):
    with hits.get_lock():
        hits.value += 1

def look(number):
    if number > 3:
        print(number)
"""
JOBS = """\
def delayed(function):
    def delayed_function(*args, **kwargs):
        return function, args, kwargs
    return delayed_function

def run(jobs):
    for function, args, kwargs in jobs:
        function(*args, **kwargs)

def main():
    hits = Value("i", 0)
    run([delayed(count)(hits), delayed(look)(%s)])
    Process(target=count, args=(hits,)).start()
"""
PLACES = """\
def work(hits, number):
    count(hits)
    look(number)

def main():
    hits = Value("i", 0)
    given = (%s)
    for _ in range(4):
        Process(target=work, args=given).start()
"""
NAMES = """\
def work(number, hits):
    count(hits)
    look(number)

def start(*args, **kwargs):
    for _ in range(4):
        Process(target=work, args=args, kwargs=kwargs).start()

def main():
    start(%s)
"""
OPTIONS = """\
def work(limit=3, hits=None, **options):
    count(hits)
    look(limit)

def main():
    options = {"hits": Value("i", 0)}
    options["limit"] = %s
    for _ in range(4):
        Process(target=work, kwargs=options).start()
"""
BEGUN = """\
def work(number, hits, other):
    count(hits)
    look(other)

def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=partial(work, %s), args=(%s,)).start()
"""
CLASSES = """\
class Counter:
    def __init__(self, hits):
        self.hits = hits

class Report:
    def __init__(self, hits):
        self.hits = hits

    def show(self):
        look(self.hits)

def work(counter):
    count(counter.hits)

def main():
    hits = Value("i", 0)
    Report(%s).show()
    for _ in range(4):
        Process(target=work, args=(Counter(hits),)).start()
"""
METHODS = """\
class Counter:
    def add(self, hits):
        count(hits)

class Report:
    def add(self, number):
        look(number)

def work(hits):
    %s().add(hits)

def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits,)).start()
"""
LOCKS = """\
def take(lock):
    with lock:
        pass

def work(one, other):
    with one:
        take(%s)

def main():
    one, other = Lock(), Lock()
    for _ in range(4):
        Process(target=work, args=(one, other)).start()
"""
FORKS = """\
lock = Lock()

def work():
    with lock:
        pass

def main():
    context = get_context(%r)
    for _ in range(4):
        context.Process(target=work).start()
"""
KEYS = """\
def work(seen, name):
    key = %s
    seen[key] = seen.get(key, 0) + 1

def main():
    seen = Manager().dict()
    for _ in range(4):
        Process(target=work, args=(seen, "a")).start()
"""
TASKS = """\
class Counter:
    def __init__(self):
        self.lock = Lock()

    def done(self, result=0):
        with self.lock:
            print(result)

    def start(self, pool):
        pool.apply_async(%s)

def main():
    Counter().start(Pool(2))
"""
RELEASED = """\
def take(lock):
    lock.acquire()
    %s

def give(lock):
    %s

def work(lock, more):
    take(lock)
    give(lock)

def main():
    lock = Lock()
    for _ in range(4):
        Process(target=work, args=(lock, 1)).start()
"""
# What is put into a program to let it pass, and what to have something found.
PAIRS = {
    "what is called together with its arguments": (JOBS, "4", "hits"),
    "what stands in a tuple": (PLACES, "hits, 4", "hits, hits"),
    "what is handed on in places and by names": (
        NAMES,
        "4, hits=Value('i', 0)",
        "*[Value('i', 0)] * 2",
    ),
    "what a dictionary has under a name": (OPTIONS, "4", "options['hits']"),
    "what a partial has": (BEGUN, ("4, hits", "5"), ("4, hits", "hits")),
    "attributes of one name": (CLASSES, "4", "hits"),
    "methods of one name": (METHODS, "Counter", "Report"),
    "locks": (LOCKS, "other", "one"),
    "contexts": (FORKS, "fork", "spawn"),
    "keys that only one process has": (KEYS, "os.getpid()", "name"),
    "what is sent, and what is called here later": (
        TASKS,
        "print, callback=self.done",
        "self.done",
    ),
    "a lock that others release": (
        RELEASED,
        ("pass", "lock.release()"),
        ("if os.getpid() > 3:\n        lock.release()", "pass"),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_sound_passes(name):
    text, sound, _ = PAIRS[name]
    source = Source("a.py", HEAD + text % sound)
    assert not findings_in((source,))
    assert doubt_in((source,)) == ""


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_found_is_doubted(name):
    text, _, found = PAIRS[name]
    assert findings_in((Source("a.py", HEAD + text % found),))
