"""Which `acquire()` leaves a lock held, and which only looks like it.

Rows that acquire what some way out does not release end with `# held`.
"""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from cases import findings_in
from resolve.programs import sources

_MAIN = """
if __name__ == "__main__":
    hits, lock = Value("i", 0), Lock()
    for turn in range(3):
        Process(target=work, args=(hits, lock, turn)).start()
"""


def marked(text):
    return [number for number, row in enumerate(text.split("\n"), 1) if row.endswith("# held")]


def found(text):
    [source] = sources(text)
    return marked(source.text), [
        finding.at.span.line for finding in findings_in([source]) if finding.code == "LV206"
    ]


def program(body, head=""):
    """A module whose workers run `body` with a Value, a lock and a number."""
    return f"{dedent(head)}\ndef work(hits, lock, turn):{indent(dedent(body), '    ')}{_MAIN}"


HELD = {
    "return": """
        lock.acquire()  # held
        if hits.value > 9:
            return
        lock.release()
    """,
    "return of a value": """
        lock.acquire()  # held
        for key in range(turn):
            if key == hits.value:
                return key
        lock.release()
        return None
    """,
    "raise": """
        lock.acquire()  # held
        if hits.value > 9:
            raise OverflowError(turn)
        hits.value += 1
        lock.release()
    """,
    "break": """
        while True:
            lock.acquire()  # held
            if hits.value > 9:
                break
            lock.release()
    """,
    "continue": """
        for key in range(turn):
            lock.acquire()  # held
            if key == hits.value:
                continue
            lock.release()
    """,
    "a branch": """
        lock.acquire()  # held
        if turn:
            lock.release()
    """,
    "else": """
        lock.acquire()  # held
        if turn:
            lock.release()
        else:
            print(turn)
    """,
    "one case of match": """
        lock.acquire()  # held
        match turn:
            case 0:
                lock.release()
            case _:
                print(turn)
    """,
    "no release at all": """
        lock.acquire()  # held
        hits.value += 1
    """,
    "the object itself": """
        hits.acquire()  # held
        if turn:
            return
        hits.release()
    """,
    "the object's own lock": """
        hits.get_lock().acquire()  # held
        if turn:
            return
        hits.get_lock().release()
    """,
    "another lock is released": """
        lock.acquire()  # held
        hits.acquire()
        if turn:
            hits.release()
            return
        hits.release()
        lock.release()
    """,
    "a handler": """
        lock.acquire()  # held
        try:
            hits.value += int(input())
        except ValueError:
            return
        lock.release()
    """,
    "raised in a handler": """
        lock.acquire()  # held
        try:
            hits.value += int(input())
        except ValueError as error:
            raise SystemExit(turn) from error
        lock.release()
    """,
    "raised and handled": """
        try:
            lock.acquire()  # held
            if hits.value > 9:
                raise OverflowError
            lock.release()
        except OverflowError:
            print(turn)
    """,
    "an attempt": """
        if lock.acquire(timeout=1):  # held
            if hits.value > 9:
                return
            lock.release()
    """,
    "an attempt in a guard": """
        if not lock.acquire(block=False):  # held
            return
        if hits.value > 9:
            return
        lock.release()
    """,
    "an attempt's answer in a name": """
        got = lock.acquire(timeout=turn)  # held
        if got and hits.value > 9:
            return
        if got:
            lock.release()
    """,
    "released in a helper on one way": """
        def done():
            lock.release()

        lock.acquire()  # held
        if turn:
            return
        done()
    """,
    "finally for less than all": """
        lock.acquire()  # held
        if turn:
            return
        try:
            hits.value += 1
        finally:
            lock.release()
    """,
    "two ways, one finding": """
        lock.acquire()  # held
        if turn == 1:
            return
        if turn == 2:
            raise ValueError(turn)
        lock.release()
    """,
    "in one of two loops": """
        for key in range(turn):
            lock.acquire()
            hits.value += key
            lock.release()
        while turn:
            lock.acquire()  # held
            turn -= 1
            if hits.value > 9:
                break
            hits.value += 1
            lock.release()
    """,
    "released in a handler alone": """
        try:
            lock.acquire()  # held
            hits.value += 1
        except ValueError:
            lock.release()
    """,
    "released in a loop that may end before": """
        lock.acquire()  # held
        for key in range(turn):
            if key == hits.value:
                lock.release()
                return
    """,
    "whatever the data is": """
        for item in [1, 2]:
            lock.acquire()  # held
            if not item:
                continue
            lock.release()
    """,
    "another one is acquired well": """
        lock.acquire()
        hits.value += 1
        lock.release()
        lock.acquire()  # held
        if turn:
            return
        lock.release()
    """,
    "a file is open": """
        with open("a") as file:
            lock.acquire()  # held
            if not file.read():
                raise EOFError
            lock.release()
    """,
}

