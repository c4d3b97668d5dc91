"""Objects and locks, followed through everything that hands them on.

Each program has an update that is lost, marked `# lost`, and next to it one that is not.
"""

from __future__ import annotations

import pytest
from resolve.programs import lost, reported

PROGRAMS = {
    "positional arguments of a launch": """
        def work(label, hits, mine):
            hits.value += 1  # lost
            mine += 1
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                Process(target=work, args=("x", hits, 0)).start()
    """,
    "a class of which nobody makes an object, or calls a method": """
        total = None
        class Task:
            def __init__(self):
                global total
                if total is None:
                    total = Value("i", 0)
                with total.get_lock():
                    total.value += 1
                total.value += 1  # lost
    """,
    "an attribute that is made in another method": """
        class Tally:
            def __init__(self):
                self.hits = None
            def reset(self):
                self.hits = Value("i", 0)
            def add(self):
                self.hits.value += 1  # lost
                with self.hits.get_lock():
                    self.hits.value += 1
    """,
    "the end of a context manager": """
        class Timed:
            def __init__(self, total, lock):
                self.total, self.lock = total, lock
            def __enter__(self):
                return self
            def __exit__(self, *exc):
                self.total.value += 1  # lost
                with self.lock:
                    self.total.value += 1
        def work(total, lock):
            with Timed(total, lock):
                print("at work")
        if __name__ == "__main__":
            total, lock = Value("d", 0), Lock()
            for _ in range(3):
                Process(target=work, args=(total, lock)).start()
    """,
    "keyword arguments of a launch": """
        def work(*, hits, step):
            hits.value += 1  # lost
            step.value += 1
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                step = Value("i", 0)
                Process(target=work, kwargs={"hits": hits, "step": step}).start()
    """,
    "arguments held in a variable": """
        def work(hits, lock):
            hits.value += 1  # lost
            with lock:
                hits.value += 1
        if __name__ == "__main__":
            given = (Value("i", 0), Lock())
            for _ in range(3):
                Process(target=work, args=given).start()
    """,
    "star arguments": """
        def work(*given):
            add(*given)
        def add(hits, other):
            hits.value += 1  # lost
            other.value = 1
        if __name__ == "__main__":
            hits, other = Value("i", 0), Value("i", 0)
            for _ in range(3):
                Process(target=work, args=(hits, other)).start()
    """,
    "double star arguments": """
        def work(**given):
            add(**given)
        def add(hits, lock):
            hits.value += 1  # lost
            with lock:
                hits.value += 1
        if __name__ == "__main__":
            hits, lock = Value("i", 0), Lock()
            for _ in range(3):
                Process(target=work, kwargs=dict(hits=hits, lock=lock)).start()
    """,
    "a partial": """
        from functools import partial
        def work(hits, step):
            hits.value += step  # lost
            with hits.get_lock():
                hits.value += step
        if __name__ == "__main__":
            hits = Value("i", 0)
            job = partial(work, hits, step=2)
            for _ in range(3):
                Process(target=job).start()
    """,
    "a closure": """
        def main():
            hits, seen = Value("i", 0), 0
            def work():
                nonlocal seen
                seen += 1
                hits.value += 1  # lost
            for _ in range(3):
                Process(target=work).start()
        main()
    """,
    "a lambda": """
        def work(hits, lock):
            hits.value += 1  # lost
            with lock:
                hits.value -= 1
        if __name__ == "__main__":
            hits, lock = Value("i", 0), Lock()
            for _ in range(3):
                Process(target=lambda: work(hits, lock)).start()
    """,
    "a bound method as target": """
        class Meter:
            def __init__(self):
                self.hits = Value("i", 0)
                self.own = 0
            def work(self):
                self.hits.value += 1  # lost
                self.own += 1
        if __name__ == "__main__":
            meter = Meter()
            for _ in range(3):
                Process(target=meter.work).start()
    """,
    "private attributes": """
        class Meter:
            def __init__(self):
                self.__hits = Value("i", 0)
                self._lock = Lock()
            def add(self):
                self.__hits.value += 1  # lost
            def safely(self):
                with self._lock:
                    self.__hits.value += 1
        def work(meter):
            meter.add()
            meter.safely()
        if __name__ == "__main__":
            meter = Meter()
            for _ in range(3):
                Process(target=work, args=(meter,)).start()
    """,
    "an attribute set in another method": """
        class Meter:
            def prepare(self):
                self.hits = Value("i", 0)
            def work(self):
                self.hits.value += 1  # lost
                with self.hits:
                    self.hits.value += 1
        if __name__ == "__main__":
            meter = Meter()
            meter.prepare()
            for _ in range(3):
                Process(target=meter.work).start()
    """,
    "an inherited attribute": """
        class Base:
            def __init__(self, hits):
                self.hits = hits
        class Meter(Base):
            def work(self):
                self.hits.value += 1  # lost
                with self.hits.get_lock():
                    self.hits.value += 1
        if __name__ == "__main__":
            meter = Meter(Value("i", 0))
            for _ in range(3):
                Process(target=meter.work).start()
    """,
    "an argument of super().__init__": """
        class Base:
            def __init__(self, hits):
                self.hits = hits
        class Meter(Base):
            def __init__(self, hits, lock):
                super().__init__(hits)
                self.lock = lock
            def work(self):
                self.hits.value += 1  # lost
                with self.lock:
                    self.hits.value += 1
        if __name__ == "__main__":
            meter = Meter(Value("i", 0), Lock())
            for _ in range(3):
                Process(target=meter.work).start()
    """,
    "an attribute of a Process subclass": """
        class Worker(Process):
            def __init__(self, hits):
                super().__init__()
                self.hits = hits
                self.own = 0
            def run(self):
                self.hits.value += 1  # lost
                self.own += 1
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                Worker(hits).start()
    """,
    "an attribute put on another object": """
        class Worker(Process):
            def run(self):
                self.hits.value += 1  # lost
                with self.hits.get_lock():
                    self.hits.value += 1
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                worker = Worker()
                worker.hits = hits
                worker.start()
    """,
    "a property that returns a Value": """
        class Meter:
            def __init__(self):
                self._hits = Value("i", 0)
            @property
            def hits(self):
                return self._hits
        def work(meter):
            meter.hits.value += 1  # lost
            with meter.hits.get_lock():
                meter.hits.value += 1
        if __name__ == "__main__":
            meter = Meter()
            for _ in range(3):
                Process(target=work, args=(meter,)).start()
    """,
    "a property that wraps a Value": """
        class Meter:
            def __init__(self):
                self._hits = Value("i", 0)
                self.lock = Lock()
            @property
            def hits(self):
                return self._hits.value
            @hits.setter
            def hits(self, number):
                self._hits.value = number
        def work(meter):
            meter.hits += 1  # lost
            with meter.lock:
                meter.hits += 1
        if __name__ == "__main__":
            meter = Meter()
            for _ in range(3):
                Process(target=work, args=(meter,)).start()
    """,
    "a module's global": """
        hits = Value("i", 0)
        def work():
            hits.value += 1  # lost
            with hits.get_lock():
                hits.value += 1
        if __name__ == "__main__":
            for _ in range(3):
                Process(target=work).start()
    """,
    "a global made late": """
        hits = None
        def hits_of_all():
            global hits
            if hits is None:
                hits = Value("i", 0)
            return hits
        def work(hits, mine):
            hits.value += 1  # lost
            mine.append(1)
        if __name__ == "__main__":
            made = hits_of_all()
            for _ in range(3):
                Process(target=work, args=(made, [])).start()
    """,
    "a global set by an initializer": """
        hits = lock = None
        def prepare(given, given_lock):
            global hits, lock
            hits, lock = given, given_lock
        def work(_number):
            hits.value += 1  # lost
            with lock:
                hits.value += 1
        if __name__ == "__main__":
            with Pool(3, initializer=prepare, initargs=(Value("i", 0), Lock())) as pool:
                pool.map(work, range(9))
    """,
    "a class attribute": """
        class Meter:
            hits = Value("i", 0)
            own = 0
            def work(self):
                self.hits.value += 1  # lost
                self.own += 1
        if __name__ == "__main__":
            for _ in range(3):
                Process(target=Meter().work).start()
    """,
    "a dataclass's field": """
        from dataclasses import dataclass, field
        from multiprocessing.sharedctypes import Synchronized
        @dataclass
        class Meter:
            hits: Synchronized
            own: int = 0
        def work(meter):
            meter.hits.value += 1  # lost
            meter.own += 1
        if __name__ == "__main__":
            meter = Meter(Value("i", 0))
            for _ in range(3):
                Process(target=work, args=(meter,)).start()
    """,
    "a dataclass's default_factory": """
        from dataclasses import dataclass, field
        @dataclass
        class Meter:
            hits: object = field(default_factory=lambda: Value("i", 0))
            own: int = 0
        def work(meter):
            meter.hits.value += 1  # lost
            meter.own += 1
        if __name__ == "__main__":
            meter = Meter()
            for _ in range(3):
                Process(target=work, args=(meter,)).start()
    """,
    "a named tuple's field": """
        from typing import NamedTuple
        class Given(NamedTuple):
            hits: object
            limit: int
        def work(given):
            given.hits.value += given.limit  # lost
            with given.hits.get_lock():
                given.hits.value += given.limit
        if __name__ == "__main__":
            given = Given(Value("i", 0), 3)
            for _ in range(3):
                Process(target=work, args=(given,)).start()
    """,
    "a dict of Values": """
        def work(hits, names):
            hits["all"].value += 1  # lost
            with hits["all"].get_lock():
                hits["all"].value += 1
            names["all"] += 1
        if __name__ == "__main__":
            hits = {"all": Value("i", 0), "some": Value("i", 0)}
            for _ in range(3):
                Process(target=work, args=(hits, {"all": 0})).start()
    """,
    "a list of Values": """
        def work(hits):
            for one in hits:
                one.value += 1  # lost
            for one in hits:
                with one.get_lock():
                    one.value += 1
        if __name__ == "__main__":
            hits = [Value("i", 0) for _ in range(4)]
            for _ in range(3):
                Process(target=work, args=(hits,)).start()
    """,
    "a list that is filled in a loop": """
        def work(hits, own):
            hits[0].value += 1  # lost
            own[0] += 1
        if __name__ == "__main__":
            hits = []
            for _ in range(4):
                hits.append(Value("i", 0))
            for _ in range(3):
                Process(target=work, args=(hits, [0])).start()
    """,
    "a tuple taken apart": """
        def work(given):
            (hits, _), lock = given
            hits.value += 1  # lost
            with lock:
                hits.value += 1
        if __name__ == "__main__":
            given = ((Value("i", 0), 1), Lock())
            for _ in range(3):
                Process(target=work, args=(given,)).start()
    """,
    "what a factory returns": """
        def hits_from(start):
            return Value("i", start)
        def number_from(start):
            return Number(start)
        class Number:
            def __init__(self, value):
                self.value = value
        def work(hits, number):
            hits.value += 1  # lost
            number.value += 1
        if __name__ == "__main__":
            hits, number = hits_from(1), number_from(1)
            for _ in range(3):
                Process(target=work, args=(hits, number)).start()
    """,
    "what is made only sometimes": """
        def work(hits, lock):
            if hits is not None:
                hits.value += 1  # lost
                with lock:
                    hits.value += 1
        def main(parallel):
            hits = Value("i", 0) if parallel else None
            lock = Lock() if parallel else None
            for _ in range(3):
                Process(target=work, args=(hits, lock)).start()
        main(True)
    """,
    "a context kept in a constant": """
        import multiprocessing
        CONTEXT = multiprocessing.get_context("fork")
        def work(hits, lock):
            hits.value += 1  # lost
            with lock:
                hits.value += 1
        if __name__ == "__main__":
            hits, lock = CONTEXT.Value("i", 0), CONTEXT.Lock()
            for _ in range(3):
                CONTEXT.Process(target=work, args=(hits, lock)).start()
    """,
    "a context handed on": """
        import multiprocessing as mp
        class Meter:
            def __init__(self, context):
                self.context = context
                self.hits = context.Value("i", 0)
            def start(self):
                self.context.Process(target=self.work).start()
            def work(self):
                self.hits.value += 1  # lost
                with self.hits.get_lock():
                    self.hits.value += 1
        if __name__ == "__main__":
            meter = Meter(mp.get_context("spawn"))
            for _ in range(3):
                meter.start()
    """,
    "an alias": """
        def work(hits):
            same = hits
            same.value += 1  # lost
            lock = same.get_lock()
            with lock:
                hits.value += 1
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                Process(target=work, args=(hits,)).start()
    """,
    "an annotation": """
        from multiprocessing.sharedctypes import Synchronized
        class Number:
            value = 0
        def work(hits: Synchronized, number: Number):
            hits.value += 1  # lost
            number.value += 1
    """,
    "an annotation with a type argument, or in quotes": """
        from multiprocessing.sharedctypes import Synchronized, SynchronizedArray
        def work(hits: "Synchronized[int]", cells: SynchronizedArray[int], numbers: list[int]):
            hits.value += 1  # lost
            cells[0] += 1  # lost
            numbers[0] += 1
    """,
    "a global made late, asked for in each turn of a loop": """
        hits = None
        def hits_of_all():
            global hits
            if hits is None:
                hits = Value("i", 0)
            return hits
        def work(hits):
            hits.value += 1  # lost
            with hits.get_lock():
                hits.value += 1
        if __name__ == "__main__":
            for _ in range(3):
                Process(target=work, args=(hits_of_all(),)).start()
    """,
    "an object used as what it is, without an annotation": """
        def work(hits, number):
            hits.value += 1  # lost
            with hits.get_lock():
                hits.value += 1
            number.value += 1
    """,
    "a nested function that is only returned": """
        hits = Value("i", 0)
        def outer():
            def never():
                hits.value += 1  # lost
                with hits.get_lock():
                    hits.value += 1
            return never
    """,
    "an executor": """
        from concurrent.futures import ProcessPoolExecutor
        hits = None
        def prepare(given):
            global hits
            hits = given
        def work(_number):
            hits.value += 1  # lost
            with hits.get_lock():
                hits.value += 1
        if __name__ == "__main__":
            given = Value("i", 0)
            with ProcessPoolExecutor(initializer=prepare, initargs=(given,)) as executor:
                list(executor.map(work, range(9)))
    """,
    "a manager's proxies": """
        def work(totals, space, names):
            totals["a"] += 1  # lost
            space.total += 1  # lost
            names.append("a")
            totals["b"] = 1
        if __name__ == "__main__":
            manager = Manager()
            totals, space, names = manager.dict(), manager.Namespace(), manager.list()
            for _ in range(3):
                Process(target=work, args=(totals, space, names)).start()
    """,
    "the memory inside an object": """
        def work(hits, raw):
            hits.get_obj().value += 1  # lost
            with hits.get_lock():
                hits.get_obj().value += 1
            raw.value += 1  # lost
        if __name__ == "__main__":
            hits, raw = Value("i", 0), RawValue("i", 0)
            for _ in range(3):
                Process(target=work, args=(hits, raw)).start()
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_object_is_followed_through(name):
    """The lost updates are found, and nothing else."""
    assert reported(PROGRAMS[name]) == lost(PROGRAMS[name])


WORKER = """
    def work(hits):
        hits.value += 1  # lost
        with hits.get_lock():
            hits.value += 1
"""
MAIN = """
    {imports}
    if __name__ == "__main__":
        for _ in range(3):
            Process(target={work}, args=({hits},)).start()
"""
LIBRARY = "from multiprocessing import Process, Value\n"


def _main(imports, work, hits):
    return LIBRARY + MAIN.replace("\n    ", "\n").format(imports=imports, work=work, hits=hits)


PROJECTS = {
    "absolute imports": {
        "main.py": _main("import worker\nimport state", "worker.work", "state.hits"),
        "worker.py": WORKER,
        "state.py": f"{LIBRARY}hits = Value('i', 0)\n",
    },
    "relative imports": {
        "app/__init__.py": "",
        "app/main.py": _main(
            "from .parts.worker import work\nfrom . import state", "work", "state.hits"
        ),
        "app/parts/__init__.py": "",
        "app/parts/worker.py": WORKER,
        "app/state.py": f"{LIBRARY}hits = Value('i', 0)\n",
    },
    "names exported again": {
        "app/__init__.py": "from .worker import work as job\nfrom .state import *\n",
        "app/worker.py": WORKER,
        "app/state.py": f"{LIBRARY}__all__ = ['hits']\nhits = Value('i', 0)\n",
        "main.py": _main("from app import job, hits", "job", "hits"),
    },
    "names imported under another name": {
        "main.py": _main(
            "from worker import work as job\nfrom state import hits as total", "job", "total"
        ),
        "worker.py": WORKER,
        "state.py": f"{LIBRARY}hits = Value('i', 0)\n",
    },
    "star imports": {
        "main.py": _main("from worker import *\nfrom state import *", "work", "hits"),
        "worker.py": WORKER,
        "state.py": f"{LIBRARY}hits = Value('i', 0)\n",
    },
    "a star import of the library": {
        "main.py": _main("from worker import work\nhits = Value('i', 0)", "work", "hits").replace(
            "import Process, Value", "import *"
        ),
        "worker.py": WORKER,
    },
    "a src folder": {
        "src/app/__init__.py": "",
        "src/app/worker.py": WORKER,
        "bin/main.py": _main("from app.worker import work\nhits = Value('i', 0)", "work", "hits"),
    },
    "an import inside a function": {
        "main.py": _main(
            "def job(hits):\n    import worker\n    worker.work(hits)\nhits = Value('i', 0)",
            "job",
            "hits",
        ),
        "worker.py": WORKER,
    },
    "the library itself, exported again": {
        "shared.py": "from multiprocessing import Process, Value as Cell\n",
        "worker.py": WORKER,
        "main.py": _main(
            "from worker import work\nfrom shared import Cell\nhits = Cell('i', 0)", "work", "hits"
        ),
    },
    "a module in a package that imports it by its dotted name": {
        "app/__init__.py": "",
        "app/worker.py": WORKER,
        "main.py": _main("import app.worker\nhits = Value('i', 0)", "app.worker.work", "hits"),
    },
}


@pytest.mark.parametrize("name", PROJECTS)
def test_an_object_is_followed_across_modules_by(name):
    """The lost update is found in the file that has it, and nothing else is."""
    assert reported(PROJECTS[name]) == lost(PROJECTS[name]) != []


FOREIGN = {
    "a class of one's own": """
        class Value:
            def __init__(self, code, value):
                self.value = value
        def work(hits):
            hits.value += 1
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                Process(target=work, args=(hits,)).start()
    """,
    "another library's Value": """
        from django.db.models import Value
        def work(hits):
            hits.value += 1
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                Process(target=work, args=(hits,)).start()
    """,
    "an enum": """
        import enum
        class Color(enum.Enum):
            RED = 1
        def work(color):
            color.value += 1
        if __name__ == "__main__":
            for _ in range(3):
                Process(target=work, args=(Color.RED,)).start()
    """,
    "a Tk variable": """
        import tkinter
        total = tkinter.IntVar()
        total.set(total.get() + 1)
        Process(target=print).start()
    """,
    "a name that stands for a number by then": """
        def work(hits):
            hits = hits.value
            hits += 1
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                Process(target=work, args=(hits,)).start()
    """,
    "a parameter of which nothing is known": """
        def work(hits):
            hits.value += 1
    """,
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_not_surely_shared_is_left_alone(name):
    assert reported(FOREIGN[name]) == []
