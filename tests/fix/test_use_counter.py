"""The Counter recipe: all uses in all forms, the import, and what is declined."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fix.models import VALUE, planned

from lintvalue.fix import apply
from lintvalue.model.edit import Style
from lintvalue.model.project import Touch

HEAD = 'from multiprocessing import Value\nv = Value("i", 0)\nv.value += 1\n'
FIXED_HEAD = "from lintvalue.runtime import Counter\nv = Counter(0)\nv.increment()\n"


def converted(text, **options):
    found = planned(text, Style.COUNTER, **options)
    (repair,) = found.repairs
    return apply(text, repair.edits)


def reasons(text, **options):
    return [one.reason for one in planned(text, Style.COUNTER, **options).declined]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("v.value -= 1", "v.decrement()"),
        ("v.value += n", "v.increment(n)"),
        ("v.value+=n if x else 2  # c", "v.increment(n if x else 2)  # c"),
        ("v.value -= (n,)[0]", "v.decrement((n,)[0])"),
        ("(v).value += 1", "(v).increment()"),
        ("v.value += True", "v.increment(True)"),
        ("v.value = v.value + n * 2", "v.increment(n * 2)"),
        ("v.value = v.value - 1", "v.decrement()"),
        ("v.value = 3", "v.set(3)"),
        ("v.value = n", "v.set(n)"),
        ("print(v.value, [v.value for _ in x])", "print(v.value(), [v.value() for _ in x])"),
        ('print(f"{v.value:>{v.value}}")', 'print(f"{v.value():>{v.value()}}")'),
        ("f = lambda: -v.value", "f = lambda: -v.value()"),
        ("x = 0 if v.value else 1", "x = 0 if v.value() else 1"),
        ("if x: v.value += 1; y = 2", "if x: v.increment(); y = 2"),
        ("n = v.value\nv.value += 1", "n = v.increment() - 1"),
        ("n = v.value\nv.value -= k", "n = v.decrement(k) + k"),
        ("v.value += k * 2\nn = v.value", "n = v.increment(k * 2)"),
        ("v.value += 1\nn: int = v.value", "n: int = v.increment()"),
        ("def f():\n    v.value += 1\n    return v.value", "def f():\n    return v.increment()"),
    ],
)
def test_each_use_is_rewritten(before, after):
    gap = "wait()\n"
    assert converted(f"{HEAD}{gap}{before}\n") == f"{FIXED_HEAD}{gap}{after}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from multiprocessing import Process, Value", "from multiprocessing import Process\n{}"),
        ("from multiprocessing import Value, Process", "from multiprocessing import Process\n{}"),
        ("from multiprocessing import Value  # c", "{}  # c"),
        (
            "from multiprocessing import Value\nold = Value",
            "from multiprocessing import Value\n{}\nold = Value",
        ),
        (
            "from multiprocessing import (\n    Lock,\n    Value,\n)",
            "from multiprocessing import (\n    Lock,\n)\n{}",
        ),
        (
            "from multiprocessing import (\n    Lock,\n    Value,  # c\n)",
            "from multiprocessing import (\n    Lock,\n    Value,  # c\n)\n{}",
        ),
        (
            '"""Doc."""\nfrom __future__ import annotations\nfrom multiprocessing import Value, Lock',
            '"""Doc."""\nfrom __future__ import annotations\nfrom multiprocessing import Lock\n{}',
        ),
    ],
)
def test_the_import_is_added_and_the_unused_name_dropped(before, after):
    line = "from lintvalue.runtime import Counter"
    text = f'{before}\nv = Value("i", 0)\nv.value += 1\n'
    assert converted(text) == f"{after.format(line)}\nv = Counter(0)\nv.increment()\n"


@pytest.mark.parametrize(
    ("call", "made"),
    [
        ('mp.Value("i")', "Counter()"),
        ('mp.Value("i", 7)', "Counter(7)"),
        ("mp.Value('i', n)", "Counter(n)"),
        ('mp.Value("i", 7,)', "Counter(7,)"),
        ('ctx.Value("i")', "Counter(ctx=ctx)"),
        ('ctx.Value("i", 7)', "Counter(7, ctx=ctx)"),
        ('ctx.Value("i", 7,)', "Counter(7, ctx=ctx)"),
        ('mp.get_context("spawn").Value("i", 7)', 'Counter(7, ctx=mp.get_context("spawn"))'),
    ],
)
def test_the_making_call_keeps_its_value_and_context(call, made):
    text = f"import multiprocessing as mp\nx = mp\nv = {call}\nv.value += 1\n"
    assert f"v = {made}\n" in converted(text)


def test_a_name_that_is_taken_gets_an_alias():
    text = HEAD + "class Counter: pass\n"
    assert "import Counter as SharedCounter\nv = SharedCounter(0)\n" in converted(text)


def test_an_import_that_is_left_empty_goes():
    line = "from lintvalue.runtime import Counter\n"
    assert converted(line + HEAD) == FIXED_HEAD


def test_an_import_that_is_there_is_used():
    line = "from lintvalue.runtime import Counter as C\n"
    assert converted(line + HEAD.replace("Value\n", "Lock, Value\n")) == (
        line + "from multiprocessing import Lock\nv = C(0)\nv.increment()\n"
    )


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("v.value *= 2", "no `*=`"),
        ("v.value = max(v.value, 3)", "plus or minus"),
        ("v.value = v.value - 1 + n", "plus or minus"),
        ("v.value = w = 3", "no method for"),
        ("v.value, w = 1, 2", "no method for"),
        ("for v.value in x: pass", "no method for"),
        ('print(f"{v.value=}")', "f-string"),
        ("n = v.value\nx = n\nv.value += 1", "two steps"),
        ("n = v.value\nv.value += w()", "two steps"),
        ("n = v.value; v.value += 1", "two steps"),
        ("v.value += 1\nq.put(v.value)", "two steps"),
        ("v.value += 1\nif v.value == 3: q.put(1)", "two steps"),
        ("if v.value < 3: v.value += 1", "two steps"),
        ("while v.value < 3: v.value += 1", "two steps"),
    ],
)
def test_what_a_counter_cannot_do_is_declined(more, reason):
    found = reasons(f"{HEAD}wait()\n{more}\n")
    assert found
    assert all(reason in one for one in found)


@pytest.mark.parametrize("typecode", ["d", "f", "I", "L", "Q", "B", "b", "h", "H", "c", None])
def test_cells_that_wrap_round_or_hold_no_whole_number_are_declined(typecode):
    (reason,) = reasons(HEAD, shared=replace(VALUE, typecode=typecode))
    assert "cell type" in reason


@pytest.mark.parametrize("initial", ["0.5", "True", '"1"', "2147483647"])
def test_initial_values_that_do_not_fit_are_declined(initial):
    (reason,) = reasons(HEAD.replace('"i", 0', f'"i", {initial}'))
    assert "initial value" in reason


@pytest.mark.parametrize(
    ("touch", "reason"),
    [
        (Touch.LOCK, "its lock is used"),
        (Touch.ELEMENT, "elements"),
        (Touch.ESCAPE, "not seen"),
    ],
)
def test_other_uses_are_declined(touch, reason):
    def change(project):
        use = replace(project.uses[-1], touch=touch)
        return replace(project, uses=(*project.uses, use))

    (found,) = reasons(HEAD, change=change)
    assert reason in found


def test_an_unsure_use_is_declined():
    def change(project):
        return replace(project, uses=tuple(replace(use, sure=False) for use in project.uses))

    (found,) = reasons(HEAD, change=change)
    assert "something else as well" in found


def test_objects_that_meet_in_one_use_are_converted_together():
    def change(project):
        made = [use for use in project.uses if use.touch is Touch.MADE]
        rest = [replace(use, objects=(0, 1)) for use in project.uses if use.touch is not Touch.MADE]
        updates = tuple(replace(update, objects=(0, 1)) for update in project.updates)
        return replace(project, uses=(*made, *rest), updates=updates)

    text = 'from multiprocessing import Value\na, b = Value("i", 0), Value("i", 2)\nv.value += 1\n'
    after = "from lintvalue.runtime import Counter\na, b = Counter(0), Counter(2)\nv.increment()\n"
    assert converted(text, names=("v", "w"), change=change) == after
