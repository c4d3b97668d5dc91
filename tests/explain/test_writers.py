"""Who writes an object, when, and whether that can come between a line's read and write."""

from __future__ import annotations

from explain.programs import explained

from lintvalue.report import render_explanation


def writers(program):
    """The writers of the first object of the marked row, by row."""
    told = explained(program)
    return {(one.at.span.line, one.who): one for one in told.objects[0].writers}


PROGRAM = """
def work(hits):
    hits.value += 1  # here

if __name__ == "__main__":
    hits = Value("i", 0)
    hits.value = 5
    worker = Process(target=work, args=(hits,))
    worker.start()
    hits.value = 6
    worker.join()
    hits.value = 7
"""


def test_when_the_main_program_writes():
    found = writers(PROGRAM)
    assert found[9, "the main program"].when == "while none of the processes in sight runs"
    assert found[12, "the main program"].when == "while what is made at row 10 runs"
    assert found[14, "the main program"].when == "while none of the processes in sight runs"
    assert found[5, "the process made at row 10"].when == "one at a time"


def test_only_what_runs_beside_the_line_meets_it():
    meets = {row: one.meets for (row, _), one in writers(PROGRAM).items()}
    assert meets == {5: False, 9: False, 12: True, 14: False}


def test_a_store_and_an_update_are_told_apart():
    found = writers(PROGRAM)
    assert found[12, "the main program"].read is None
    assert found[5, "the process made at row 10"].read.span.line == 5
    assert [row for (row, _), one in found.items() if one.here] == [5]


def test_many_processes_are_several_at_a_time():
    found = writers(
        """
        def work(hits, guard):
            with guard:
                hits.value += 1  # here

        if __name__ == "__main__":
            hits, guard = Value("i", 0), Lock()
            for _ in range(4):
                Process(target=work, args=(hits, guard)).start()
        """
    )
    one = found[6, "the processes made at row 11"]
    assert (one.when, one.held, one.meets) == ("several at a time", ("`guard`",), True)


def test_workers_of_a_pool_and_threads_are_called_so():
    found = writers(
        """
        def keep(value):
            global hits
            hits = value

        def work(_):
            hits.value += 1  # here

        def watch(hits):
            hits.value = 0

        if __name__ == "__main__":
            shared = Value("i", 0)
            Thread(target=watch, args=(shared,)).start()
            with Pool(4, keep, (shared,)) as pool:
                pool.map(work, range(9))
        """
    )
    assert set(found) == {
        (9, "the workers of the pool made at row 17"),
        (12, "the thread made at row 16"),
    }


def test_callers_out_of_sight_are_called_so():
    found = writers(
        """
        class Meter:
            def __init__(self):
                self.total = Value("i", 0)

            def add(self):
                self.total.value += 1  # here
        """
    )
    [(_, who)] = found
    assert who == "whoever calls `Meter.add`"


def test_a_gap_between_two_sections_is_told_as_no_lock_over_both():
    told = explained(
        """
        def work(hits, guard):
            with guard:
                old = hits.value
            with guard:
                hits.value = old + 1  # here

        if __name__ == "__main__":
            hits, guard = Value("i", 0), Lock()
            for _ in range(4):
                Process(target=work, args=(hits, guard)).start()
        """
    )
    text = render_explanation(told, "text")
    assert "writes what it read or checked at row 6, under no lock over both" in text


def test_a_helper_of_two_callers_tells_of_the_line_that_is_asked_about():
    """Both hold the same lock, so that the helper is run once for the two of them."""
    told = explained(
        """
        class Meter:
            def __init__(self):
                self.total = Value("i", 0, lock=False)
                self.guard = Lock()

            @property
            def value(self):
                return self.total.value

            @value.setter
            def value(self, value):
                self.total.value = value

            def add(self):
                with self.guard:
                    self.value += 1

            def drop(self):
                with self.guard:
                    self.value -= 1  # here
        """
    )
    [running] = told.objects[0].running
    assert [(one.name, one.at.span.line) for one in running.held] == [("self.guard", 22)]
    assert [hop.what for hop in running.calls] == ["`Meter.drop` is called from out of sight"]
