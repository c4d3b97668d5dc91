"""The drawn columns are replayed: locks are honoured, each value is right, and an update is lost."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import pytest
from cases import all_cases, findings_in
from explain.programs import explained, explanation_of

from lintvalue.report import render_explanation

UPDATES = {"LV101", "LV102", "LV103", "LV104"}
GUARDS = {"LV201", "LV202", "LV203"}
_MOVE = re.compile(r"(acquire|release|load|check|compute|store)\b ?(.*?)(?: ?(?:->|<-) (-?\d+))?$")


@dataclass
class Memory:
    """One cell, its locks, and two processes: written without a look at the tool's own machine."""

    value: int = 0
    writer: int = 0  # who stored last
    owners: dict[str, list[int]] = field(default_factory=dict)
    register: dict[int, int] = field(default_factory=dict)
    loaded_from: dict[int, int] = field(default_factory=dict)  # whose store a process has seen
    overwritten: int = 0  # stores by one process that knew nothing of the other's
    stores: Counter = field(default_factory=Counter)

    def move(self, process, verb, name, value):
        if verb == "acquire":
            private = f"{process} {name}" if name.startswith("its own") else name
            owners = self.owners.setdefault(private, [])
            assert set(owners) <= {process}, f"{name} is held by another process"
            owners.append(process)
        elif verb == "release":
            private = f"{process} {name}" if name.startswith("its own") else name
            assert self.owners[private].pop() == process
        elif verb in {"load", "check"}:
            assert value == self.value
            self.register[process] = self.value
            self.loaded_from.setdefault(process, sum(self.stores.values()))
        elif verb == "compute":
            self.register[process] += 1
            assert value == self.register[process]
        else:
            self.store(process, value)

    def store(self, process, value):
        seen = self.loaded_from.pop(process, None)
        if seen is not None:
            assert value == self.register[process]
            self.overwritten += sum(self.stores.values()) - seen
        self.stores[process] += 1
        self.value = value


def replayed(text):
    """The memory after all that the two columns say, row by row."""
    rows = text.partition("How an update is lost")[2].split("\n")
    [head] = [
        index for index, row in enumerate(rows) if re.match(r" *process 1 +\| process 2", row)
    ]
    memory = Memory()
    for row in rows[head + 2 :]:
        if "|" not in row:
            break
        left, right, holds = (part.strip() for part in re.split(r" \|(?: |$)", row))
        assert bool(left) != bool(right)
        verb, name, value = _MOVE.fullmatch(left or right).groups()
        memory.move(1 if left else 2, verb, name, None if value is None else int(value))
        if verb == "store":
            assert int(holds) == memory.value
    assert not any(memory.owners.values()), "a lock is never released"
    return memory


def reported():
    """Every finding of the labelled cases that is about an update."""
    return [
        pytest.param(case, finding, id=f"{case}-{finding.code}-{finding.at.span.line}")
        for case in all_cases()
        for finding in findings_in(case.sources, case.settings)
        if finding.code in UPDATES | GUARDS
    ]


@pytest.mark.parametrize(("case", "finding"), reported())
def test_what_is_drawn_for_a_finding_loses_an_update(case, finding):
    told = explanation_of(case.sources, finding.at.path, finding.at.span.line)
    memory = replayed(render_explanation(told, "text"))
    assert set(memory.stores) == {1, 2}
    assert memory.overwritten


def test_of_two_increments_one_is_left():
    told = explained(
        """
        def add(hits):
            hits.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(4):
                Process(target=add, args=(hits,)).start()
        """
    )
    memory = replayed(render_explanation(told, "text"))
    assert (memory.value, sum(memory.stores.values())) == (1, 2)


def test_a_lock_that_each_process_has_for_itself_keeps_nobody_out():
    told = explained(
        """
        def add(hits):
            with Lock():  # here
                hits.value += 1

        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(4):
                Process(target=add, args=(hits,)).start()
        """
    )
    names = [move.name for move in told.interleaving.moves if move.action == "acquire"]
    assert names.count("its own Lock made at row 5") == 2


def test_a_store_of_the_main_program_is_what_is_lost():
    told = explained(
        """
        def add(hits):
            hits.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            worker = Process(target=add, args=(hits,))
            worker.start()
            hits.value = 7
            worker.join()
        """
    )
    assert "process 2" in told.interleaving.outcome
    assert told.interleaving.processes[1] == "the main program, in the module"
    memory = replayed(render_explanation(told, "text"))
    assert (memory.overwritten, memory.value) == (1, 1)


def test_nothing_is_drawn_where_no_update_can_be_lost():
    told = explained(
        """
        def add(hits):
            with hits.get_lock():
                hits.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(4):
                Process(target=add, args=(hits,)).start()
        """
    )
    assert told.interleaving is None
