"""Memory that processes come to without having been given it, as triage sees it."""

from __future__ import annotations

import pytest
from cases import doubt_in, findings_in

from lintvalue.model.source import Source

HEAD = """\
from dataclasses import dataclass, field
import multiprocessing
from multiprocessing import Lock, Pool, Process, RawArray, Value
from threading import Thread

hits = None

def setup():
    global hits
    hits = {make}

def count():
    with hits.get_lock():
        hits.value += 1
"""
MAIN = """
def main():
    setup()
    {start}

if __name__ == "__main__":
    main()
"""


def program(*rows: str, start: str = "Process(target=work).start()", make: str = "Value('i', 0)"):
    return "\n".join((HEAD.format(make=make), *rows, MAIN.format(start=start)))


FOUND = {
    "a function that counts": program("def work():", "    count()"),
    "a function that hands it on": program("def work():", "    print(hits)"),
    "a function that gives it back": program(
        "def given():", "    return hits", "def work():", "    given().value = 1"
    ),
    "a function that puts it into something": program(
        "def work():", "    return [hits]", "work()"
    ).replace("return [hits]", "rows = [hits]\n    rows[0].value = 1"),
    "an attribute that has it": program(
        "class Desk:",
        "    own = None",
        "def keep():",
        "    Desk.own = Value('i', 0)",
        "def work():",
        "    print(Desk.own.value)",
        start="keep(); Process(target=work).start()",
    ),
    "a thread of the process": program("def work():", "    Thread(target=count).start()"),
    "the first thing that a pool runs": program(start="Pool(2, initializer=count)"),
    "the first thing that a pool of another name runs": program(
        "def kind():", "    return multiprocessing.Pool", start="kind()(2, initializer=count)"
    ),
    "a task": program("def work(number):", "    count()", start="Pool(2).map(work, [1])"),
    "a method of what a process makes": program(
        "class Desk:", "    def serve(self):", "        count()", "def work():", "    Desk()"
    ),
    "a method of what a record has that a process makes": program(
        "class Desk:",
        "    def serve(self):",
        "        count()",
        "@dataclass",
        "class Hall:",
        "    desk: Desk = field(default_factory=Desk)",
        "def work():",
        "    Hall()",
    ),
    "a method of a class below": program(
        "class Desk:",
        "    def serve(self):",
        "        count()",
        "class Own(Desk): ...",
        "def work():",
        "    Own()",
    ),
    "what a function has around it": program(
        "def make():",
        "    own = Value('i', 0)",
        "    def add():",
        "        with own.get_lock():",
        "            own.value += 1",
        "    return add",
        "add = make()",
        "def work():",
        "    add()",
    ),
    "memory without a lock": program("def work():", "    print(hits[0])", make="RawArray('i', 3)"),
    "a module's own that code out of sight uses": program(
        "own = Value('i', 0)",
        "def look():",
        "    print(own.value)",
        "def work():",
        "    pass",
    ),
    "a class's own that code out of sight uses": program(
        "def make():",
        "    class Desk:",
        "        own = Value('i', 0)",
        "        def look(self):",
        "            print(self.own.value)",
        "    return Desk",
        "make()",
        "def work():",
        "    pass",
    ),
    **{
        f"a default, by {way}, that code out of sight uses": program(
            f"def look({star}own=Value('i', 0)):", "    print(own.value)", "def work():", "    pass"
        )
        for way, star in {"its place": "", "its name": "*, "}.items()
    },
    **{
        f"a lock, for {way}": program(*rows, start=start, make="Lock()")
        .replace("hits.get_lock()", "hits")
        .replace("hits.value += 1", "print(1)")
        for way, rows, start in (
            (
                "a pool of another name",
                ("def kind():", "    return multiprocessing.Pool"),
                "kind()(2, initializer=count)",
            ),
            (
                "what a process makes",
                (
                    "class Desk:",
                    "    def serve(self):",
                    "        count()",
                    "def work():",
                    "    Desk()",
                ),
                "Process(target=work).start()",
            ),
        )
    },
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_is_doubted(name):
    assert any(one.code == "LV302" for one in findings_in((Source("a.py", FOUND[name]),)))


SAFE = {
    "nothing that a process runs has to do with it": program(
        "def work():", "    print(1)", start="count(); Process(target=work).start()"
    ),
    "a process is given it": program(
        "def work(own):",
        "    with own.get_lock():",
        "        own.value += 1",
        start="Process(target=work, args=(hits,)).start()",
    ),
    "what a process makes has to do with other things": program(
        "class Desk:",
        "    def serve(self):",
        "        print(1)",
        "def work():",
        "    Desk()",
        start="count(); Process(target=work).start()",
    ),
}


@pytest.mark.parametrize("name", SAFE)
def test_nothing_is_doubted_where(name):
    source = Source("a.py", SAFE[name])
    assert doubt_in((source,)) == ""
    assert not findings_in((source,))
