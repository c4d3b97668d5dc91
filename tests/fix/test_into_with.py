"""`acquire()` and `release()` as a `with`: only where it means the same on all ways that release."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from fix.whole import TAIL, mended

HEAD = "from multiprocessing import Lock, Process, Value\n\nlock, v = Lock(), Value('i', 0)\n\n\ndef work(lock, v, n):\n"


def _mended(tmp_path, body):
    """The body of the function after a fix, and the reasons for what is left."""
    text = HEAD + indent(body, "    ") + TAIL.format(args="lock, v, 3")
    after, reasons = mended(tmp_path, text, select=("LV206",))
    found = after.removeprefix(HEAD).removesuffix(TAIL.format(args="lock, v, 3"))
    return dedent(found), reasons


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "lock.acquire()  # a\nif n:\n    return\nv.value += 1\nlock.release()\n",
            "with lock:  # a\n    if n:\n        return\n    v.value += 1\n",
        ),
        (
            "lock.acquire(True)\nif n:\n    return\n# b\nlock.release()  # c\nprint()\n",
            "with lock:\n    if n:\n        return\n# b\n# c\nprint()\n",
        ),
        (
            "lock.acquire(block=True)\nif n:\n    raise ValueError\nif n > 2:\n    lock.release()\n    return\nlock.release()\n",
            "with lock:\n    if n:\n        raise ValueError\n    if n > 2:\n        return\n",
        ),
        (
            "v.get_lock().acquire()\nv.value += 1\nif n:\n    v.get_lock().release()\nelse:\n    print()\n",
            "with v.get_lock():\n    v.value += 1\n    if n:\n        pass\n    else:\n        print()\n",
        ),
        (
            "for k in range(n):\n    lock.acquire()\n    if k:\n        break\n    if n:\n        lock.release()\n        continue\n    lock.release()\n    print()\n",
            "for k in range(n):\n    with lock:\n        if k:\n            break\n        if n:\n            continue\n    print()\n",
        ),
        (
            "lock.acquire()\ntry:\n    if n:\n        return\nexcept ValueError:\n    lock.release()\n    return\nlock.release()\n",
            "with lock:\n    try:\n        if n:\n            return\n    except ValueError:\n        return\n",
        ),
    ],
)
def test_every_way_out_releases(before, after, tmp_path):
    assert _mended(tmp_path, before) == (after, [])


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (
            "if not lock.acquire(timeout=1):\n    return\nif n:\n    return\nlock.release()\n",
            "plain",
        ),
        ("lock.acquire(); print()\nif n:\n    return\nlock.release()\n", "row of its own"),
        (
            "lock.acquire()\nif n:\n    return\nlock = Lock()\nlock.release()\n",
            "may be another lock",
        ),
        (
            "lock.acquire()\nif n:\n    return\nif n > 2:\n    lock.release()\n    print()\n    return\nlock.release()\n",
            "something runs after",
        ),
        (
            "lock.acquire()\nwhile n:\n    if n > 3:\n        lock.release()\n        break\n    return\nlock.release()\n",
            "something runs after",
        ),
        (
            "lock.acquire()\ntry:\n    if n:\n        lock.release()\n        return\nfinally:\n    print()\nif n > 4:\n    return\nlock.release()\n",
            "something runs after",
        ),
    ],
)
def test_what_would_mean_something_else_is_left(before, reason, tmp_path):
    after, (why,) = _mended(tmp_path, before)
    assert after == before
    assert reason in why
