"""Who writes, and when: an update is lost only if two writes can meet."""

from __future__ import annotations

from textwrap import dedent

import pytest
from resolve.programs import lost, project, reported

from lintvalue.model.project import Silence

_WORK = """
def work(hits):
    hits.value += 1
"""


def silences(text):
    """The reasons for which the updates of a program are silent, in source order."""
    updates = sorted(project(dedent(text)).updates, key=lambda update: update.at)
    return [update.silence for update in updates]


MEETINGS = {
    "one process": (
        "Process(target=work, args=(hits,)).start()",
        Silence.ONE_WRITER,
    ),
    "processes made in a loop": (
        "for _ in range(3):\n    Process(target=work, args=(hits,)).start()",
        None,
    ),
    "processes made in a comprehension": (
        "for one in [Process(target=work, args=(hits,)) for _ in range(3)]:\n    one.start()",
        None,
    ),
    "two processes": (
        "Process(target=work, args=(hits,)).start()\nProcess(target=work, args=(hits,)).start()",
        None,
    ),
    "two processes, one after the other": (
        "one = Process(target=work, args=(hits,))\none.start()\none.join()\ntwo = Process(target=work, args=(hits,))\ntwo.start()\ntwo.join()",
        Silence.NOT_CONCURRENT,
    ),
    "an object for each process": (
        "for _ in range(3):\n    hits = Value('i', 0)\n    Process(target=work, args=(hits,)).start()",
        Silence.ONE_WRITER,
    ),
    "a store beside a process": (
        "one = Process(target=work, args=(hits,))\none.start()\nhits.value = 0\none.join()",
        None,
    ),
    "a store before the start": (
        "hits.value = 5\none = Process(target=work, args=(hits,))\none.start()\none.join()",
        Silence.NOT_CONCURRENT,
    ),
    "a store after the join": (
        "one = Process(target=work, args=(hits,))\none.start()\none.join()\nhits.value = 0",
        Silence.NOT_CONCURRENT,
    ),
    "a read beside a process": (
        "one = Process(target=work, args=(hits,))\none.start()\nprint(hits.value)",
        Silence.ONE_WRITER,
    ),
    "a pool": ("with Pool(2) as pool:\n    pool.apply_async(start, (hits,))", None),
    "a pool of one": (
        "with Pool(1) as pool:\n    pool.apply_async(start, (hits,))",
        Silence.ONE_WRITER,
    ),
    "no process at all": ("work(hits)", Silence.ONE_WRITER),
}


@pytest.mark.parametrize("name", MEETINGS)
def test_two_writes_meet_or_not(name):
    """One update, its processes started in different ways."""
    main, reason = MEETINGS[name]
    body = main.replace("\n", "\n    ")
    head = "def start(hits):\n    work(hits)\n"
    text = f"{_WORK}{head}if __name__ == '__main__':\n    hits = Value('i', 0)\n    {body}\n"
    assert silences(text) == [reason]


