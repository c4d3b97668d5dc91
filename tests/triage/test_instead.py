"""Numbers that handlers put in the place of what could not be made, as triage sees them."""

from __future__ import annotations

import pytest
from cases import doubt_in, findings_in

from lintvalue.model.source import Source

HEAD = "import multiprocessing\nfrom multiprocessing import Process, Value\n\ntickets = None\n"
TRY = """
def ticket():
    global tickets
    if tickets is None:
        try:
            tickets = {make}
        except {error}:
            tickets = 0
    if isinstance(tickets, int):
        number = tickets
        tickets += 1
    else:
        with tickets.get_lock():
            number = tickets.value
            tickets.value += 1
    return number
"""
DESK = """
class Desk:
    def __init__(self):
        self.served = Value("i", 0)
    def reset(self):
        try:
            {first}
        except OSError as {error}:
            {second}
    def serve(self):
        with self.served.get_lock():
            self.served.value += 1
def main():
    desk = Desk()
    Process(target=desk.serve).start()
"""


def ticket(make: str = 'Value("i", 0)', error: str = "OSError", more: str = "") -> str:
    return HEAD + more + TRY.format(make=make, error=error)


def desk(first: str, second: str = "self.served = 0", error: str = "error", more: str = "") -> str:
    return HEAD + more + DESK.format(first=first, second=second, error=error)


SAFE = {
    "a global": ticket(),
    "a global, by the library's module": ticket('multiprocessing.Value("i", 0)'),
    "a global, without a lock": ticket('multiprocessing.RawValue("i", 0)').partition(
        "    if isinstance"
    )[0],
    "a global, for one of several reasons": ticket(error="(OSError, ImportError) as error"),
    "an attribute": desk('self.served = Value("i", 0)'),
}


@pytest.mark.parametrize("name", SAFE)
def test_nothing_is_doubted_in(name):
    source = Source("a.py", SAFE[name])
    assert doubt_in((source,)) == ""
    assert not findings_in((source,))


FOUND = {
    "nothing is made": desk("self.reset()"),
    "something else is made": desk('self.total = Value("i", 0)'),
    "a number is bound first": desk("self.served = 1"),
    "a function of the project's makes a number": desk(
        "self.served = Value(3)", more="def Value(n, *more):\n    return n\n"
    )
    .replace("import Process, Value", "import Process")
    .replace('Value("i", 0)', 'multiprocessing.Value("i", 0)'),
    "a parameter of that name makes a number": desk("self.served = Value(3)")
    .replace("def reset(self)", "def reset(self, Value)")
    .replace("desk = Desk()", "desk = Desk()\n    desk.reset(int)"),
    "a function in the handler does": desk(
        'self.served = Value("i", 0)',
        "def later(): self.served = 0\n            later()",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_is_doubted_where(name):
    assert any(one.code == "LV303" for one in findings_in((Source("a.py", FOUND[name]),)))
