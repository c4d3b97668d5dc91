"""Memory without a lock gets one where it is made; nothing is made of what needs the bare memory."""

from __future__ import annotations

import pytest
from fix.whole import TAIL, mended

from lintvalue.model.edit import Style

PROGRAM = """\
from multiprocessing import {names}


def work(v, n):
{body}

v = {made}
""" + TAIL.format(args="v, 3")
PLAIN = "    v.value += 1\n"
HELD = "    with v.get_lock():\n        v.value += 1\n"


def _mended(tmp_path, text, style=Style.LOCK):
    return mended(tmp_path, text, fix_style=style)


@pytest.mark.parametrize(
    ("names", "made", "new_names", "new"),
    [
        ("Process, RawValue", "RawValue('i', 0)", "Process, Value", "Value('i', 0)"),
        ("Process, Value", "Value('i', 0, lock=False)", "Process, Value", "Value('i', 0)"),
        ("Process, RawValue, Value", "RawValue('i')", "Process, Value", "Value('i')"),
        (
            "Process, RawValue\nx = RawValue",
            "RawValue('i')",
            "Process, RawValue, Value\nx = RawValue",
            "Value('i')",
        ),
        (
            "Process\nimport multiprocessing as mp",
            "mp.RawValue('i')",
            "Process\nimport multiprocessing as mp",
            "mp.Value('i')",
        ),
    ],
)
def test_the_maker_and_its_import_change(names, made, new_names, new, tmp_path):
    before = PROGRAM.format(names=names, body=PLAIN, made=made)
    after = PROGRAM.format(names=new_names, body=HELD, made=new)
    assert _mended(tmp_path, before) == (after, [])


def test_a_lock_that_was_asked_for_in_vain_is_there_then(tmp_path):
    before = PROGRAM.format(names="Process, RawValue", body=HELD, made="RawValue('i')")
    after = PROGRAM.format(names="Process, Value", body=HELD, made="Value('i')")
    assert _mended(tmp_path, before) == (after, [])


@pytest.mark.parametrize("use", ["sum(v)", "len(v)", "list(v)", "sorted(v)[0]", "v[:]"])
def test_builtins_do_with_an_array_what_they_did(use, tmp_path):
    body = f"    v[0] += 1\n    print({use})\n"
    text, reasons = _mended(
        tmp_path, PROGRAM.format(names="Process, RawArray", body=body, made="RawArray('i', 3)")
    )
    assert "v = Array('i', 3)" in text
    assert reasons == []


@pytest.mark.parametrize(
    ("names", "body", "made", "reason"),
    [
        (
            "Process, RawArray\nfrom numpy import frombuffer",
            "    v[0] += 1\n    frombuffer(v)\n",
            "RawArray('i', 3)",
            "bare memory",
        ),
        ("Process, RawValue as R", PLAIN, "R('i')", "not understood"),
        ("Process, RawValue\nValue = 3", PLAIN, "RawValue('i')", "means something else"),
        ("Manager, Process", PLAIN, "Manager().Value('i', 0)", "has no lock of its own"),
    ],
)
def test_what_may_need_the_bare_memory_stays(names, body, made, reason, tmp_path):
    before = PROGRAM.format(names=names, body=body, made=made)
    after, (why,) = _mended(tmp_path, before)
    assert after == before
    assert reason in why


def test_where_others_hold_a_lock_that_is_held(tmp_path):
    body = "    with lock:\n        v.value += 1\n    v.value -= 1\n"
    before = PROGRAM.format(
        names="Lock, Process, RawValue", body=body, made="RawValue('i')\nlock = Lock()"
    )
    text, _ = _mended(tmp_path, before)
    assert "RawValue('i')" in text
    assert "    with lock:\n        v.value -= 1\n" in text


def test_two_repairs_do_not_drop_what_the_other_needs(tmp_path):
    before = """\
from multiprocessing import Process, RawValue, Value


def work(v, w):
    v.value += 1
    w.value += 0.5


v, w = Value("i", 0), RawValue("d", 0.0)
""" + TAIL.format(args="v, w")
    text, reasons = _mended(tmp_path, before, None)
    assert "from multiprocessing import Process, Value\n" in text
    assert 'v, w = Counter(0), Value("d", 0.0)' in text
    assert reasons == []


def test_what_else_is_wrong_with_it_stays_reported(tmp_path):
    text = """\
import multiprocessing as mp

total = mp.RawValue("d", 0.0)


def work(n):
    total.value += 0.5


if __name__ == "__main__":
    for _ in range(3):
        mp.Process(target=work, args=(3,)).start()
"""
    after, (why,) = _mended(tmp_path, text)
    assert 'total = mp.Value("d", 0.0)' in after
    assert "    with total.get_lock():\n        total.value += 0.5\n" in after
    assert "handed to each process" in why