PROGRAMS = {
    "the main program's own updates": """
        def work(hits):
            hits.value += 1  # lost
        if __name__ == "__main__":
            hits = Value("i", 0)
            hits.value += 1
            one = Process(target=work, args=(hits,))
            one.start()
            hits.value += 1  # lost
            one.join()
            hits.value += 1
    """,
    "an object that nobody else has yet": """
        def make():
            hits = Value("i", 0)
            hits.value += 1
            return hits
        def work(hits):
            hits.value += 1  # lost
        if __name__ == "__main__":
            hits = make()
            for _ in range(3):
                Process(target=work, args=(hits,)).start()
    """,
    "a cell that each worker was told": """
        class Worker(Process):
            def __init__(self, rank, cells, sums, seen):
                super().__init__()
                self.rank, self.cells, self.sums, self.seen = rank, cells, sums, seen
            def run(self):
                self.cells[self.rank] += 1
                for item in self.seen:
                    self.sums[item] += 1  # lost
        class Crew:
            def __init__(self):
                self.cells, self.sums = Array("i", 9), Array("i", 9)
            def start(self, rank, seen):
                Worker(rank, self.cells, self.sums, seen).start()
        def start_all(crew: Crew, ranks, seen):
            for rank in ranks:
                crew.start(rank, seen)
        def work(cells, sums, rank, step):
            cells[rank] += 1
            sums[step] += 1  # lost
        if __name__ == "__main__":
            start_all(Crew(), input().split(), input().split())
            cells, sums = Array("i", 3), Array("i", 3)
            for rank in input().split():
                Process(target=work, args=(cells, sums, rank, 2)).start()
    """,
    "a cell for each three workers": """
        def work(cells, names, slot, name):
            cells[slot] += 1  # lost
            names[name] = names[name] + 1
        if __name__ == "__main__":
            cells, names = Array("i", 3), Manager().dict()
            for rank in range(9):
                given = (cells, names, rank % 3, "worker %d" % rank)
                Process(target=work, args=given).start()
    """,
    "a key that the others need": """
        def work(jobs, name):
            jobs[name] = {**jobs[name], "state": "running"}  # lost
        def add(jobs, name):
            if name not in jobs:
                jobs[name] = {"state": "new"}
            Process(target=work, args=(jobs, name)).start()
            jobs[name] = {**jobs[name], "state": "started"}  # lost
        def insert(jobs, name):
            if name not in jobs:
                jobs[name] = []  # lost
        if __name__ == "__main__":
            jobs, others = Manager().dict(), Manager().dict()
            add(jobs, "a")
            add(jobs, "a")
            for _ in range(2):
                Process(target=insert, args=(others, "all")).start()
    """,
    "resets to the same constant by different code": """
        def work(slot):
            slot.value = read()
            if slot.value:
                print("stopped")
                slot.value = float("0")
        def claim(slot):
            if not slot.value:
                print("mine")
                slot.value = 1  # lost
        if __name__ == "__main__":
            slot, other = Value("d", 0), Value("d", 0)
            Process(target=work, args=(slot,)).start()
            if slot.value:
                print("late")
                slot.value = float("0")  # lost
            for _ in range(2):
                Process(target=claim, args=(other,)).start()
    """,
    "a cell for each worker": """
        def work(rank, own, cells):
            own[rank] += 1
            cells[rank % 2] += 1  # lost
        if __name__ == "__main__":
            own, cells = Array("i", 3), Array("i", 3)
            for rank in range(3):
                Process(target=work, args=(rank, own, cells)).start()
    """,
    "a cell that is one's own by its number": """
        import os
        def work(own, totals):
            own[os.getpid()] = own.get(os.getpid(), 0) + 1
            totals["all"] = totals.get("all", 0) + 1  # lost
        if __name__ == "__main__":
            own, totals = Manager().dict(), Manager().dict()
            for _ in range(3):
                Process(target=work, args=(own, totals)).start()
    """,
    "a library's class that nobody in sight starts": """
        class Meter:
            def __init__(self):
                self._hits = Value("i", 0)
                self._own = 0
            def add(self):
                self._hits.value += 1  # lost
                self._own += 1
    """,
    "a flag that polls itself": """
        def work(running, turn):
            while running.value:
                running.value = 0
            while turn.value:
                pass
            turn.value = 1  # lost
        if __name__ == "__main__":
            running, turn = Value("b", 1), Value("b", 0)
            for _ in range(3):
                Process(target=work, args=(running, turn)).start()
    """,
    "a constant that whoever writes it writes": """
        def work(failed, state):
            if not failed.value:
                failed.value = True
            if state.value == 0:
                state.value = 1  # lost
        def reset(state):
            state.value = 0
        if __name__ == "__main__":
            failed, state = Value("b", 0), Value("i", 0)
            for _ in range(3):
                Process(target=work, args=(failed, state)).start()
            Process(target=reset, args=(state,)).start()
    """,
    "threads of one process": """
        import threading
        def work(hits):
            hits.value += 1  # lost
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(3):
                threading.Thread(target=work, args=(hits,)).start()
    """,
    "calls that are one update": """
        def work(names, totals):
            names.append(1)
            totals.update(a=1)
            totals.setdefault("b", 0)
            totals["a"] += 1  # lost
        if __name__ == "__main__":
            manager = Manager()
            names, totals = manager.list(), manager.dict()
            for _ in range(3):
                Process(target=work, args=(names, totals)).start()
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_only_what_can_meet_is_lost(name):
    """The lost updates are found, and nothing else."""
    assert reported(PROGRAMS[name]) == lost(PROGRAMS[name])


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ("cells[rank] += 1", Silence.OWN_CELL),
        ("while cells[0]:\n        cells[0] = 0", Silence.STOP_FLAG),
        ("if not cells[0]:\n        cells[0] = 1", Silence.IDEMPOTENT),
        ("with anything():\n        cells[0] += 1", None),
    ],
)
def test_silence_has_a_reason(statements, reason):
    text = f"""
from somewhere import anything
def work(rank, cells):
    {statements}
if __name__ == "__main__":
    cells = Array("i", 3)
    for rank in range(3):
        Process(target=work, args=(rank, cells)).start()
"""
    assert silences(text) == [reason]


def test_what_may_be_a_lock_is_a_reason_too():
    text = """
        from multiprocessing.sharedctypes import Synchronized
        def work(hits: Synchronized, guard):
            with guard:
                hits.value += 1
    """
    assert silences(text) == [Silence.UNKNOWN_LOCK]
