"""Objects that are followed as one, or one for several: what is found stays what it is."""

from __future__ import annotations

import pytest
from cases import findings_in
from resolve.programs import lost, reported, sources

MANY = range(30)

_TALLY = """
class Tally:
    def __init__(self, lock=None):
        self.hits = Value("i", 0)
        self.lock = lock
    def add(self):
        {add}
def work(tally):
    tally.add()
if __name__ == "__main__":
    lock = Lock()
    {made}
    for tally in ({names}):
        for _ in range(3):
            Process(target=work, args=(tally,)).start()
"""


def tallies(add, argument=""):
    """A program that makes objects of one class at so many places."""
    made = "\n    ".join(f"tally{n} = Tally({argument})" for n in MANY)
    names = ", ".join(f"tally{n}" for n in MANY)
    return _TALLY.format(add=add, made=made, names=names)


PROGRAMS = {
    "updates of what each of many objects makes": tallies("self.hits.value += 1  # lost"),
    "updates under a lock that all of many objects have": tallies(
        "with self.lock: self.hits.value += 1", "lock"
    ),
    "code that only some objects have, called under a lock by a method that nobody calls": """
hits = Value("i", 0)
guard = Lock()
class Job:
    def __init__(self, do):
        self.do = do
    def run(self):
        with guard:
            self.do()
def one():
    hits.value += 1
def other():
    hits.value += 1
JOBS = [Job(one), Job(other)]
""",
    "code that some objects have, called without a lock by a method that nobody calls": """
hits = Value("i", 0)
class Job:
    def __init__(self, do):
        self.do = do
    def run(self):
        self.do()
def one():
    print(hits.value)
def other():
    hits.value += 1  # lost
JOBS = [Job(one), Job(other)]
""",
    "numbers in tuples": """
hits = Value("i", 0)
def count(pair):
    first, second = pair
    return first + second
def work():
    if count((1, 2)) < count((3, 4)):
        hits.value += count((5, 6))  # lost
if __name__ == "__main__":
    for _ in range(3):
        Process(target=work).start()
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_crowds(name):
    """Exactly the updates that may be lost are reported."""
    assert reported(PROGRAMS[name]) == lost(PROGRAMS[name])


def test_locks_of_a_crowd():
    """The lock of one object of a crowd, taken while that of another is held, may be had at once."""
    made = "\n".join(f"account{n} = Account()" for n in MANY)
    program = f"""
class Account:
    def __init__(self):
        self.lock = Lock()
def move(giver, taker):
    with giver.lock:
        with taker.lock:
            pass
{made}
Process(target=move, args=(account1, account2)).start()
"""
    codes = {finding.code for finding in findings_in(sources(program))}
    assert "LV204" not in codes
