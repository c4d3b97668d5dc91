"""Results of locked updates that are read apart from them: such reads end with `# stale`."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from cases import findings_in
from resolve.programs import sources

from lintvalue.model.settings import Settings

_MAIN = """
class Job:
    number = 0

if __name__ == "__main__":
    last, other, lock, job = Value("i", 0), Value("i", 0), Lock(), Job()
    for turn in range(3):
        Process(target=work, args=(last, other, lock, job, [])).start()
"""


def program(body, head=""):
    """A module whose workers run `body` with two Values, a lock, an object and a list."""
    return f"{dedent(head)}\ndef work(last, other, lock, job, ids):{indent(dedent(body), '    ')}{_MAIN}"


def found(text):
    """The rows that are marked, and those that are reported."""
    [source] = sources(text)
    rows = enumerate(source.text.split("\n"), start=1)
    marked = [number for number, row in rows if row.endswith("# stale")]
    findings = findings_in([source], Settings(select=("LV105",)))
    return marked, [finding.at.span.line for finding in findings]


BODIES = {
    "returned after the update": """
        with last.get_lock():
            last.value += 1
        return last.value  # stale
    """,
    "returned from before the update": """
        number = last.value  # stale
        with last.get_lock():
            last.value += 1
        return number
    """,
    "returned from another section": """
        with lock:
            last.value += 1
        with lock:
            number = last.value  # stale
        return number
    """,
    "returned from the same section": """
        with lock:
            last.value += 1
            number = last.value
        return number
    """,
    "returned from within": """
        with lock:
            number = last.value
            last.value = number + 1
            return number
    """,
    "held from the caller": """
        def step():
            with last.get_lock():
                last.value += 1

        with last.get_lock():
            step()
            return last.value
    """,
    "updated in a helper": """
        def step():
            with last.get_lock():
                last.value += 1

        step()
        return last.value  # stale
    """,
    "stored in an attribute": """
        with last.get_lock():
            last.value += 1
        job.number = last.value  # stale
    """,
    "stored in a list": """
        with last.get_lock():
            last.value += 1
        number = last.value  # stale
        ids.append(number)
    """,
    "stored in an item": """
        lock.acquire()
        last.value += 1
        lock.release()
        ids[0] = f"job {last.value}"  # stale
    """,
    "only shown": """
        with last.get_lock():
            last.value += 1
        print(last.value)
        number = last.value
        print(number)
    """,
    "only compared": """
        with last.get_lock():
            last.value += 1
        return last.value > 9
    """,
    "another object": """
        with last.get_lock():
            last.value += 1
        return other.value
    """,
    "no update on this way": """
        if job.number:
            with last.get_lock():
                last.value += 1
        else:
            return last.value
        return None
    """,
    "an update with no lock": """
        last.value += 1
        return last.value
    """,
}


@pytest.mark.parametrize("name", BODIES)
def test_a_result_is_read_where_it_is_made(name):
    marked, rows = found(program(BODIES[name]))
    assert rows == marked


PROGRAMS = {
    "one writer": """
        def work(last):
            with last.get_lock():
                last.value += 1
            return last.value

        if __name__ == "__main__":
            last = Value("i", 0)
            Process(target=work, args=(last,)).start()
            print(last.value)
        """,
    "a reader alone": """
        def work(last):
            with last.get_lock():
                last.value += 1

        def seen(last):
            return last.value

        if __name__ == "__main__":
            last = Value("i", 0)
            for _ in range(3):
                Process(target=work, args=(last,)).start()
            print(seen(last))
        """,
    "read by a method": """
        class Tickets:
            def __init__(self):
                self.last = Value("i", 0)

            def peek(self):
                return self.last.value  # stale

            def step(self):
                with self.last.get_lock():
                    self.last.value += 1

            def next(self):
                self.step()
                return self.peek()

        def work(tickets):
            print(tickets.next())

        if __name__ == "__main__":
            tickets = Tickets()
            for _ in range(3):
                Process(target=work, args=(tickets,)).start()
        """,
    "a cell of an array": """
        def work(next_ids, kind):
            with next_ids.get_lock():
                next_ids[kind] += 1
            return next_ids[kind]  # stale

        if __name__ == "__main__":
            next_ids = Array("i", 3)
            for _ in range(3):
                Process(target=work, args=(next_ids, 1)).start()
        """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_results_are_followed_through_calls(name):
    marked, rows = found(PROGRAMS[name])
    assert rows == marked


def test_the_update_stands_beside_it_and_it_is_off_by_default():
    [source] = sources(program(BODIES["returned after the update"]))
    [finding] = findings_in([source], Settings(extend_select=("LV105",)))
    assert [note.at.span.line for note in finding.notes] == [finding.at.span.line - 1]
    assert findings_in([source]) == ()
