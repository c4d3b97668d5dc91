"""What a test shows to be of a plain type is nothing shared, for triage no more often than for the rest.

That what is found is doubted, `findings_in` asserts.
"""

from __future__ import annotations

import pytest
from cases import doubt_in, findings_in
from triage.programs import program

from lintvalue.model.source import Source

TICKETS = """\
from multiprocessing import Pool, Value

tickets = None


class Desk:
    def __init__(self):
        global tickets
        if tickets is None:
            try:
                tickets = Value("i", 0)
            except OSError:
                tickets = 0
        if isinstance(tickets, int):
            self.number = tickets
            tickets += 1
        else:
            with tickets.get_lock():
                self.number = tickets.value
                tickets.value += 1

    def serve(self):
        return serve, (self.number, "next")


def serve(number, text):
    print(rows[number], text)


rows = {}


def main():
    with Pool() as pool:
        desk = Desk()
        pool.apply_async(serve, (desk.number, "now"))
"""
COUNTS = ("counts = [0]", "def share():", "    global counts", "    counts = Array('i', 3)")
SAFE = {
    "a counter that is a number where nothing can be shared": TICKETS,
    "a number in place of an object": program("if isinstance(made, int):", "    made += 1"),
    "a list in place of an array": program(
        "if isinstance(made, list):", "    made[0] += 1", make="Array('i', 3)"
    ),
    "one of several types": program(
        "if isinstance(made, (int, float)):", "    print(made + 1, made > 3)"
    ),
    "one of several types, as they may be written, too": program(
        "if isinstance(made, int | float | None):", "    made += 1"
    ),
    "a type or nothing": program("if isinstance(made, (int, type(None))):", "    made += 1"),
    "the type itself": program("if type(made) is int:", "    made += 1"),
    "the type itself, and no other": program("if type(made) != int:", "    return", "made += 1"),
    "what is left behind a way out": program(
        "if not isinstance(made, int):", "    return", "made += 1"
    ),
    "what is left behind a turn": program(
        "for row in other:",
        "    if not isinstance(made, int):",
        "        continue",
        "    made += 1",
    ),
    "the other branch": program(
        "if not isinstance(made, dict):",
        "    pass",
        "else:",
        "    made['a'] += 1",
        make="Manager().dict()",
    ),
    "more than one test": program("if other and isinstance(made, int):", "    made += 1"),
    "one test or another": program(
        "if isinstance(made, int) or isinstance(made, float):", "    made += 1"
    ),
    "neither of two": program(
        "if not (isinstance(made, int) or isinstance(made, str)):", "    return", "made += 1"
    ),
    "what is claimed": program("assert isinstance(made, int)", "made += 1"),
    "what a loop goes on with": program("while isinstance(made, int):", "    made += 1"),
    "what is sent": program("queue = Queue()", "if isinstance(made, str):", "    queue.put(made)"),
    "what is kept": program(
        "board = Board(None)",
        "if isinstance(made, int):",
        "    board.last = made",
        "    made += 1",
        "print(board.last + 1)",
    ),
    "an attribute": program(
        "Board(made).add()",
        make="Array('i', 3)",
        methods=(
            "def add(self):",
            "    if isinstance(self.made, list):",
            "        self.made[0] += 1",
        ),
    ),
    "an attribute beside others": program(
        "Board(made).add()",
        make="Array('i', 3)",
        methods=(
            "def add(self):",
            "    if isinstance(self.made, list):",
            "        self.last = self.made",
            "        self.made[0] += self.step",
        ),
    ),
    "a global": program(
        "print(other)",
        top=(
            *COUNTS,
            "def add():",
            "    if isinstance(counts, list):",
            "        counts[0] += 1",
        ),
    ),
    "what Python's own functions look at": program(
        "if isinstance(made, int):", "    print(len(str(made)))", "    made += 1"
    ),
}


@pytest.mark.parametrize("name", SAFE)
def test_nothing_is_doubted_in(name):
    source = Source("a.py", SAFE[name])
    assert doubt_in((source,)) == ""
    assert not findings_in((source,))