RELEASED = {
    "straight on": """
        lock.acquire()
        hits.value += int(input())
        lock.release()
    """,
    "before each way out": """
        lock.acquire()
        if hits.value > 9:
            lock.release()
            return
        if hits.value < 0:
            lock.release()
            raise ValueError
        lock.release()
    """,
    "finally": """
        lock.acquire()
        try:
            if hits.value > 9:
                return
            if hits.value < 0:
                raise ValueError
            for key in range(turn):
                if key == hits.value:
                    break
        finally:
            lock.release()
    """,
    "finally in a loop": """
        while True:
            lock.acquire()
            try:
                if hits.value > 9:
                    break
                if hits.value == 7:
                    continue
                hits.value += 1
            finally:
                lock.release()
    """,
    "acquired inside try": """
        try:
            lock.acquire()
            if turn:
                return
        finally:
            lock.release()
    """,
    "handled and released": """
        lock.acquire()
        try:
            hits.value += int(input())
        except ValueError:
            lock.release()
            raise
        lock.release()
    """,
    "raised and handled": """
        lock.acquire()
        try:
            if hits.value > 9:
                raise OverflowError
        except OverflowError:
            print(turn)
        lock.release()
    """,
    "the exception goes on": """
        lock.acquire()
        try:
            hits.value += int(input())
        except ValueError:
            print(turn)
            raise
        lock.release()
    """,
    "a call that may raise after the release": """
        lock.acquire()
        try:
            seen = hits.value
            lock.release()
            print(1 / seen)
        except ZeroDivisionError:
            return
    """,
    "the same condition": """
        if turn:
            lock.acquire()
        hits.value = 0
        if turn:
            lock.release()
    """,
    "the same condition, the other way round": """
        if turn is None:
            print("alone")
        else:
            lock.acquire()
        hits.value = 0
        if turn is not None:
            lock.release()
    """,
    "an optional lock": """
        if lock is not None:
            lock.acquire()
        try:
            hits.value = 0
            if turn:
                return
        finally:
            if lock:
                lock.release()
    """,
    "an optional lock in one expression": """
        lock and lock.acquire()
        if turn:
            lock and lock.release()
            return
        if lock is not None:
            lock.release()
    """,
    "a flag beside it": """
        lock.acquire()
        held = True
        if hits.value > 9:
            lock.release()
            held = False
        print(turn)
        if held:
            lock.release()
    """,
    "a flag in one branch": """
        held = False
        if hits.value > 9:
            lock.acquire()
            held = True
        print(turn)
        if held:
            lock.release()
    """,
    "an attribute that tells": """
        class Job:
            held = False

        job = Job()
        lock.acquire()
        job.held = True
        if turn:
            lock.release()
            job.held = False
        if job.held:
            lock.release()
    """,
    "a flag that comes first": """
        free = False
        lock.acquire()
        try:
            if hits.value > 9:
                lock.release()
                free = True
                print(turn)
                return
        finally:
            if not free:
                lock.release()
    """,
    "an attempt": """
        if lock.acquire(timeout=1):
            hits.value += 1
            lock.release()
        else:
            return
    """,
    "an attempt that failed": """
        if not lock.acquire(timeout=1):
            return
        hits.value += 1
        lock.release()
    """,
    "an attempt and finally": """
        got = lock.acquire(timeout=1)
        try:
            if not got:
                return
            hits.value += 1
        finally:
            if got:
                lock.release()
    """,
    "an attempt in a walrus": """
        if not (got := lock.acquire(timeout=1)):
            raise TimeoutError
        hits.value += 1
        if got:
            lock.release()
    """,
    "attempts until one succeeds": """
        while not lock.acquire(timeout=1):
            print(turn)
        hits.value += 1
        lock.release()
    """,
    "the first one alone": """
        if lock.acquire(block=False):
            hits.value = 7
    """,
    "given up between turns": """
        lock.acquire()
        while hits.value < 9:
            lock.release()
            print(turn)
            lock.acquire()
        lock.release()
    """,
    "released in the caller's place": """
        def done():
            lock.release()

        lock.acquire()
        if turn:
            done()
            return
        done()
    """,
    "a callback of a stack": """
        from contextlib import ExitStack

        with ExitStack() as stack:
            lock.acquire()
            stack.callback(lock.release)
            if turn:
                return
    """,
    "released at the end of the process": """
        import atexit

        lock.acquire()
        atexit.register(lambda: lock.release())
        if turn:
            return
    """,
    "suppressed": """
        from contextlib import suppress

        lock.acquire()
        with suppress(ValueError):
            if turn:
                raise ValueError
        lock.release()
    """,
    "many locks, one after the other": """
        locks = [Lock() for _ in range(3)]
        for one in locks:
            one.acquire()
        hits.value += 1
        for one in locks:
            one.release()
    """,
    "an attempt in a helper": """
        def attempt():
            return lock.acquire(timeout=3)

        got = attempt()
        if not got:
            return
        hits.value += 1
        lock.release()
    """,
    "an attempt, again and again": """
        for _ in range(3):
            if lock.acquire(timeout=1):
                break
        else:
            return
        hits.value += 1
        lock.release()
    """,
    "a way that constants close": """
        item = 1
        while True:
            lock.acquire()
            if item:
                lock.release()
                break
            lock.release()
    """,
    "a process ends": """
        import sys

        lock.acquire()
        if turn:
            sys.exit(1)
        lock.release()
    """,
    "a callback": """
        with Pool(2) as pool:
            lock.acquire()
            pool.apply_async(print, (1,), callback=lambda _: lock.release())
    """,
    "no lock": """
        slots = Semaphore(4)
        slots.acquire()
        if turn:
            return
        slots.release()
    """,
    "under two names": """
        same = lock
        lock.acquire()
        if turn:
            same.release()
            return
        same.release()
    """,
    "by name": """
        free = lock.release
        lock.acquire()
        if turn:
            free()
            return
        free()
    """,
    "for ever": """
        while True:
            lock.acquire()
            hits.value += 1
            lock.release()
    """,
    "a condition": """
        from multiprocessing import Condition

        ready = Condition(lock)
        ready.acquire()
        while hits.value == 0:
            ready.wait()
        hits.value -= 1
        ready.release()
    """,
    "something unknown is released": """
        from somewhere import camera

        lock.acquire()
        if turn:
            camera.release()
            return
        lock.release()
    """,
    "given away": """
        from somewhere import finish

        lock.acquire()
        if turn:
            finish(lock)
            return
        lock.release()
    """,
}


