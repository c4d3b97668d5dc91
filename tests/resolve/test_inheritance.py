"""What processes reach without having been given it, and what comes to them in some way."""

from __future__ import annotations

from textwrap import dedent

import pytest
from cases import findings_in

from lintvalue.model.settings import Settings
from lintvalue.model.source import Source

# Rows that end with `# own` make what each process has one of its own of.
NOT_GIVEN = {
    "a global": """
        import multiprocessing as mp
        hits = mp.Value("i", 0)  # own
        def work():
            print(hits.value)
        mp.Process(target=work).start()
        """,
    "a lock": """
        import multiprocessing as mp
        guard = mp.Lock()  # own
        def work(hits):
            with guard:
                hits.value += 1
        hits = mp.Value("i", 0)
        for _ in range(2):
            mp.Process(target=work, args=(hits,)).start()
        """,
    "a default argument": """
        import multiprocessing as mp
        def work(hits=mp.Value("i", 0)):  # own
            print(hits.value)
        mp.Process(target=work).start()
        """,
    "a class attribute": """
        import multiprocessing as mp
        class Stats:
            hits = mp.Array("i", 4)  # own
            def run(self):
                print(self.hits[0])
        mp.Process(target=Stats().run).start()
        """,
    "an attribute of a global": """
        import multiprocessing as mp
        class App:
            def __init__(self):
                self.hits = mp.RawValue("i", 0)  # own
        app = App()
        def work():
            print(app.hits.value)
        mp.Process(target=work).start()
        """,
    "an item of a global": """
        import multiprocessing as mp
        stats = {"hits": mp.Value("i", 0)}  # own
        def work():
            print(stats["hits"].value)
        mp.Process(target=work).start()
        """,
    "a global made by a function": """
        import multiprocessing as mp
        hits = None
        def work():
            print(hits.value)
        def main():
            global hits
            hits = mp.Value("i", 0)  # own
            mp.Process(target=work).start()
        if __name__ == "__main__":
            main()
        """,
    "a thread of a process": """
        import multiprocessing as mp, threading
        hits = mp.Value("i", 0)  # own
        def count():
            print(hits.value)
        def work():
            threading.Thread(target=count).start()
        mp.Process(target=work).start()
        """,
    "given to one, not to the other": """
        import multiprocessing as mp
        hits = mp.Value("i", 0)  # own
        def work(hits):
            print(hits.value)
        def other():
            print(hits.value)
        mp.Process(target=work, args=(hits,)).start()
        mp.Process(target=other).start()
        """,
    "spawn after all": """
        import multiprocessing as mp
        mp.set_start_method("fork")
        hits = mp.Value("i", 0)  # own
        def work():
            print(hits.value)
        mp.get_context("spawn").Process(target=work).start()
        """,
    "a class of a library": """
        import multiprocessing as mp
        class Target:
            first = mp.Value("i", 0)  # own
            def open(self):
                with self.first.get_lock():
                    self.first.value = 3
        class Worker(mp.Process):
            def __init__(self, task):
                super().__init__()
                self.task = task
            def run(self):
                self.task.run()
        """,
    "an executor": """
        import multiprocessing as mp
        from concurrent.futures import ProcessPoolExecutor
        hits = mp.Value("i", 0)  # own
        def work(n):
            print(hits.value)
        with ProcessPoolExecutor() as pool:
            pool.submit(work, 3)
        """,
}
GIVEN = {
    "arguments": """
        import multiprocessing as mp
        hits = mp.Value("i", 0)
        def work(given):
            print(given["of"][0].value)
        mp.Process(target=work, kwargs={"given": {"of": [hits]}}).start()
        """,
    "an initializer": """
        import multiprocessing as mp
        hits = None
        def keep(given):
            global hits
            hits = given
        def work(n):
            print(hits.value)
        hits = mp.Value("i", 0)
        with mp.Pool(initializer=keep, initargs=(hits,)) as pool:
            pool.map(work, range(4))
        """,
    "a bound method": """
        import multiprocessing as mp
        class App:
            def __init__(self):
                self.hits = mp.Value("i", 0)
            def work(self):
                print(self.hits.value)
        app = App()
        mp.Process(target=app.work).start()
        """,
    "a subclass": """
        import multiprocessing as mp
        class Worker(mp.Process):
            def __init__(self, hits):
                super().__init__()
                self.hits = hits
            def run(self):
                print(self.hits.value)
        hits = mp.Value("i", 0)
        Worker(hits).start()
        """,
    "a thread of a process": """
        import multiprocessing as mp, threading
        def count(hits):
            print(hits.value)
        def work(hits):
            threading.Thread(target=count, args=(hits,)).start()
        hits = mp.Value("i", 0)
        mp.Process(target=work, args=(hits,)).start()
        """,
    "only threads": """
        import multiprocessing as mp, threading
        hits = mp.Value("i", 0)
        def work():
            print(hits.value)
        threading.Thread(target=work).start()
        """,
    "a library that starts no processes": """
        import multiprocessing as mp
        class Target:
            first = mp.Value("i", 0)
            def open(self):
                self.first.value = 3
        """,
    "only the parent": """
        import multiprocessing as mp
        hits = mp.Value("i", 0)
        def work():
            pass
        mp.Process(target=work).start()
        hits.value = 3
        """,
    "made by the process": """
        import multiprocessing as mp
        def work():
            hits = mp.Value("i", 0)
            print(hits.value)
        mp.Process(target=work).start()
        """,
    "a proxy": """
        import multiprocessing as mp
        def main():
            global counts
            counts = mp.Manager().dict()
            mp.Process(target=work).start()
        def work():
            print(counts["a"])
        """,
    "a fork context": """
        import multiprocessing as mp
        fork = mp.get_context("fork")
        hits = fork.Value("i", 0)
        def work():
            print(hits.value)
        fork.Process(target=work).start()
        with fork.Pool() as pool:
            pool.apply(work)
        """,
    "a fork context for an executor": """
        import multiprocessing as mp
        from concurrent.futures import ProcessPoolExecutor
        hits = mp.Value("i", 0)
        def work():
            print(hits.value)
        with ProcessPoolExecutor(mp_context=mp.get_context(method="fork")) as pool:
            pool.submit(work)
        """,
    "processes that fork": """
        import multiprocessing as mp
        from multiprocessing.context import ForkProcess
        hits = mp.Value("i", 0)
        class Worker(ForkProcess):
            def run(self):
                print(hits.value)
        Worker().start()
        """,
    "fork, as chosen": """
        import multiprocessing as mp
        hits = mp.Value("i", 0)
        def work():
            print(hits.value)
        if __name__ == "__main__":
            mp.set_start_method("fork")
            mp.Process(target=work).start()
        """,
}


