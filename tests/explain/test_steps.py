"""The steps are those of `dis` of the running Python, the locks stand around loads and stores."""

from __future__ import annotations

import dis
import sys

import pytest
from explain.programs import HEAD, explained

from lintvalue.model.explanation import Effect, Taking
from lintvalue.report import render_explanation

WORKERS = """
if __name__ == "__main__":
    hits = Value("i", 0)
    cells = Array("i", 4)
    table = Manager().dict()
    raw = RawValue("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits, cells, table, raw)).start()
"""


def program(row):
    return f"\ndef work(hits, cells, table, raw):\n    {row}  # here\n    print(0)\n{WORKERS}"


def disassembled(row):
    """The names of the instructions of the row, by `dis` itself."""
    code = compile(HEAD + program(row), "app.py", "exec")
    [function] = [part for part in code.co_consts if getattr(part, "co_name", "") == "work"]
    line = HEAD.count("\n") + 3
    return [
        one.opname
        for one in dis.get_instructions(function)
        if one.positions.lineno == line and one.opname != "RESUME"
    ]


ROWS = [
    "hits.value += 1",
    "hits.value = hits.value + 1",
    "cells[0] += 1",
    "table['é'] = table.get('é', 0) + 1",
    "raw.value -= 2",
    "setattr(hits, 'value', hits.value + 1)",
    "hits.value, cells[1] = cells[1], hits.value",
]


@pytest.mark.parametrize("row", ROWS)
def test_the_steps_are_those_that_dis_tells(row):
    told = explained(program(row))
    assert [step.operation for step in told.steps] == disassembled(row)
    assert told.python == f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}"


@pytest.mark.parametrize("row", ROWS)
def test_each_load_and_each_store_has_an_instruction(row):
    told = explained(program(row))
    effects = {
        (touching.effect, touching.name) for step in told.steps for touching in step.touching
    }
    names = {name for _, name in effects}
    assert names
    assert effects == {(effect, name) for effect in Effect for name in names}


def touching(told, operation):
    """What the instructions of one name do."""
    return [one for step in told.steps if step.operation == operation for one in step.touching]


def test_the_objects_own_lock_is_taken_for_the_load_and_for_the_store():
    told = explained(program("hits.value += 1"))
    [load], [store] = touching(told, "LOAD_ATTR"), touching(told, "STORE_ATTR")
    assert (load.effect, store.effect) == (Effect.LOAD, Effect.STORE)
    assert load.lock == store.lock == "hits.get_lock()"
    text = render_explanation(told, "text").partition("Step by step")[2]
    rows = [row.split("  #")[0].strip() for row in text.split("\n") if row.startswith("  ")]
    at = rows.index("STORE_ATTR  value")
    text = render_explanation(told, "text").split("\n")
    [store_row] = [index for index, row in enumerate(text) if row.startswith("  STORE_ATTR")]
    assert "hits.get_lock() acquired" in text[store_row - 1]
    assert "hits.get_lock() released" in text[store_row + 1]
    assert at


def test_what_has_no_lock_takes_none():
    told = explained(program("raw.value += 1"))
    assert [one.lock for step in told.steps for one in step.touching] == ["", ""]


def test_a_proxy_asks_the_managers_process():
    told = explained(program("table['k'] = table.get('k', 0) + 1"))
    assert [one.request for step in told.steps for one in step.touching] == [True, True]


def test_a_reentrant_lock_that_is_held_is_taken_once_more():
    told = explained(
        """
        def work(hits):
            with hits.get_lock():
                hits.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(4):
                Process(target=work, args=(hits,)).start()
        """
    )
    assert {one.taking for step in told.steps for one in step.touching} == {Taking.AGAIN}


def test_a_lock_that_cannot_be_taken_twice_is_never_acquired():
    told = explained(
        """
        def work(hits):
            with hits.get_lock():
                hits.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0, lock=Lock())
            for _ in range(4):
                Process(target=work, args=(hits,)).start()
        """
    )
    assert [told.findings[0].finding.code] == ["LV204"]
    assert {one.taking for step in told.steps for one in step.touching} == {Taking.STUCK}


def test_a_read_in_another_statement_is_told_with_the_write():
    told = explained(
        """
        def work(hits):
            old = hits.value
            hits.value = old + 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(4):
                Process(target=work, args=(hits,)).start()
        """
    )
    effects = [one.effect for step in told.steps for one in step.touching]
    assert effects == [Effect.LOAD, Effect.STORE]
    assert len({step.at.span.line for step in told.steps}) == 2


def test_a_property_is_loaded_and_stored_by_its_name():
    told = explained(
        """
        class Meter:
            def __init__(self):
                self._hits = Value("i", 0)

            @property
            def hits(self):
                return self._hits.value

            @hits.setter
            def hits(self, value):
                self._hits.value = value

        def work(meter):
            meter.hits += 1  # here

        if __name__ == "__main__":
            meter = Meter()
            for _ in range(4):
                Process(target=work, args=(meter,)).start()
        """
    )
    [load], [store] = touching(told, "LOAD_ATTR"), touching(told, "STORE_ATTR")
    assert load.inside == store.inside == "Meter.hits"
    assert (load.effect, store.effect) == (Effect.LOAD, Effect.STORE)
    assert told.interleaving is not None


def test_columns_of_instructions_count_characters_not_bytes():
    told = explained(program('print("ééé"); hits.value += 1'))
    [store] = [step for step in told.steps if step.operation == "STORE_ATTR"]
    assert store.touching
    assert store.at.span.column == 4 + len('print("ééé"); ')
