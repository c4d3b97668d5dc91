"""Which statement a line belongs to, whatever its shape."""

from __future__ import annotations

from textwrap import dedent

import pytest
from explain.programs import HEAD, explained, explanation_of

from lintvalue.model.explanation import Verdict
from lintvalue.model.source import Source

STARTED = """
if __name__ == "__main__":
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits,)).start()
"""


def codes(told):
    return [one.finding.code for one in told.findings]


def rows(told):
    return [at.span.line for at in told.at]


def explained_row(body, row):
    """The explanation of a row of a program that is given as it stands."""
    source = Source("app.py", HEAD + body + STARTED)
    return explanation_of((source,), "app.py", HEAD.count("\n") + row)


@pytest.mark.parametrize("row", [2, 3, 4])
def test_every_row_of_a_long_statement_is_the_statement(row):
    body = "def work(hits):\n    hits.value = (\n        hits.value\n        + 1)\n"
    told = explained_row(body, row)
    assert codes(told) == ["LV102"]
    assert [number for number, _ in told.rows] == [4, 5, 6]


def test_all_statements_of_a_row_are_told():
    told = explained(f"def work(hits):\n    hits.value += 1; hits.value += 2  # here\n{STARTED}")
    assert codes(told) == ["LV101", "LV101"]
    assert [step.operation for step in told.steps].count("STORE_ATTR") == 2


def test_a_suite_on_its_headers_row():
    told = explained(f"def work(hits):\n    if input(): hits.value += 1  # here\n{STARTED}")
    assert codes(told) == ["LV101"]


def test_the_header_of_a_block_is_not_the_block():
    told = explained(
        f"def work(hits):\n    if input():  # here\n        hits.value += 1\n{STARTED}"
    )
    assert (codes(told), told.verdict) == ([], Verdict.NOTHING)


@pytest.mark.parametrize("row", ["# a comment", "", "    # another one"])
def test_a_row_without_a_statement_says_so(row):
    told = explained_row(f"def work(hits):\n    hits.value += 1\n{row}\n", 3)
    assert told.reasons == ("No statement stands on this line.",)
    assert told.at == ()


def test_a_decorators_row_belongs_to_the_function():
    body = "@print\n@repr\ndef other():\n    pass\n\ndef work(hits):\n    hits.value += 1\n"
    assert rows(explained_row(body, 1)) == rows(explained_row(body, 3)) == [5]


def test_a_lambda_in_a_call():
    told = explained(
        f"""
def work(hits):
    action = lambda: setattr(hits, "value", hits.value + 1)  # here
    action()
{STARTED}"""
    )
    assert codes(told) == ["LV102"]
    assert {one.effect.value for step in told.steps for one in step.touching} == {"load", "store"}


def test_a_comprehension():
    told = explained(
        f"def work(hits):\n    print([hits.value for _ in range(3)])  # here\n{STARTED}"
    )
    assert [one.name for step in told.steps for one in step.touching] == ["hits.value"]


def test_two_objects_on_one_row_are_two_stories():
    told = explained(
        """
        def work(first, second):
            first.value, second.value = second.value, first.value  # here

        if __name__ == "__main__":
            a, b = Value("i", 0), Value("i", 0)
            for _ in range(4):
                Process(target=work, args=(a, b)).start()
        """
    )
    assert [one.name for one in told.objects] == ["first", "second"]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems(newline):
    text = HEAD + "def work(hits):\n\thits.value += 1\n" + STARTED
    source = Source("app.py", text.replace("\n", newline))
    told = explanation_of((source,), "app.py", 4)
    assert codes(told) == ["LV101"]
    assert [text for _, text in told.rows] == ["\thits.value += 1"]
    assert [one.name for step in told.steps for one in step.touching] == ["hits.value"] * 2


def test_a_form_feed_and_a_backslash_do_not_shift_rows():
    body = "\f\ndef work(hits):\n    hits.value \\\n        += 1\n"
    for row in (3, 4):
        assert codes(explained_row(body, row)) == ["LV101"]


def test_what_the_running_python_cannot_compile_has_no_steps():
    # LibCST reads it; the compiler refuses `nonlocal` outside a function.
    body = "def work(hits):\n    hits.value += 1\nnonlocal other\n"
    told = explained_row(body, 2)
    assert codes(told) == ["LV101"]
    assert told.steps == ()
    assert told.interleaving is not None


def test_every_line_of_every_case_can_be_explained(case_lines):
    for sources, path, row in case_lines:
        told = explanation_of(sources, path, row)
        assert told.line == row
        assert told.reasons or told.findings or told.objects or told.at, (path, row)


@pytest.fixture
def case_lines():
    """All rows of one program that has a bit of everything."""
    text = HEAD + dedent(
        '''
        import functools

        class Meter:
            """Counts."""

            total = None

            def __init__(self, start=0, *, name="é"):
                self.total = Value("i", start)
                self.guard = Lock()

            @property
            def value(self):
                return self.total.value

            def add(self, n=1):
                with self.guard:
                    self.total.value += n
                try:
                    assert self.total.value < 9, "many"
                except AssertionError:
                    raise
                finally:
                    del n

        def work(meter, table, *rest, **more):
            while meter.value < 5:
                meter.add(n := 1)
            for key in table.keys():
                table[key] = table.get(key, 0) + 1
            match meter.value:
                case 3:
                    meter.total.value = 4
                case _:
                    pass
            return [x for x in rest if x]

        if __name__ == "__main__":
            meter, table = Meter(), Manager().dict()
            job = functools.partial(work, meter, table)
            workers = [Process(target=job) for _ in range(4)]
            for worker in workers:
                worker.start()
            print(f"{meter.value}")
        '''
    )
    source = Source("app.py", text)
    return [((source,), "app.py", row) for row in range(1, text.count("\n") + 1)]
