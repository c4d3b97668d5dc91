"""The lock recipe on single statements: geometry of the text, and what is declined."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fix.models import NOWHERE, OWN_LOCK, VALUE, fixed, planned

from lintvalue.fix import apply
from lintvalue.model.edit import Style
from lintvalue.model.project import Form, Kind, Lock, LockKind, Touch, Update

GIVEN_LOCK = Lock(0, LockKind.LOCK, NOWHERE, shared=True, reentrant=False)
PROJECT_LOCK = Lock(1, LockKind.LOCK, NOWHERE, shared=True, reentrant=False)


def held(text, **options):
    return fixed(text, Style.LOCK, **options)


def reasons(text, **options):
    return [declined.reason for declined in planned(text, Style.LOCK, **options).declined]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("v.value += 1", "with v.get_lock():\n    v.value += 1"),
        ("v.value += 1;  # c\n", "with v.get_lock():\n    v.value += 1;  # c\n"),
        ("if x: v.value += 1\n", "if x:\n    with v.get_lock():\n        v.value += 1\n"),
        (
            "if x:   v.value += 1; y = 2 # c\n",
            "if x:\n    with v.get_lock():\n        v.value += 1\n    y = 2 # c\n",
        ),
        (
            "if (a and\n      b): x = 1 ; v.value += 1\n",
            "if (a and\n      b):\n    x = 1\n    with v.get_lock():\n        v.value += 1\n",
        ),
        (
            "try: v.value += 1\nfinally: x = 1\n",
            "try:\n    with v.get_lock():\n        v.value += 1\nfinally: x = 1\n",
        ),
        (
            "def f(a={1: 2}): v.value += 1\n",
            "def f(a={1: 2}):\n    with v.get_lock():\n        v.value += 1\n",
        ),
        (
            "match x:\n  case 1: v.value += 1\n  case _: pass\n",
            "match x:\n  case 1:\n    with v.get_lock():\n      v.value += 1\n  case _: pass\n",
        ),
        (
            "x = (1,\n     2); v.value += 1\n",
            "x = (1,\n     2)\nwith v.get_lock():\n    v.value += 1\n",
        ),
        (
            "v.value += (1 +\n            2)\n",
            "with v.get_lock():\n    v.value += (1 +\n                2)\n",
        ),
        (
            "v.value += 1 + \\\n    2\n",
            "with v.get_lock():\n    v.value += 1 + \\\n        2\n",
        ),
        (
            'v.value += len("""\na\n  """)\n',
            'with v.get_lock():\n    v.value += len("""\na\n  """)\n',
        ),
    ],
)
def test_the_statement_gets_its_with(before, after):
    assert held(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "n = v.value\nv.value += 1\n",
        "v.value += 1\nn = v.value\n",
        "if v.value < 3:\n    v.value += 1\n",
        "if x:\n    pass\nelif v.value < 3:\n    v.value += 1\n# c\nelse:\n    pass\n",
    ],
)
def test_reads_that_belong_to_it_come_under_the_same_lock(body):
    rows = "".join(f"    {row}\n" for row in body.splitlines())
    assert held(body) == f"with v.get_lock():\n{rows}"


def test_what_follows_the_section_stays_outside():
    before = "if v.value < 3:\n    v.value += 1\n# after\nx = 1\n"
    after = "with v.get_lock():\n    if v.value < 3:\n        v.value += 1\n# after\nx = 1\n"
    assert held(before) == after


def test_an_amount_that_takes_its_time_is_computed_ahead():
    assert held("v.value += fetch()\n") == (
        "amount = fetch()\nwith v.get_lock():\n    v.value += amount\n"
    )


def test_what_is_computed_to_find_the_object_is_computed_once_and_before():
    assert held("v().value += 1\n", names=("v()",)) == (
        "shared = v()\nwith shared.get_lock():\n    shared.value += 1\n"
    )


def test_what_is_awaited_for_the_new_value_is_awaited_before():
    assert held("async def g():\n    v.value = v.value + await h()\n") == (
        "async def g():\n    amount = await h()\n    with v.get_lock():\n"
        "        v.value = v.value + amount\n"
    )


@pytest.mark.parametrize(
    ("test", "negated"), [("v.value < 3", "v.value < 3"), ("v.value", "(v.value)")]
)
def test_the_test_of_a_loop_moves_under_the_lock(test, negated):
    assert held(f"while {test}:  # c\n    x = 1\n    v.value -= 1\n    f()\n") == (
        f"while True:  # c\n    with v.get_lock():\n        if not {negated}:\n            break\n"
        "        x = 1\n        v.value -= 1\n    f()\n"
    )


def test_a_check_right_after_gets_the_new_value_in_all_its_branches():
    text = "v.value += 1\nif v.value == 3:\n    f()\nelif v.value == 4:\n    g(v.value)\n"
    assert held(text) == (
        "with v.get_lock():\n    v.value += 1\n    current = v.value\n"
        "if current == 3:\n    f()\nelif current == 4:\n    g(v.value)\n"
    )


def test_two_new_values_that_are_returned_together_have_two_names():
    text = "def f():\n    v.value += 1\n    w.value += 1\n    return v.value, w.value\n"
    repairs = planned(text, Style.LOCK, names=("v", "w")).repairs
    after = apply(text, [edit for repair in repairs for edit in repair.edits])
    assert after.endswith("return v_now, w_now\n")


@pytest.mark.parametrize(("between", "returned"), [("q.put(1)", "current"), ("run()", "v.value")])
def test_what_is_returned_later_is_the_new_value_unless_other_code_may_change_it(between, returned):
    text = f"def f():\n    v.value += 1\n    {between}\n    return v.value\n"
    assert held(text).endswith(f"    {between}\n    return {returned}\n")


def test_the_amount_gets_a_name_that_is_free():
    assert held("amount = 1\nv.value += fetch(amount)\n").splitlines()[1] == (
        "amount_2 = fetch(amount)"
    )


def test_another_object_in_the_amount_is_read_ahead():
    assert held("v.value += w.value\n", names=("v", "w")) == (
        "amount = w.value\nwith v.get_lock():\n    v.value += amount\n"
    )


def test_a_lock_that_cannot_be_taken_twice_is_not():
    assert held("v.value = max(v.value, 3)\n", locks=(GIVEN_LOCK,)) == (
        "with v.get_lock():\n    v.get_obj().value = max(v.get_obj().value, 3)\n"
    )


@pytest.mark.parametrize(
    ("text", "names", "reason"),
    [
        ("v.value, w.value = w.value, v.value\n", ("v", "w"), "two shared objects"),
        ("v.value = v.value + w.value\nw.value = w.value + v.value\n", ("v", "w"), "two shared"),
        ("v().value = v().value + 1\n", ("v()",), "evaluated twice"),
        ("v[\n0].value += 1\n", ("v[\n0]",), "spread over rows"),
        ("v.value = f(v.value)\n", ("v",), "the call of `f`"),
        ("async def g():\n    v.value = max(v.value, await h())\n", ("v",), "`await`"),
        ("while v.value < 3:\n    q.get()\n    v.value += 1\n", ("v",), "the call of `q.get`"),
        ("while v.value < 3:\n    v.value += 1\nelse:\n    f()\n", ("v",), "a loop decides it"),
        ("if v.value < 3:\n    q.put(1)\n    v.value += 1\n", ("v",), "the call of `q.put`"),
    ],
)
def test_what_could_deadlock_or_guard_nothing_is_declined(text, names, reason):
    found = reasons(text, names=names)
    assert found
    assert all(reason in one for one in found)


def test_an_object_without_a_lock_is_declined():
    raw = replace(VALUE, kind=Kind.RAW_VALUE, lock=None)
    (reason,) = reasons("v.value += 1\n", shared=raw, locks=())
    assert "no lock of its own" in reason


def with_other_holder(in_reach, **more):
    """The first update holds nothing, the second one the project's lock."""

    def change(project):
        first, second = project.updates
        updates = (replace(first, in_reach=in_reach, **more), replace(second, held=(1,)))
        return replace(project, updates=updates)

    return {"locks": (OWN_LOCK, PROJECT_LOCK), "change": change}


