"""Every place that touches an object is listed: what a fix changes, it has to change everywhere."""

from __future__ import annotations

import pytest
from resolve.programs import project, sources

from lintvalue.model.project import Kind, LockKind, Touch


def uses(files):
    """`touch text` of each use, in source order, the object's own expression in brackets."""
    rows = {source.path: source.text.split("\n") for source in sources(files)}
    return [f"{use.touch} {_shown(rows[use.at.path], use)}" for use in project(files).uses]


def _shown(rows, use):
    span, base = use.at.span, use.base
    assert span.encloses(base)
    assert use.statement.line <= span.line
    text = rows[span.line - 1]
    before, own, after = (
        text[span.column : base.column],
        text[base.column : base.end_column],
        text[base.end_column : span.end_column],
    )
    return f"{before}[{own}]{after}"


PROGRAM = """
def work(hits):
    hits.value += 1
    hits.value = hits.value + 2
    with hits.get_lock():
        hits.value -= 1
    with hits:
        print(hits.value, flush=True)
    hits.acquire()
    hits.release()
if __name__ == "__main__":
    hits = Value("i", 0)
    for _ in range(3):
        Process(target=work, args=(hits,)).start()
    print(f"{hits.value} of 9")
"""


def test_every_touch_is_listed_in_source_order():
    assert uses(PROGRAM) == [
        "augment [hits].value",
        "store [hits].value",
        "read [hits].value",
        "lock [hits].get_lock()",
        "augment [hits].value",
        "lock [hits]",
        "read [hits].value",
        "lock [hits].acquire()",
        "lock [hits].release()",
        'made [Value]("i", 0)',
        "read [hits].value",
    ]


def test_every_touch_is_sure_and_of_the_one_object():
    assert {(use.sure, use.objects) for use in project(PROGRAM).uses} == {(True, (0,))}


def test_touches_are_listed_in_all_files():
    files = {
        "main.py": """
            from multiprocessing import Process
            import state, worker
            if __name__ == "__main__":
                for _ in range(3):
                    Process(target=worker.work, args=(state.hits,)).start()
                print(state.hits.value)
        """,
        "state.py": "from multiprocessing import Value\nhits = Value('i', 0)\n",
        "worker.py": """
            import state
            def work(hits):
                hits.value += 1
                state.hits.value = 0
        """,
    }
    found = project(files).uses
    assert [(use.at.path, use.touch) for use in found] == [
        ("main.py", Touch.READ),
        ("state.py", Touch.MADE),
        ("worker.py", Touch.AUGMENT),
        ("worker.py", Touch.STORE),
    ]
    assert all(use.objects == (0,) and use.sure for use in found)
    assert [_base(files, use) for use in found] == ["state.hits", "Value", "hits", "state.hits"]


def _base(files, use):
    [source] = [source for source in sources(files) if source.path == use.at.path]
    return source.text.split("\n")[use.base.line - 1][use.base.column : use.base.end_column]


@pytest.mark.parametrize(
    ("statement", "touch"),
    [
        ("print(hits)", "escape [hits]"),
        ("hits.get_obj()", "escape [hits].get_obj()"),
        ("elsewhere(hits)", "escape [hits]"),
        ("hits.value", "read [hits].value"),
        ("hits.value = 3", "store [hits].value"),
        ("hits.value *= 3", "augment [hits].value"),
        ("if hits.value > 3: pass", "read [hits].value"),
        ("x = [hits.value for _ in range(3)]", "read [hits].value"),
        ("x = lambda: hits.value", "read [hits].value"),
        ("hits.get_lock()", "lock [hits].get_lock()"),
        ("(a, hits.value) = 1, 2", "store [hits].value"),
        ("for hits.value in range(3): pass", "store [hits].value"),
        ("with open('a') as hits.value: pass", "store [hits].value"),
        ("assert hits.value, 'x'", "read [hits].value"),
        ("while not hits.value: pass", "read [hits].value"),
        ("x = f'{hits.value}'", "read [hits].value"),
        ("hits.lock = 1", "escape [hits].lock"),
        ("hits == None", "escape [hits]"),
    ],
)
def test_each_way_to_touch_an_object_has_its_name(statement, touch):
    text = f"""
from elsewhere import elsewhere
def work(hits):
    {statement}
if __name__ == "__main__":
    hits = Value("i", 0)
    for _ in range(3):
        Process(target=work, args=(hits,)).start()
"""
    assert touch in uses(text)
    assert len(uses(text)) == 2


NUMBER = """
class Number:
    value = 0
def work(hits):
    hits.value += 1
if __name__ == "__main__":
    hits = Number() if __doc__ else Value("i", 0)
    for _ in range(3):
        Process(target=work, args=(hits,)).start()
"""


def test_an_expression_that_may_mean_a_number_is_not_sure():
    [augment, _made] = project(NUMBER).uses
    assert (augment.touch, augment.sure) == (Touch.AUGMENT, False)


def test_an_expression_that_means_a_number_for_another_caller_is_not_sure():
    text = NUMBER.replace("Number() if __doc__ else ", "") + "    work(Number())\n"
    [augment, _made] = project(text).uses
    assert (augment.touch, augment.sure) == (Touch.AUGMENT, False)


