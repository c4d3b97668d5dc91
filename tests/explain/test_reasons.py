"""Each reason for silence is told for a program that has it."""

from __future__ import annotations

import pytest
from explain.programs import explained

from lintvalue.explain.reasons import WHY
from lintvalue.model.explanation import Verdict
from lintvalue.model.project import Silence

STARTED = """
if __name__ == "__main__":
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits,)).start()
"""

SILENT = {
    Silence.ONE_WRITER: """
        def work(hits):
            hits.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            worker = Process(target=work, args=(hits,))
            worker.start()
            worker.join()
            print(hits.value)
        """,
    Silence.NOT_CONCURRENT: """
        def work(hits):
            hits.value += 1

        if __name__ == "__main__":
            hits = Value("i", 0)
            worker = Process(target=work, args=(hits,))
            worker.start()
            worker.join()
            hits.value += 1  # here
        """,
    Silence.OWN_CELL: """
        def work(cells, rank):
            cells[rank] += 1  # here

        if __name__ == "__main__":
            cells = Array("i", 4)
            for rank in range(4):
                Process(target=work, args=(cells, rank)).start()
        """,
    Silence.STOP_FLAG: """
        def work(running):
            while running.value:
                if input():
                    running.value = 0  # here

        if __name__ == "__main__":
            running = Value("i", 1)
            for _ in range(4):
                Process(target=work, args=(running,)).start()
        """,
    Silence.IDEMPOTENT: """
        def work(ready):
            if not ready.value:
                ready.value = True  # here

        if __name__ == "__main__":
            ready = Value("b", False)
            for _ in range(4):
                Process(target=work, args=(ready,)).start()
        """,
    Silence.UNKNOWN_LOCK: """
        from elsewhere import guard

        def work(hits):
            with guard:
                hits.value += 1  # here
        """
    + STARTED.replace("\n", "\n        "),
}


def test_every_reason_has_its_words_and_its_program():
    assert set(WHY) == set(SILENT) == set(Silence)


@pytest.mark.parametrize("silence", Silence, ids=lambda silence: silence.name)
def test_the_reason_of_a_silent_update_is_told(silence):
    told = explained(SILENT[silence])
    assert told.verdict is Verdict.SAFE
    assert told.findings == ()
    assert [WHY[silence] in reason for reason in told.reasons] == [True]


def reasons(body, ending=STARTED):
    """What is said of the marked row of a function that several processes run."""
    return explained(f"\ndef work(hits):\n{body}\n{ending}").reasons


def test_the_lock_that_is_held_is_named():
    body = "    with hits.get_lock():\n        hits.value += 1  # here"
    assert reasons(body) == ("`hits`: `hits.get_lock()` is held from the read to the write.",)


def test_a_lock_made_elsewhere_is_named_as_the_line_names_it():
    told = explained(
        """
        def work(hits, guard):
            with guard:
                hits.value += 1  # here

        if __name__ == "__main__":
            hits, lock = Value("i", 0), Lock()
            for _ in range(4):
                Process(target=work, args=(hits, lock)).start()
        """
    )
    assert told.reasons == ("`hits`: `guard` is held from the read to the write.",)
    [running] = told.objects[0].running
    assert [(one.name, one.at.span.line) for one in running.held] == [("guard", 5)]


def test_a_plain_store_and_a_plain_read_are_called_so():
    assert "plain store" in reasons("    hits.value = 7  # here")[0]
    assert "plain read" in reasons("    print(hits.value)  # here")[0]


def test_a_line_without_any_object_says_so():
    told = explained("def work(hits):\n    print(3)  # here\n")
    assert (told.verdict, told.objects, told.steps) == (Verdict.NOTHING, (), ())


def test_an_unknown_receiver_is_called_unknown():
    told = explained("def work(thing):\n    thing.value += 1  # here\n")
    assert told.verdict is Verdict.NOTHING
    assert told.reasons[0].startswith("`thing` may be anything")


def test_a_receiver_that_is_something_else_is_called_by_its_class():
    told = explained(
        """
        class Box:
            value = 0

        def work():
            box = Box()
            box.value += 1  # here

        work()
        """
    )
    assert told.reasons == ("`box` is no shared memory: it is an object of the class `Box`.",)


def test_code_that_nothing_reaches_is_called_so():
    told = explained(
        """
        def work(hits):
            return
            hits.value += 1  # here
        """
    )
    assert "nothing in sight comes by here" in told.reasons[0]


def test_a_name_that_nothing_in_sight_binds_is_called_so():
    told = explained("def work():\n    missing.value += 1  # here\nwork()\n")
    [reason] = told.reasons
    assert reason.startswith("`missing`: nothing in sight gives it a value")


def test_a_value_that_is_kept_under_the_name_value():
    told = explained(
        """
        class Counter:
            def __init__(self):
                self.value = Value("i", 0)

            def add(self):
                self.value.value += 1  # here
        """
    )
    assert told.verdict is Verdict.REPORTED
    assert told.reasons == ()


def test_a_value_that_may_be_a_number_is_not_taken_for_its_memory():
    told = explained(
        """
        class Counter:
            def __init__(self, parallel):
                self.value = Value("i", 0) if parallel else 0

            def add(self):
                self.value += 1  # here

        Counter(input()).add()
        """
    )
    [reason] = [one for one in told.reasons if "`self.value`" in one]
    assert "the object itself" in reason
    assert "a plain value" in reason


def test_the_read_of_a_reported_write_says_where_that_is():
    body = "    old = hits.value  # here\n    hits.value = old + 1"
    assert any("LV103 at row 6" in reason for reason in reasons(body))


def test_an_update_under_a_lock_that_is_reported_elsewhere_is_not_called_safe():
    told = explained(
        """
        def work(hits):
            with Lock():
                hits.value += 1  # here
        """
        + STARTED.replace("\n", "\n        ")
    )
    assert told.reasons[0].startswith("LV201 at row 5 is about this line")
    assert not any("is held from" in reason for reason in told.reasons)


def test_a_block_that_cannot_be_entered_is_called_so():
    body = "    with hits.get_lock:\n        hits.value += 1  # here"
    assert reasons(body) == ("`hits`: row 5 raises (LV207), so this line is not reached.",)


def test_what_a_called_function_does_is_told_as_its_own():
    told = explained(
        """
        def add(hits):
            with hits.get_lock():
                hits.value += 1

        def work(hits):
            add(hits)  # here
        """
        + STARTED.replace("\n", "\n        ")
    )
    assert told.reasons == ("`hits` is touched in what this line calls: `add` (row 6).",)
    [running] = told.objects[0].running
    assert running.held == ()


def test_starting_a_process_is_no_call_of_what_it_runs():
    told = explained(
        """
        def work(hits):
            hits.value += 1

        if __name__ == "__main__":
            hits = Value("i", 0)
            for _ in range(4):
                Process(target=work, args=(hits,)).start()  # here
        """
    )
    assert told.verdict is Verdict.SAFE
    assert told.objects[0].touched == ("handed over as `hits` of `work`",)
    assert told.steps == ()
