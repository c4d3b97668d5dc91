"""A Value used as the number in it: rows that do so end with `# mistaken`."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from cases import findings_in
from resolve.programs import sources

_MAIN = """
if __name__ == "__main__":
    hits, stop, cells = Value("i", 0), Value("b", 0), Array("i", 3)
    for turn in range(3):
        Process(target=work, args=(hits, stop, cells, turn)).start()
"""


def program(body):
    """A module whose workers run `body` with two Values, an Array and a number."""
    return f"\ndef work(hits, stop, cells, turn):{indent(dedent(body), '    ')}{_MAIN}"


def found(text):
    """The rows that are marked, and those that are reported."""
    [source] = sources(text)
    rows = enumerate(source.text.split("\n"), start=1)
    marked = [number for number, row in rows if row.endswith("# mistaken")]
    return marked, [
        finding.at.span.line for finding in findings_in([source]) if finding.code == "LV303"
    ]


BODIES = {
    "tests": """
        if stop:  # mistaken
            return
        while not stop:  # mistaken
            print(turn)
        assert hits  # mistaken
        if stop.value or hits.value:
            return
        while not stop.value:
            assert hits.value
    """,
    "tests in expressions": """
        print(1 if stop else 2)  # mistaken
        print([key for key in range(turn) if stop])  # mistaken
        more = stop and turn  # mistaken
        print(bool(hits))  # mistaken
        print(1 if stop.value else more)
        print(turn and hits)
    """,
    "tests of several": """
        if turn and stop:  # mistaken
            return
        elif turn > 3 or not stop:  # mistaken
            return
        if turn and stop.value:
            return
    """,
    "comparisons": """
        if hits > 3:  # mistaken
            return
        if 0 < hits <= 9:  # mistaken
            return
        if turn == hits:  # mistaken
            return
        if hits != 0:  # mistaken
            return
        if hits is stop or hits == stop or hits in (stop, turn):
            return
    """,
    "arithmetic": """
        print(hits + 1)  # mistaken
        print(f"{turn * hits:d}")  # mistaken
        print(-hits)  # mistaken
        print(7 % hits)  # mistaken
        print("%s" % hits, f"{hits}", str(hits), repr(hits))
    """,
    "augmented": """
        hits += 1  # mistaken
    """,
    "augmented by one": """
        turn += hits  # mistaken
        names = []
        names += [hits]
        cells[0] += hits.value
    """,
    "calls that want a number": """
        for key in range(hits):  # mistaken
            print(key)
        print(int(hits))  # mistaken
        print(max(hits, turn))  # mistaken
        print(sum([hits, stop]))  # mistaken
        print(max(hits.value, turn), sum([hits.value]), len(cells), max(cells), sum(cells))
        print(max([hits, stop], key=lambda one: one.value))
    """,
    "an index": """
        cells[hits] = 1  # mistaken
        print([1, 2, 3][hits])  # mistaken
        print({hits: 1}[hits])
    """,
    "stored into another": """
        stop.value = hits  # mistaken
        cells[0] = hits  # mistaken
        stop.value = hits.value
    """,
    "a pattern": """
        match hits:  # mistaken
            case 0:
                return
        match hits:
            case None:
                return
    """,
    "an array": """
        if cells:
            print(len(cells), [cell + 1 for cell in cells], cells[0] > 2)
    """,
    "a raw value is as true as its number": """
        raw, bare = RawValue("i", 1), Value("i", 1, lock=False)
        if raw and not bare:
            print(raw + 1)  # mistaken
    """,
    "asked for None": """
        if hits is not None and stop != None:
            return
        if not hits or stop:
            return
    """,
    "asked whether there is one": """
        if hits:
            hits.value = 1
        number = hits.value if hits else 0
        while stop and stop.value:
            print(number)
        if not stop or not stop.value:
            return
    """,
    "left out": """
        hits = hits or Value("i", 0)
        if hits:
            return
    """,
    "asked for its type": """
        if isinstance(hits, int):
            hits += 1
        print(getattr(stop, "value", stop) + 1, stop > 3)
    """,
    "tried": """
        try:
            print(hits + 1)
        except (TypeError, ValueError):
            print(hits.value + 1)
        from contextlib import suppress
        with suppress(TypeError):
            print(hits + 1)
        print(hits + 1)  # mistaken
    """,
    "a manager's": """
        manager = Manager()
        shared, flags, slots = manager.Value("i", 0), manager.dict(), manager.list()
        if shared:  # mistaken
            return
        if flags and slots:
            print(len(slots))
    """,
}


@pytest.mark.parametrize("name", BODIES)
def test_the_object_is_told_from_its_number(name):
    marked, rows = found(program(BODIES[name]))
    assert rows == marked


PROGRAMS = {
    "None in some calls": """
        def work(hits):
            if hits:
                hits.value = 1
            while not hits:
                break

        work(Value("i", 0))
        work(None)
        """,
    "None by default": """
        def work(hits=None):
            if hits:
                hits.value = 1

        class Job:
            def __init__(self, hits=None):
                self.hits = hits

            def run(self):
                if self.hits:
                    self.hits.value = 1

        work(Value("i", 0))
        Job(Value("i", 0)).run()
        """,
    "None by annotation": """
        from typing import Optional, Union

        def one(hits: "Optional[Value]"):
            return 1 if hits else 0

        def two(hits: Optional[Value]):
            return 1 if hits else 0

        def three(hits: Value | None):
            return 1 if hits else 0

        def four(hits: Union[Value, None]):
            return 1 if hits else 0

        for each in (one, two, three, four):
            each(Value("i", 0))
        """,
    "None until it is made": """
        class Job:
            def __init__(self):
                self.hits = None

            def start(self):
                if not self.hits:
                    self.hits = Value("i", 0)
                self.hits.value = 1

        Job().start()
        """,
    "perhaps in a dict": """
        known = {"a": Value("i", 0)}

        def work(name):
            hits = known.get(name)
            if hits:
                hits.value = 1
        """,
    "used by callers out of sight": """
        def work(hits):
            if hits:
                with hits.get_lock():
                    hits.value += 1
        """,
    "a number in some calls": """
        def work(hits):
            return hits + 1 if hits > 3 else -hits

        work(Value("i", 0))
        work(3)
        """,
    "a number or a Value": """
        class Job:
            def __init__(self, parallel):
                if parallel:
                    self.hits = Value("i", 0)
                else:
                    self.hits = 0

            def add(self, parallel):
                if parallel:
                    self.hits.value = 1
                else:
                    self.hits += 1
        """,
    "a number at first": """
        class Job:
            hits = 0
            seen = 0

            def __init__(self):
                self.seen = 0

            def share(self):
                self.hits = Value("i", self.hits)
                self.seen = Value("i", self.seen)
                self.hits.value = self.seen.value = 1

            def alone(self):
                self.hits = 0
                self.seen = 0
        """,
    "the number in the end": """
        class Job:
            def __init__(self):
                self.hits = Value("i", 0)

            def add(self):
                with self.hits.get_lock():
                    self.hits.value += 1

            def end(self):
                self.hits = self.hits.value

            def forget(self):
                self.hits = None
        """,
    "made anew for each run": """
        class Job:
            def __init__(self):
                self.hits = Value("i", 0)

            def start(self):
                self.hits = Value("i", 0)
                self.hits.value = 1

            def end(self):
                self.hits = 0
        """,
    "a property over it": """
        class Job:
            def __init__(self):
                self.cell = Value("i", 0)

            @property
            def hits(self):
                return self.cell.value

            @hits.setter
            def hits(self, number):
                self.cell.value = number

            def reset(self):
                self.hits = 0
                if self.hits > 3:
                    return
        """,
    "other things of that name": """
        from ctypes import c_int
        from enum import Enum

        class Value:
            def __init__(self, number):
                self.value = number

        hits = Value(0)
        if hits:
            hits += 1
        """,
    "an attribute": """
        class Job:
            def __init__(self):
                self.hits = Value("i", 0)
                self.stop = Value("b", False)

            def add(self):
                self.hits += 1  # mistaken
                if self.stop:  # mistaken
                    return
                if self.hits >= 9:  # mistaken
                    self.stop.value = True

        if __name__ == "__main__":
            Process(target=Job().add).start()
        """,
    "replaced in a method": """
        class Job:
            def __init__(self):
                self.hits = Value("i", 0)
                self.stop = Value("b", False)

            def add(self):
                with self.hits.get_lock():
                    self.hits.value += 1

            def reset(self):
                self.hits = 0  # mistaken

            def end(self):
                self.stop = True  # mistaken

            def ended(self):
                return self.stop.value
        """,
    "replaced from outside": """
        class Job:
            def __init__(self):
                self.hits = Value("i", 0)

            def add(self):
                self.hits.value = 7

        def reset(job: Job):
            job.hits = 0  # mistaken

        reset(Job())
        """,
    "made when it starts, replaced from outside": """
        class Crew:
            def start(self):
                self.wanted = Value("i", 0)

            def ended(self):
                return self.wanted.value

        class Program:
            def __init__(self):
                self.crew = Crew()
                self.crew.start()

            def checkpoint(self):
                self.crew.wanted = 1  # mistaken

        Program().checkpoint()
        """,
    "a global replaced": """
        hits = Value("i", 0)

        def add():
            hits.value = 7

        def reset():
            global hits
            hits = 0  # mistaken
        """,
    "a class's attribute replaced": """
        class Job:
            hits = Value("i", 0)

            def add(self):
                self.hits.value = 7

            @classmethod
            def reset(cls):
                cls.hits = 0  # mistaken
        """,
    "a record's field replaced": """
        from dataclasses import dataclass, field

        @dataclass
        class Job:
            hits: object = field(default_factory=lambda: Value("i", 0))

            def add(self):
                self.hits.value = 7

            def reset(self):
                self.hits = 0  # mistaken

        Job().add()
        """,
    "an item of a dict": """
        hits = {"a": Value("i", 0), "b": Value("i", 0)}

        def add(name):
            hits[name] += 1  # mistaken
            if hits["a"] > 3:  # mistaken
                return
        """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_may_be_something_else_is_not_reported(name):
    marked, rows = found(PROGRAMS[name])
    assert rows == marked


def test_the_message_says_what_to_write():
    [source] = sources(program("\nif stop:\n    print(hits + turn)\n"))
    tested, computed = (one for one in findings_in([source]) if one.code == "LV303")
    assert "`stop.value`" in tested.message
    assert "always true" in tested.message
    assert "`hits.value`" in computed.message
    assert computed.kind == "Value"
    assert [note.at.span.line for note in computed.notes] == [computed.made.span.line]
