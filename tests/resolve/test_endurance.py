"""Programs without an end to follow: each has an answer, and it is the right one."""

from __future__ import annotations

import pytest
from resolve.programs import lost, project, reported

from lintvalue.crew import on_deep_stack

_MAIN = """
if __name__ == "__main__":
    hits = Value("i", 0)
    for _ in range(3):
        Process(target=work, args=(hits,)).start()
"""

PROGRAMS = {
    "a function that calls itself": """
def work(hits, depth=3):
    hits.value += 1  # lost
    if depth:
        work(hits, depth - 1)
""",
    "functions that call each other": """
def work(hits):
    ping(hits, 3)
def ping(hits, depth):
    hits.value += 1  # lost
    pong(hits, depth)
def pong(hits, depth):
    with hits.get_lock():
        hits.value += 1
    ping(hits, depth - 1)
""",
    "a function that returns itself": """
def work(hits):
    step = again
    while step:
        step = step(hits)
def again(hits):
    hits.value += 1  # lost
    return again
""",
    "a list that holds itself": """
def work(hits):
    ring = [hits]
    ring.append(ring)
    ring[0].value += 1  # lost
""",
    "an object that holds itself": """
class Node:
    def __init__(self, hits):
        self.hits, self.next = hits, self
def work(hits):
    node = Node(hits)
    for _ in range(9):
        node = node.next
    node.hits.value += 1  # lost
""",
    "a class that inherits from itself": """
class Meter:
    pass
class Meter(Meter):
    def add(self, hits):
        hits.value += 1  # lost
def work(hits):
    Meter().add(hits)
""",
    "a closure that grows": """
def work(hits):
    step = lambda: None
    for _ in range(99):
        step = lambda before=step: before()
    step()
    hits.value += 1  # lost
""",
    "a partial of a partial": """
from functools import partial
def add(hits):
    hits.value += 1  # lost
def work(hits):
    job = partial(add, hits)
    while job:
        job = partial(job)
        job()
""",
    "a tuple that grows": """
def work(hits):
    row = (hits,)
    while True:
        row = (row, hits)
        row[1].value += 1  # lost
""",
    "a property that reads itself": """
class Meter:
    @property
    def total(self):
        return self.total
def work(hits):
    Meter().total
    hits.value += 1  # lost
""",
    "a process that starts processes like itself": """
def work(hits):
    hits.value += 1  # lost
    Process(target=work, args=(hits,)).start()
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_there_is_an_end(name):
    """The lost update is found, and nothing else."""
    text = PROGRAMS[name] + _MAIN
    assert reported(text) == lost(text) != []


def test_tuples_of_their_own_results_settle():
    """Each round would put them one deeper."""
    text = """
        def work(hits, jobs):
            rows = []
            for number, job in enumerate(jobs):
                rows.append((number, rows, job))
                hits.value += 1  # lost
            return [(row, rows) for row in enumerate(rows)]
        def main(hits, jobs):
            while jobs:
                jobs = [(job, jobs) for job in enumerate(work(hits, jobs))]
        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(2):
                Process(target=main, args=(hits, [1])).start()
    """
    found = project(text)
    assert all(use.sure for use in found.uses)
    assert reported(text) == lost(text)


def test_modules_may_import_each_other():
    files = {
        "first.py": "from second import *\nfrom multiprocessing import Value\nhits = Value('i', 0)\n",
        "second.py": (
            "from first import hits\nfrom multiprocessing import Process\n"
            "def work():\n    hits.value += 1  # lost\n"
            "for _ in range(3):\n    Process(target=work).start()\n"
        ),
    }
    assert reported(files) == lost(files) != []


def test_a_module_may_import_itself():
    files = {
        "app.py": (
            "import app\nfrom app import *\nfrom multiprocessing import Process, Value\n"
            "hits = Value('i', 0)\ndef work():\n    app.hits.value += 1  # lost\n"
            "for _ in range(3):\n    Process(target=app.work).start()\n"
        )
    }
    assert reported(files) == lost(files) != []


def test_a_generated_function_may_have_thousands_of_statements():
    body = "\n".join(f"    name_{number} = name_{number - 1} + 1" for number in range(1, 3000))
    text = f"def work(hits):\n    name_0 = hits.value\n{body}\n    hits.value = name_2999  # lost\n{_MAIN}"
    assert reported(text) == lost(text) != []


def test_a_generated_module_may_have_hundreds_of_functions_that_call_the_next():
    functions = "\n".join(
        f"def step_{number}(hits):\n    step_{number + 1}(hits)\n" for number in range(200)
    )
    text = f"{functions}\ndef step_200(hits):\n    hits.value += 1\nwork = step_0\n{_MAIN}"
    assert [update.function for update in on_deep_stack(lambda: project(text)).updates] in (
        ["step_200"],
        [],  # too deep to be followed: unknown, never guessed
    )


def test_branches_may_be_nested_deeply():
    depth = 60
    ladder = "\n".join(f"{'    ' * (level + 1)}if name_{level}:" for level in range(depth))
    inside = "    " * (depth + 1)
    text = f"def work(hits):\n{ladder}\n{inside}hits.value += 1  # lost\n{_MAIN}"
    assert reported(text) == lost(text) != []


def test_many_branches_in_a_row_cost_no_more_than_their_number():
    """A path for each combination would be 2 ** 400 of them."""
    ladder = "\n".join(
        f"    if name_{level}:\n        hits.value = {level}" for level in range(400)
    )
    text = f"def work(hits):\n{ladder}\n    hits.value += 1  # lost\n{_MAIN}"
    assert reported(text) == lost(text) != []


def test_many_callers_of_many_callers_are_told_apart_no_longer_than_it_helps():
    """Each of twenty functions calls the next one twice: a million ways to the last one."""
    functions = "\n".join(
        f"def step_{number}(hits):\n    step_{number + 1}(hits)\n    step_{number + 1}(hits)\n"
        for number in range(20)
    )
    text = f"{functions}\ndef step_20(hits):\n    hits.value += 1  # lost\nwork = step_0\n{_MAIN}"
    assert reported(text) == lost(text) != []


def test_loops_may_be_nested_deeply():
    """Each inner loop tells the one around it something new, turn after turn."""
    depth = 14
    names = "\n".join(f"    name_{level} = {level}" for level in range(depth + 1))
    ladder = "\n".join(
        f"{'    ' * (level + 1)}while name_{level}:\n"
        f"{'    ' * (level + 2)}name_{level} = name_{level + 1}"
        for level in range(depth)
    )
    inside = "    " * (depth + 1)
    text = (
        f"def work(hits):\n{names}\n{ladder}\n"
        f"{inside}name_{depth} = [hits]\n{inside}hits.value += 1  # lost\n{_MAIN}"
    )
    assert reported(text) == lost(text) != []