SHARES = {
    "a call": ("share()",),
    "a call on the way": ("total = [share()]",),
    "a call in a text": ("print(f'{share()}')",),
    "a method": ("Board(None).share()",),
    "a property that is read": ("print(Board(None).shared)",),
    "a property that is stored": ("Board(None).stored = 1",),
    "entering a context": ("with Board(None):", "    pass"),
    "a comprehension": ("print([share() for _ in range(3)])",),
    "a function of Python's own name": ("len(other)",),
}
SHARING = (
    "def share(self):",
    "    share()",
    "@property",
    "def shared(self):",
    "    share()",
    "@property",
    "def stored(self):",
    "    return 3",
    "@stored.setter",
    "def stored(self, number):",
    "    share()",
    "def __enter__(self):",
    "    share()",
    "def __exit__(self, *given):",
    "    share()",
)
FOUND = {
    **{
        f"a global that {way} has bound": program(
            "if isinstance(counts, list):",
            *(f"    {row}" for row in rows),
            "    counts[0] += 1",
            top=(
                *COUNTS,
                *(("def len(rows):", "    share()") if "own" in way else ()),
            ),
            methods=SHARING,
        )
        for way, rows in SHARES.items()
    },
    "a name that gets something else": program(
        "if isinstance(other, list):", "    other = made", "    other[0] += 1", make="Array('i', 3)"
    ),
    "a name that gets something else in a test": program(
        "if isinstance(other, list) and (other := made):",
        "    other[0] += 1",
        make="Array('i', 3)",
    ),
    "a name that gets something else for a while": program(
        "if isinstance(other, list):",
        "    for other in [made]:",
        "        other[0] += 1",
        make="Array('i', 3)",
    ),
    "a name that a context gives something else": program(
        "if isinstance(other, list):",
        "    with made as other:",
        "        other.value += 1",
        "    other = made",
        "    other.value += 1",
    ),
    "a name that is asked for again": program(
        "if isinstance(other, list):",
        "    for _ in range(3):",
        "        other[0] += 1",
        "        other = made",
        make="Array('i', 3)",
        other="[0]",
    ),
    "an attribute that gets something else by another name": program(
        "board = same = Board([0])",
        "if isinstance(board.made, list):",
        "    same.made = made",
        "    board.made[0] += 1",
        make="Array('i', 3)",
    ),
    "an attribute of something else": program(
        "board = Board([0])",
        "if isinstance(board.made, list):",
        "    board = Board(made)",
        "    board.made[0] += 1",
        make="Array('i', 3)",
    ),
    "another name in a function": program(
        "if isinstance(made, int):",
        "    return",
        "def add(made):",
        "    made.value += 1",
        "add(made)",
    ),
    "a function that is called later": program(
        "if isinstance(counts, list):",
        "    add = lambda: counts.__setitem__(0, counts[0] + 1)",
        "    def later():",
        "        counts[0] += 1",
        "    share()",
        "    later()",
        top=COUNTS,
    ),
    "the branch where it is something else": program(
        "if isinstance(made, int):", "    made += 1", "else:", "    made.value += 1"
    ),
    "what follows both branches": program(
        "if isinstance(made, list):", "    print(1)", "made[0] += 1", make="Array('i', 3)"
    ),
    "a test that may not have been made": program(
        "if other or isinstance(made, list):", "    made[0] += 1", make="Array('i', 3)"
    ),
    "a way out that is not always taken": program(
        "if not isinstance(made, list):",
        "    if other:",
        "        return",
        "made[0] += 1",
        make="Array('i', 3)",
    ),
    "a type of the project's own": program(
        "if isinstance(made, Count):", "    made.value += 1", top=("class Count: ...",)
    ),
    "a type that has the name of one of Python's": program(
        "if isinstance(made, int):",
        "    made.value += 1",
        top=("from multiprocessing.sharedctypes import Synchronized as int",),
    ),
    "a type that a parameter is called like": program(
        "add(made, Board)",
        top=("def add(made, int):", "    if isinstance(made, int):", "        made.value += 1"),
    ),
    "a function that has the name of one of Python's": program(
        "if isinstance(made, int):",
        "    made.value += 1",
        top=("def isinstance(made, kind):", "    return True"),
    ),
    "types among others": program("if isinstance(made, (int, Board)):", "    made.value += 1"),
    "what is in a list": program(
        "if isinstance(made, list):",
        "    made[0].value += 1",
        "    for one in made:",
        "        one.value += 1",
        make="[Value('i', 0)]",
    ),
    "what an object of a type below has": program(
        "if isinstance(made, int):",
        "    made.hits.value += 1",
        top=("class Count(int):", "    hits = Value('i', 0)"),
        make="Count()",
    ),
    "a number that comes in the place of an object": program(
        "board = Log()",
        "print(board.own.value)",
        "board.put(3)",
        "board.put(made)",
        top=(
            "class Log:",
            "    def __init__(self):",
            "        self.own = Value('i', 0)",
            "    def put(self, own):",
            "        if isinstance(own, int):",
            "            self.own = own",
        ),
    ),
    "nothing that comes to be": program(
        "Board(None).add(made)",
        methods=(
            "def add(self, made):",
            "    if self.made is None:",
            "        self.made = made",
            "        self.made.value += 1",
        ),
    ),
    "what is tested before a handler": program(
        "if isinstance(counts, list):",
        "    try:",
        "        share()",
        "    finally:",
        "        counts[0] += 1",
        top=COUNTS,
    ),
    "what another step of a generator has bound": program(
        "for _ in add():",
        "    share()",
        top=(
            *COUNTS,
            "def add():",
            "    if isinstance(counts, list):",
            "        yield",
            "        counts[0] += 1",
        ),
    ),
}


# Where what a test shows is not to be believed, nothing is, and nothing else is doubted for it.
DECEIVED = {
    "a name of Python's that means something else": program(
        "with made.get_lock():",
        "    made.value += 1",
        "if type(other) is int:",
        "    other += 1",
        top=("type = print",),
    ),
    "a property that runs in between": program(
        "with made.get_lock():",
        "    made.value += 1",
        "board = Board(made)",
        "if other.number is None:",
        "    print(other.name, other.number)",
        methods=("@property", "def name(self):", "    return print()"),
    ),
}


@pytest.mark.parametrize("name", DECEIVED)
def test_no_more_is_doubted_where_tests_are_not_to_be_believed(name):
    assert doubt_in((Source("a.py", DECEIVED[name]),)) == ""


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_is_doubted(name):
    assert {one.code for one in findings_in((Source("a.py", FOUND[name]),))} - {"LV302"}