@pytest.mark.parametrize("name", HELD)
def test_what_a_way_out_leaves_held_is_reported_where_it_is_acquired(name):
    expected, rows = found(program(HELD[name]))
    assert len(expected) == 1
    assert rows == expected


@pytest.mark.parametrize("name", RELEASED)
def test_what_every_way_out_releases_is_not_reported(name):
    expected, rows = found(program(RELEASED[name]))
    assert rows == expected == []


MEANT = {
    "one method acquires, another releases": """
        class Shelf:
            def __init__(self):
                self.lock = Lock()
                self.count = Value("i", 0)

            def open(self):
                self.lock.acquire()
                if self.count.value < 0:
                    self.lock.release()
                    return False
                return True

            def close(self):
                self.lock.release()

        def work(shelf):
            if shelf.open():
                shelf.count.value += 1
                shelf.close()

        if __name__ == "__main__":
            shelf = Shelf()
            Process(target=work, args=(shelf,)).start()
            Process(target=work, args=(shelf,)).start()
        """,
    "a context class": """
        class Held:
            def __init__(self, lock):
                self.lock = lock

            def __enter__(self):
                self.lock.acquire()
                if not self.lock:
                    self.lock.release()
                return self

            def __exit__(self, *args):
                self.lock.release()

        def work(hits, lock):
            with Held(lock):
                hits.value += 1

        if __name__ == "__main__":
            Process(target=work, args=(Value("i", 0), Lock())).start()
        """,
    "a helper of contextmanager": """
        from contextlib import contextmanager

        @contextmanager
        def held(lock, really):
            lock.acquire()
            yield
            if really:
                lock.release()

        def work(hits, lock):
            with held(lock, hits.value):
                hits.value += 1

        if __name__ == "__main__":
            Process(target=work, args=(Value("i", 0), Lock())).start()
        """,
    "one process acquires, another releases": """
        def first(turn):
            turn.acquire()
            print("ping")

        def second(turn):
            print("pong")
            turn.release()

        if __name__ == "__main__":
            turn = Lock()
            Process(target=first, args=(turn,)).start()
            Process(target=second, args=(turn,)).start()
        """,
    "acquired for callers out of sight": """
        lock = Lock()

        def reserve():
            lock.acquire()
            return lock
        """,
    "acquired for a caller that releases": """
        def grab(lock):
            lock.acquire()

        def work(hits, lock):
            grab(lock)
            hits.value += 1
            lock.release()

        if __name__ == "__main__":
            Process(target=work, args=(Value("i", 0), Lock())).start()
        """,
    "given up for a while": """
        def pause(lock):
            lock.release()
            print("others")
            lock.acquire()

        def work(hits, lock):
            lock.acquire()
            while hits.value < 9:
                pause(lock)
            lock.release()

        if __name__ == "__main__":
            Process(target=work, args=(Value("i", 0), Lock())).start()
        """,
    "a lock of threads": """
        import threading

        lock = threading.Lock()

        def work(turn):
            lock.acquire()
            if turn:
                return
            lock.release()

        threading.Thread(target=work, args=(1,)).start()
        """,
    "a lock that may be any": """
        def work(turn, lock):
            lock.acquire()
            if turn:
                return
            lock.release()
        """,
    "a decorator": """
        lock = Lock()

        def locked(function):
            def inner(*given):
                lock.acquire()
                try:
                    return function(*given)
                finally:
                    lock.release()
            return inner

        @locked
        def work(hits):
            if hits.value > 9:
                return
            hits.value += 1

        if __name__ == "__main__":
            Process(target=work, args=(Value("i", 0),)).start()
        """,
}