def test_an_expression_that_may_mean_two_objects_names_both():
    text = """
        def work(hits):
            hits.value += 1
        if __name__ == "__main__":
            first, second = Value("i", 0), Value("i", 0)
            for _ in range(3):
                Process(target=work, args=(first,)).start()
                Process(target=work, args=(second,)).start()
    """
    [augment, *made] = project(text).uses
    assert augment.objects == (0, 1)
    assert augment.sure
    assert [one.objects for one in made] == [(0,), (1,)]


def test_a_cell_is_an_element_of_its_array():
    text = """
        def work(cells):
            cells[0] += 1
        if __name__ == "__main__":
            cells = Array("i", 3)
            for _ in range(3):
                Process(target=work, args=(cells,)).start()
    """
    assert uses(text) == ["element [cells][0]", 'made [Array]("i", 3)']


def test_what_is_known_of_an_object():
    [hits] = project(PROGRAM).objects
    assert (hits.kind, hits.name, hits.typecode, hits.by_annotation) == (
        Kind.VALUE,
        "hits",
        "i",
        False,
    )
    assert hits.lock is not None
    lock = project(PROGRAM).locks[hits.lock]
    assert (lock.kind, lock.owner, lock.shared, lock.reentrant) == (
        LockKind.OWN,
        hits.id,
        True,
        True,
    )


def test_locks_within_reach_of_an_update_are_named():
    text = """
        def work(hits, guard):
            hits.value += 1
        if __name__ == "__main__":
            hits, guard = Value("i", 0), Lock()
            for _ in range(3):
                Process(target=work, args=(hits, guard)).start()
    """
    [update] = project(text).updates
    assert sorted(name for _, name in update.in_reach) == ["guard", "hits.get_lock()"]


def test_what_is_held_only_sometimes_is_told():
    text = """
        def add(hits):
            hits.value += 1
        def work(hits, guard):
            add(hits)
            with guard:
                add(hits)
        if __name__ == "__main__":
            hits, guard = Value("i", 0), Lock()
            for _ in range(3):
                Process(target=work, args=(hits, guard)).start()
    """
    found = project(text)
    [update] = found.updates
    assert (update.held, update.locked, update.function) == ((), False, "add")
    assert [found.locks[lock].kind for lock in update.sometimes] == [LockKind.LOCK]


PLACES = {
    "a function that nobody calls": "def never():\n    print(hits.value)",
    "a method that nobody calls": "class A:\n    def never(self):\n        print(hits.value)",
    "a lambda that nobody calls": "x = [lambda: hits.value]",
    "a default": "def f(a=hits.value): pass",
    "a decorator": "@print(hits.value)\ndef f(): pass",
    "a class's body": "class A:\n    x = hits.value",
    "a base of a class": "class A(print(hits.value)): pass",
    "a handler": "try:\n    pass\nexcept ValueError:\n    print(hits.value)",
    "a handler's type": "try:\n    pass\nexcept hits.value:\n    pass",
    "a finally": "try:\n    pass\nfinally:\n    print(hits.value)",
    "an else": "for x in y:\n    break\nelse:\n    print(hits.value)",
    "a branch that is never taken": "if False:\n    print(hits.value)",
    "what follows a loop without a test": "while True:\n    if x: break\nprint(hits.value)",
    "a pattern": "match x:\n    case hits.value:\n        pass",
    "a guard": "match x:\n    case 1 if hits.value:\n        pass",
    "a comprehension's test": "[a for a in b if hits.value]",
    "a generator that nobody runs": "x = (hits.value for _ in y)",
    "a generator function that nobody runs": "def g():\n    yield hits.value\nx = g()",
    "the width in an f-string": "f'{1:{hits.value}}'",
    "a slice": "x = y[hits.value:2]",
    "a key": "x = {hits.value: 1}",
    "a raised error": "raise ValueError from hits.value",
    "an await": "async def f():\n    await hits.value",
    "an async with": "async def f():\n    async with hits.value: pass",
    "a part of `or` that may not be reached": "x = True or hits.value",
    "a chained comparison": "x = 1 < hits.value < 3",
    "an augmented assignment to something else": "x += hits.value",
    "what follows sys.exit": "import sys\nsys.exit(1)\nprint(hits.value)",
    "a function that only calls itself": "def f(n):\n    f(n)\n    print(hits.value)",
    "functions that only call each other": "def f():\n    g()\ndef g():\n    f()\n    print(hits.value)",
    "what follows a call that always raises": (
        "def boom():\n    raise ValueError\ndef f():\n    boom()\n    print(hits.value)"
    ),
    "a function handed to code out of sight": (
        "import signal\ndef f(h):\n    def g():\n        print(h.value)\n    signal.signal(1, g)\nf(hits)"
    ),
    "a function decorated by code out of sight": (
        "import click\n@click.command()\ndef g():\n    print(hits.value)"
    ),
    "an assertion's message": "assert x, hits.value",
    "a key that is deleted": "del y[hits.value]",
    "a class's keyword": "class A(metaclass=print(hits.value)): pass",
    "a function that is only returned": (
        "def outer():\n    def g():\n        print(hits.value)\n    return g"
    ),
    "a method of what was read": "x = hits.value.bit_length()",
}


@pytest.mark.parametrize("name", PLACES)
def test_a_read_is_listed_wherever_it_stands(name):
    first = "hits = Value('i', 0)\ndef work():\n    hits.value += 1\n"
    last = "\nfor _ in range(3):\n    Process(target=work).start()\n"
    [read] = [one for one in project(first + PLACES[name] + last).uses if one.touch is Touch.READ]
    assert read.sure
