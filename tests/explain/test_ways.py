"""How an object gets to a line: each kind of hand-over is one hop."""

from __future__ import annotations

import pytest
from explain.programs import explained


def way(program):
    """What happens on the way of the first object on the marked row, and in which row."""
    told = explained(program)
    return [(hop.at.span.line, hop.what) for hop in told.objects[0].way]


def test_through_the_arguments_of_a_launch():
    assert way(
        """
        def work(counter):
            counter.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            Process(target=work, args=(hits,)).start()
        """
    ) == [
        (8, "the Value is made, kept as the global `hits`"),
        (9, "handed to a process, as `counter` of `work`"),
    ]


def test_by_keyword_and_to_a_thread():
    assert way(
        """
        def work(counter):
            counter.value += 1  # here

        def main():
            hits = Value("i", 0)
            Thread(target=work, kwargs={"counter": hits}).start()

        main()
        """
    ) == [
        (8, "the Value is made, called `hits`"),
        (9, "handed to a thread, as `counter` of `work`"),
    ]


def test_through_the_initializer_of_a_pool_and_a_global():
    assert way(
        """
        def keep(value):
            global kept
            kept = value

        def work(_):
            kept.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            pool = Pool(4, initializer=keep, initargs=(hits,))
            pool.map(work, range(9))
        """
    ) == [
        (12, "the Value is made, kept as the global `hits`"),
        (13, "handed to the workers of a pool, as `value` of `keep`"),
        (6, "kept as the global `kept`"),
    ]


def test_as_an_attribute_and_by_constructor():
    assert way(
        """
        class Meter:
            def __init__(self, total):
                self.total = total

            def add(self):
                self.total.value += 1  # here

        if __name__ == "__main__":
            meter = Meter(Value("i", 0))
            Process(target=meter.add).start()
        """
    ) == [
        (12, "the Value is made, handed over as `total` of `Meter.__init__`"),
        (6, "kept as the attribute `total`"),
    ]


def test_from_a_factory_by_the_call_that_it_comes_back_from():
    assert way(
        """
        def make():
            return Value("i", 0)

        def work(counter):
            counter.value += 1  # here

        if __name__ == "__main__":
            hits = make()
            Process(target=work, args=(hits,)).start()
        """
    ) == [
        (5, "the Value is made"),
        (11, "comes back from `make`, kept as the global `hits`"),
        (12, "handed to a process, as `counter` of `work`"),
    ]


def test_along_calls():
    assert way(
        """
        def inner(c):
            c.value += 1  # here

        def outer(b):
            inner(b)

        if __name__ == "__main__":
            a = Value("i", 0)
            Process(target=outer, args=(a,)).start()
        """
    ) == [
        (11, "the Value is made, kept as the global `a`"),
        (12, "handed to a process, as `b` of `outer`"),
        (8, "handed over as `c` of `inner`"),
    ]


def test_under_a_key():
    assert way(
        """
        table = {}
        table["hits"] = Value("i", 0)

        def work():
            table["hits"].value += 1  # here

        if __name__ == "__main__":
            Process(target=work).start()
        """
    )[-1] == (5, 'the Value is made, kept under the key "hits"')


def test_by_an_annotation():
    [first, *_] = way(
        """
        from multiprocessing.sharedctypes import Synchronized

        def work(hits: Synchronized):
            hits.value += 1  # here
        """
    )
    assert first == (6, "declared to be shared")


def test_an_attribute_of_an_object_that_code_out_of_sight_makes():
    assert way(
        """
        from multiprocessing.sharedctypes import Synchronized

        class Meter:
            def __init__(self, total: Synchronized):
                self.total = total

            def add(self):
                self.total.value += 1  # here
        """
    ) == [(7, "declared to be shared"), (8, "kept as the attribute `total`")]


def test_across_modules():
    told = explained(
        {
            "app/__init__.py": "",
            "app/main.py": """\
                from multiprocessing import Process, Value
                from app.work import work

                if __name__ == "__main__":
                    hits = Value("i", 0)
                    Process(target=work, args=(hits,)).start()
                """,
            "app/work.py": """\
                def work(hits):
                    hits.value += 1  # here
                """,
        }
    )
    assert told.path == "app/work.py"
    assert [hop.at.path for hop in told.objects[0].way] == ["app/main.py", "app/main.py"]
    [running] = told.objects[0].running
    assert running.who == "the process made at app/main.py:6"


def test_the_calls_to_the_line_begin_with_the_launch():
    told = explained(
        """
        class Meter:
            def __init__(self):
                self.total = Value("i", 0)

            def add(self):
                self.total.value += 1  # here

        def work(meter):
            meter.add()

        if __name__ == "__main__":
            meter = Meter()
            for _ in range(4):
                Process(target=work, args=(meter,)).start()
        """
    )
    [running] = told.objects[0].running
    assert [(hop.at.span.line, hop.what) for hop in running.calls] == [
        (17, "runs `work`"),
        (12, "calls `Meter.add`"),
    ]
    assert running.several


@pytest.mark.parametrize("name", ["größe", "Δ", "счёт"])
def test_names_in_any_script(name):
    [_, last] = way(
        f"""
        def work({name}):
            {name}.value += 1  # here

        if __name__ == "__main__":
            hits = Value("i", 0)
            Process(target=work, args=(hits,)).start()
        """
    )
    assert last == (9, f"handed to a process, as `{name}` of `work`")
