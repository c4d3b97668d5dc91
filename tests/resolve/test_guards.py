"""Locks that guard nothing, or not the same thing everywhere; the nearest right ones beside them."""

from __future__ import annotations

import pytest

from lintvalue.extract import extract
from lintvalue.model.settings import Settings
from lintvalue.model.source import Source
from lintvalue.resolve import resolve
from lintvalue.rules import RULES, judge

START = """
if __name__ == "__main__":
    hits, lock = Value("i", 0), Lock()
    for _ in range(3):
        Process(target=work, args=({given})).start()
"""
IMPORTS = "import threading\nfrom multiprocessing import Lock, Process, RawValue, Value\n"


def codes(text: str) -> list[tuple[str, int]]:
    project = resolve([extract(Source("a.py", text))], Settings())
    usual = {rule.code for rule in RULES if rule.default}
    return [(one.code, one.at.span.line) for one in judge(project) if one.code in usual]


@pytest.mark.parametrize(
    ("body", "given", "found"),
    [
        ("with Lock():\n        hits.value += 1", "hits,", [("LV201", 4)]),
        ("with lock:\n        hits.value += 1", "hits, Lock()", [("LV201", 4)]),
        ("with lock:\n        hits.value += 1", "hits, lock", []),
        ("with threading.Lock():\n        hits.value += 1", "hits,", [("LV202", 4)]),
        ("with hits.get_lock():\n        hits.value += 1", "hits,", []),
        ("with hits.get_obj():\n        hits.value += 1", "hits,", [("LV205", 4)]),
        ("with hits.get_lock:\n        hits.value += 1", "hits,", [("LV207", 4)]),
        ("with lock:\n        with lock:\n            pass", "hits, lock", [("LV204", 5)]),
        ("with lock:\n        pass\n    with lock:\n        pass", "hits, lock", []),
    ],
)
def test_a_lock_is_judged_where_it_is_taken(body, given, found):
    parameters = "hits, lock" if "lock" in given.lower() else "hits"
    text = f"{IMPORTS}def work({parameters}):\n    {body}\n{START.format(given=given)}"
    assert codes(text) == [(code, line) for code, line in found]


def test_a_lock_that_may_be_a_thread_s_is_not_reported():
    """A context that is multiprocessing or threading makes either kind at one place."""
    text = (
        "import multiprocessing, threading\n"
        "def main(kind):\n"
        "    library = multiprocessing if kind else threading\n"
        "    hits, lock = multiprocessing.Value('i', 0), library.Lock()\n"
        "    for _ in range(2):\n"
        "        multiprocessing.Process(target=work, args=(hits, lock)).start()\n"
        "def work(hits, lock):\n"
        "    with lock:\n"
        "        hits.value += 1\n"
    )
    assert codes(text) == []


def test_the_lock_of_an_object_that_each_instance_makes_is_its_own():
    """Whichever process makes the object, whoever has it has its lock, too."""
    text = (
        "from multiprocessing import Process, Value\n"
        "class Tally:\n"
        "    def __init__(self):\n"
        "        self.n = Value('i', 0)\n"
        "    def add(self):\n"
        "        with self.n.get_lock():\n"
        "            self.n.value += 1\n"
        "def deeper(tally):\n"
        "    tally.add()\n"
        "def work(tally):\n"
        "    own = Tally()\n"
        "    for one in (own, tally):\n"
        "        Process(target=deeper, args=(one,)).start()\n"
        "if __name__ == '__main__':\n"
        "    tally = Tally()\n"
        "    for _ in range(3):\n"
        "        Process(target=work, args=(tally,)).start()\n"
    )
    assert codes(text) == []


def test_of_two_locks_the_more_common_one_is_the_reference():
    body = (
        "with lock:\n        hits.value += 1\n"
        "    with lock:\n        hits.value += 2\n"
        "    with hits.get_lock():\n        hits.value += 3"
    )
    text = f"{IMPORTS}def work(hits, lock):\n    {body}\n{START.format(given='hits, lock')}"
    assert codes(text) == [("LV203", 9)]
