"""What holds a lock from the read to the write, and what only looks like it.

Each program has an update that is lost, marked `# lost`, and next to it one that is not.
"""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from resolve.programs import lost, reported

_MAIN = """
if __name__ == "__main__":
    hits, lock = Value("i", 0), Lock()
    for _ in range(3):
        Process(target=work, args=(hits, lock)).start()
"""


def program(body, head=""):
    """A module whose workers run `body` with a Value and a lock."""
    return f"{dedent(head)}\ndef work(hits, lock):{indent(dedent(body), '    ')}{_MAIN}"


BODIES = {
    "with lock": """
        hits.value += 1  # lost
        with lock:
            hits.value += 1
    """,
    "with get_lock()": """
        hits.value += 1  # lost
        with hits.get_lock():
            hits.value += 1
    """,
    "with the object itself": """
        hits.value += 1  # lost
        with hits:
            hits.value += 1
    """,
    "several in one with": """
        with lock, hits.get_lock():
            hits.value += 1
        with open("a") as file, open("b"):
            hits.value += 1  # lost
    """,
    "acquire and release": """
        lock.acquire()
        hits.value += 1
        lock.release()
        hits.value += 1  # lost
    """,
    "try and finally": """
        lock.acquire()
        try:
            hits.value += 1
        finally:
            lock.release()
        hits.value += 1  # lost
    """,
    "acquire of the object's own lock": """
        hits.acquire()
        hits.value += 1
        hits.release()
        hits.get_lock().acquire()
        hits.value += 1
        hits.get_lock().release()
        hits.value += 1  # lost
    """,
    "a lock under another name": """
        own = hits.get_lock()
        same = lock
        with own:
            hits.value += 1
        with same:
            hits.value += 1
        hits.value += 1  # lost
    """,
    "an attempt whose answer is asked": """
        if lock.acquire(timeout=1):
            hits.value += 1
            lock.release()
        else:
            hits.value += 1  # lost
    """,
    "an attempt that is given up": """
        if not lock.acquire(block=False):
            return
        hits.value += 1
        lock.release()
        hits.value += 1  # lost
    """,
    "an attempt whose answer is ignored": """
        lock.acquire(timeout=1)
        hits.value += 1  # lost
        lock.release()
        with lock:
            hits.value += 1
    """,
    "an attempt without blocking": """
        lock.acquire(False)
        hits.value += 1  # lost
        lock.acquire(True)
        hits.value += 1
    """,
    "an exit stack": """
        from contextlib import ExitStack
        with ExitStack() as stack:
            stack.enter_context(lock)
            hits.value += 1
        hits.value += 1  # lost
    """,
    "a lock that one branch takes": """
        if input():
            lock.acquire()
        hits.value += 1  # lost
    """,
    "a lock that both branches take": """
        if input():
            lock.acquire()
        else:
            lock.acquire()
        hits.value += 1
        lock.release()
        hits.value += 1  # lost
    """,
    "two sections, one for each half": """
        with lock:
            number = hits.value
        with lock:
            hits.value = number + 1  # lost
        with lock:
            number = hits.value
            hits.value = number + 1
    """,
    "a section opened inside a loop": """
        number = 0
        for _ in range(9):
            with lock:
                hits.value = number + 1  # lost
                number = hits.value
        with lock:
            number = 0
            for _ in range(9):
                hits.value = number + 1
                number = hits.value
    """,
    "a check outside of the section": """
        if hits.value < 9:
            with lock:
                hits.value += 1  # lost
        with lock:
            if hits.value < 9:
                hits.value += 1
    """,
    "a check made again inside": """
        if hits.value < 9:
            with lock:
                if hits.value < 9:
                    hits.value += 1
        hits.value += 1  # lost
    """,
    "a local written anew before the write": """
        number = hits.value
        print(number)
        with lock:
            number = hits.value
            hits.value = number + 1
        number = hits.value
        hits.value = number + 1  # lost
    """,
    "something that may be a lock": """
        import elsewhere
        with elsewhere.lock:
            hits.value += 1
        with open("a"):
            hits.value += 1  # lost
    """,
}


@pytest.mark.parametrize("name", BODIES)
def test_a_lock_is_held_or_not(name):
    """The lost updates are found, and nothing else."""
    assert reported(program(BODIES[name])) == lost(program(BODIES[name]))