TWO = "v.value += 1\nx = 1\nv.value += 2\n"


def first_repair(text, **options):
    return planned(text, Style.LOCK, **options).repairs


def test_the_lock_of_the_other_updates_is_held_under_its_name_here():
    repair = first_repair(TWO, **with_other_holder(((1, "shared.guard"),)))[0]
    assert repair.message == "Hold `shared.guard` from the read to the write"


def test_without_a_name_for_that_lock_it_is_declined():
    assert "has no name here" in reasons(TWO, **with_other_holder(()))[0]


def test_a_lock_that_some_callers_hold_is_not_taken_twice():
    options = with_other_holder(((1, "guard"),), sometimes=(1,))
    assert "cannot be taken twice" in reasons(TWO, **options)[0]


def test_a_name_that_decides_it_is_read_under_the_lock():
    body = "n = v.value\nx = 2\nif n < x:\n    v.value += 1\n"
    rows = "".join(f"    {row}\n" for row in body.splitlines())
    assert held(body) == f"with v.get_lock():\n{rows}"


def test_a_ticket_read_before_a_wait_is_declined():
    (reason,) = reasons("n = v.value\nq.get()\nv.value += 1\nuse(n)\n")
    assert "the call of `q.get`" in reason


def test_a_new_value_that_is_handed_on_is_kept_under_the_lock():
    assert held("if x:\n    v.value += 1  # c\n    q.put((v.value, 1))\n") == (
        "if x:\n    with v.get_lock():\n        v.value += 1  # c\n        current = v.value\n"
        "    q.put((current, 1))\n"
    )