@pytest.mark.parametrize("name", MEANT)
def test_what_is_acquired_for_others_is_not_reported(name):
    expected, rows = found(MEANT[name])
    assert rows == expected == []


LEFT = {
    "a method of an object": """
        class Till:
            def __init__(self):
                self.lock = Lock()
                self.sum = Value("i", 0)

            def pay(self, amount):
                self.lock.acquire()  # held
                if amount > self.sum.value:
                    return False
                self.sum.value -= amount
                self.lock.release()
                return True

        if __name__ == "__main__":
            till = Till()
            Process(target=till.pay, args=(4,)).start()
            Process(target=till.pay, args=(5,)).start()
        """,
    "a lock of a manager": """
        def work(store, lock):
            lock.acquire()  # held
            if "a" in store:
                return
            store["a"] = 1
            lock.release()

        if __name__ == "__main__":
            manager = Manager()
            store, lock = manager.dict(), manager.Lock()
            with Pool(2) as pool:
                pool.starmap(work, [(store, lock)] * 4)
        """,
    "a worker that never releases": """
        def grab(lock):
            lock.acquire()  # held

        def work(hits, lock):
            grab(lock)
            hits.value += 1

        if __name__ == "__main__":
            lock, hits = Lock(), Value("i", 0)
            Process(target=work, args=(hits, lock)).start()
            Process(target=work, args=(hits, lock)).start()
        """,
    "a class that nobody in sight uses": """
        class Store:
            def __init__(self):
                self.room = Value("i", 9)

            def take(self):
                self.room.get_lock().acquire()  # held
                if not self.room.value:
                    raise LookupError
                self.room.value -= 1
                self.room.get_lock().release()
        """,
    "an annotation": """
        from multiprocessing.sharedctypes import Synchronized

        def take(room: Synchronized, wanted):
            room.acquire()  # held
            if wanted > room.value:
                return 0
            room.value -= wanted
            room.release()
            return wanted
        """,
    "an attempt in a helper elsewhere": """
        def attempt(lock):
            return lock.acquire(timeout=3)

        def good(hits, lock):
            if attempt(lock):
                hits.value += 1
                lock.release()

        def bad(hits, lock):
            lock.acquire()  # held
            if hits.value > 9:
                return
            lock.release()

        if __name__ == "__main__":
            hits, lock = Value("i", 0), Lock()
            Process(target=good, args=(hits, lock)).start()
            Process(target=bad, args=(hits, lock)).start()
        """,
    "released well elsewhere": """
        def good(hits, lock):
            lock.acquire()
            hits.value += 1
            lock.release()

        def bad(hits, lock, turn):
            lock.acquire()  # held
            if turn:
                return
            hits.value += 1
            lock.release()

        def patient(hits, lock):
            if lock.acquire(timeout=2):
                hits.value += 1
                lock.release()

        if __name__ == "__main__":
            hits, lock = Value("i", 0), Lock()
            Process(target=good, args=(hits, lock)).start()
            Process(target=bad, args=(hits, lock, 1)).start()
            Process(target=patient, args=(hits, lock)).start()
        """,
}


@pytest.mark.parametrize("name", LEFT)
def test_locks_are_followed_wherever_they_are_kept(name):
    expected, rows = found(LEFT[name])
    assert len(expected) == 1
    assert rows == expected


def test_the_way_out_is_told_beside_it():
    text = """
        lock.acquire()
        if turn:
            return
        lock.release()
    """
    [source] = sources(program(text))
    [finding] = [one for one in findings_in([source]) if one.code == "LV206"]
    assert [note.at.span.line for note in finding.notes] == [finding.at.span.line + 2]
    assert finding.symbol == "lock"
    assert finding.function == "work"


def test_an_own_lock_names_its_object():
    [source] = sources(program(HELD["the object itself"]))
    [finding] = [one for one in findings_in([source]) if one.code == "LV206"]
    assert finding.kind == "Value"
    assert finding.objects == (0,)