def rows(text, start_method=None):
    settings = Settings(select=("LV302",), start_method=start_method)
    return [one.at.span.line for one in findings_in([Source("app.py", dedent(text))], settings)]


def made(text):
    return [row for row, line in enumerate(dedent(text).split("\n"), 1) if line.endswith("# own")]


@pytest.mark.parametrize("program", NOT_GIVEN)
def test_what_a_process_reaches_without_it_is_reported_where_it_is_made(program):
    assert made(NOT_GIVEN[program])
    assert rows(NOT_GIVEN[program]) == made(NOT_GIVEN[program])


@pytest.mark.parametrize("program", GIVEN)
def test_what_a_process_is_given_or_makes_or_forks_with_is_not(program):
    assert rows(GIVEN[program]) == []


@pytest.mark.parametrize(
    ("method", "found"), [(None, True), ("any", True), ("spawn", True), ("fork", False)]
)
def test_the_setting_speaks_where_the_code_says_nothing(method, found):
    text = NOT_GIVEN["a global"]
    assert rows(text, method) == (made(text) if found else [])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_code_outweighs_the_setting(method):
    text = NOT_GIVEN["spawn after all"]
    assert rows(text, method) == made(text)
    assert rows(GIVEN["a fork context"], method) == []


def test_the_use_stands_beside_it_as_a_warning():
    [finding] = findings_in(
        [Source("app.py", dedent(NOT_GIVEN["a lock"]))], Settings(select=("LV302",))
    )
    assert finding.severity == "warning"
    assert finding.symbol == "guard"
    assert [note.at.span.line for note in finding.notes] == [5]