def test_a_value_that_is_handed_on_before_it_is_changed_is_declined():
    (reason,) = reasons("q.put(v.value)\nv.value += 1\n")
    assert "handed on" in reason


def test_a_value_that_is_only_logged_is_read_as_before():
    assert held("v.value += 1\nlog.info(v.value)\n") == (
        "with v.get_lock():\n    v.value += 1\nlog.info(v.value)\n"
    )


def with_split_update(form):
    """One update: from the first read in the text to the last store in it."""

    def change(project):
        read = next(use for use in project.uses if use.touch is Touch.READ)
        write = [use for use in project.uses if use.touch is Touch.STORE][-1]
        at = replace(write.at, span=write.statement)
        update = Update((0,), form, at, read.at, "v", "", (), (), None, write.base)
        return replace(project, updates=(update,))

    return change


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (Form.DECIDED, "if x > v.value:\n    v.value = x\n"),
        (Form.SPLIT, "n = v.value\nn = n + 1\nv.value = n\n"),
    ],
)
def test_all_from_the_read_to_the_write_comes_under_one_lock(form, body):
    text = f"{body}x = 1\n"
    (repair,) = planned(text, Style.LOCK, change=with_split_update(form)).repairs
    rows = "".join(f"    {row}\n" for row in body.splitlines())
    assert apply(text, repair.edits) == f"with v.get_lock():\n{rows}x = 1\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("async def f():\n    n = v.value\n    n += await g()\n    v.value = n\n", "`await`"),
        ("def f():\n    return v.value\nn = f()\nv.value = n\n", "another function"),
        ("while v.value < 3:\n    for x in y:\n        v.value = 4\n", "loop"),
    ],
)
def test_a_read_and_a_write_that_no_section_may_span_are_declined(text, reason):
    (found,) = reasons(text, change=with_split_update(Form.SPLIT))
    assert reason in found