HELPERS = {
    "a caller that holds it": """
        def add(hits):
            hits.value += 1
        def bump(hits):
            hits.value += 1  # lost
        def work(hits, lock):
            with lock:
                add(hits)
            bump(hits)
    """,
    "a method that takes it": """
        class Guard:
            def __init__(self, lock):
                self._lock = lock
            def take(self):
                self._lock.acquire()
            def give(self):
                self._lock.release()
        def work(hits, lock):
            guard = Guard(lock)
            guard.take()
            hits.value += 1
            guard.give()
            hits.value += 1  # lost
    """,
    "a class with __enter__": """
        class Guard:
            def __init__(self, lock):
                self._lock = lock
            def __enter__(self):
                self._lock.acquire()
            def __exit__(self, *error):
                self._lock.release()
        class Timer:
            def __enter__(self):
                return self
            def __exit__(self, *error):
                pass
        def work(hits, lock):
            with Guard(lock):
                hits.value += 1
            with Timer():
                hits.value += 1  # lost
    """,
    "a contextmanager": """
        from contextlib import contextmanager
        @contextmanager
        def guarded(lock):
            with lock:
                yield
        @contextmanager
        def timed():
            yield
        def work(hits, lock):
            with guarded(lock):
                hits.value += 1
            with timed():
                hits.value += 1  # lost
    """,
    "a decorator": """
        import functools
        def guarded(function):
            @functools.wraps(function)
            def inner(hits, lock):
                with lock:
                    return function(hits, lock)
            return inner
        @guarded
        def add(hits, lock):
            hits.value += 1
        def work(hits, lock):
            add(hits, lock)
            hits.value += 1  # lost
    """,
    "a helper that reads": """
        def successor(hits):
            with hits.get_lock():
                return hits.value + 1
        def work(hits, lock):
            hits.value = successor(hits)  # lost
            with hits.get_lock():
                hits.value = successor(hits)
    """,
}


@pytest.mark.parametrize("name", HELPERS)
def test_a_lock_is_held_through(name):
    """The lost updates are found, and nothing else."""
    text = dedent(HELPERS[name]) + _MAIN
    assert reported(text) == lost(text)


MADE = {
    "a Value with a given lock": ("Value('i', 0, lock=mutex)", "Lock()", "mutex", []),
    "a Value with a lock of its own": ("Value('i', 0, lock=True)", "Lock()", "hits", []),
    "a manager's lock": ("Value('i', 0)", "Manager().Lock()", "mutex", []),
    "a reentrant lock": ("Value('i', 0)", "RLock()", "mutex", []),
    "a condition": ("Value('i', 0)", "Condition()", "mutex", []),
    "a semaphore of one": ("Value('i', 0)", "Semaphore(1)", "mutex", []),
    "a semaphore of two": ("Value('i', 0)", "Semaphore(2)", "mutex", ["hits.value += 1"]),
    "a bounded semaphore of three": (
        "Value('i', 0)",
        "BoundedSemaphore(value=3)",
        "mutex",
        ["hits.value += 1"],
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_what_excludes_others(name):
    made, lock, held, rows = MADE[name]
    text = f"""
from multiprocessing import BoundedSemaphore, Condition, RLock
def work(hits, mutex):
    with {held}:
        hits.value += 1
if __name__ == "__main__":
    mutex = {lock}
    hits = {made}
    for _ in range(3):
        Process(target=work, args=(hits, mutex)).start()
"""
    assert [row.partition(" ")[2] for row in reported(text)] == rows


def test_callers_in_sight_may_hold_a_lock_around_a_method_of_who_knows_what():
    text = """
class Writer:
    def __init__(self):
        self.count = Value("i", 0)
    def extend(self, rows):
        self.count.value += len(rows)
    def shrink(self, rows):
        self.count.value -= len(rows)  # lost
class Own:
    def __init__(self):
        self.count = Value("i", 0)
    def reset(self):
        with self.count.get_lock():
            self.count.value //= 2
    def extend(self, rows):
        self.count.value += len(rows)  # lost
class Buffer:
    def __init__(self, writer, lock):
        self.writer, self.lock = writer, lock
    def add(self, rows):
        with self.lock:
            self.writer.extend(rows)
        self.writer.shrink(rows)
"""
    assert reported(text) == lost(text)


@pytest.mark.parametrize("wait", ["wait()", "wait(1)", "wait_for(print)"])
def test_waiting_gives_the_lock_up(wait):
    """What was read before the wait is old after it; what is read after it is not."""
    text = f"""
from multiprocessing import Condition
def work(hits, changed):
    with changed:
        number = hits.value
        changed.{wait}
        hits.value = number + 1  # lost
    with changed:
        changed.{wait}
        hits.value += 1
        changed.notify()
if __name__ == "__main__":
    hits, changed = Value("i", 0), Condition()
    for _ in range(3):
        Process(target=work, args=(hits, changed)).start()
"""
    assert reported(text) == lost(text)


@pytest.mark.parametrize("pause", ["await other()", "await asyncio.sleep(0)"])
def test_a_lock_between_processes_is_held_across_an_await(pause):
    text = f"""
import asyncio
async def other():
    pass
async def job(hits):
    with hits.get_lock():
        number = hits.value
        {pause}
        hits.value = number + 1
    number = hits.value
    {pause}
    hits.value = number + 1  # lost
def work(hits):
    asyncio.run(job(hits))
if __name__ == "__main__":
    hits = Value("i", 0)
    for _ in range(3):
        Process(target=work, args=(hits,)).start()
"""
    assert reported(text) == lost(text)
