"""What triage lets pass, and what it doubts. That it doubts all that is not sound is asserted wherever
programs are judged (`cases.findings_in`); here is what makes it worth its time.
"""

from __future__ import annotations

import sys

import pytest
from cases import doubt_in

from lintvalue.model.source import Source

MAIN = """\
from multiprocessing import Process, Value
{more}
def work(hits):
{body}

def main():
    hits = Value("i", 0)
    processes = [Process(target=work, args=(hits,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(hits.value)
"""


def program(*rows: str, more: str = "") -> str:
    return MAIN.format(body="\n".join(f"    {row}" for row in rows), more=more)


GUARDED = ("with hits.get_lock():", "    hits.value += 1")
SOUND = {
    "an update under the object's own lock": program(*GUARDED),
    "an update that its own section decides": program(
        "with hits.get_lock():", "    if hits.value < 9:", "        hits.value += 1"
    ),
    "a store": program("hits.value = 1"),
    "Python's own map": program(*GUARDED, "print(list(map(type, [hits])))"),
    "a read": program("print(hits.value)"),
    "other attributes": program(*GUARDED, "total.value = 0", "total.value += 1", "rows[0] += 1"),
    "other locks": program(
        *GUARDED,
        "with lock:",
        "    count(1)",
        more="import threading\nlock = threading.Lock()\ndef count(n):\n    with lock:\n        pass\n",
    ),
    "names of other libraries": "import multiprocessing\nimport tkinter as tk\nhits = tk.Value()\n"
    "hits.value += 1\nlock = tk.Lock()\nlock.acquire()\n",
    "a lock, taken and released": "from multiprocessing import Lock\ndef main():\n    lock = Lock()\n"
    "    lock.acquire()\n    try:\n        work()\n    finally:\n        lock.release()\n",
    "a function that gives itself one argument more": program(
        *GUARDED, "work(hits, hits, *more)"
    ).replace("work(hits):", "work(hits, *more):"),
    "what a dictionary of a manager holds": "from multiprocessing import Manager\ndef work(rows):\n"
    "    found = rows['a']\n    found.value += 1\n    if found:\n        found += 1\n"
    "def main():\n    with Manager() as manager:\n        work(manager.dict())\n",
}


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_doubted_in(name):
    assert doubt_in((Source("a.py", SOUND[name]),)) == ""


REBOUND = """\
class Log:
    def __init__(self):
        self.hits = Value("i", 0)
    def reset(self):
        self.hits = 0
"""
DOUBTED = {
    "an update outside the object's own critical section": program("hits.value += 1"),
    "a write after a read, not in one critical section": program(
        "if hits.value < 9:", "    with hits.get_lock():", "        hits.value = 1"
    ),
    "a read that is kept, and a write": program("log.last = (hits.value, 0)", "hits.value = 1"),
    "an object that is used as a number": program("if hits > 3:", "    print(hits)"),
    "a name for an object that gets a number": program("log.hits = hits", more=REBOUND),
    "something that can't be followed": program("with hits.get_lock:", "    print(1)"),
    "something shared in an attribute of an unknown name": program("setattr(log, name(), hits)"),
    "a lock that is acquired and not surely released": program("hits.acquire()", "work(hits)"),
    "something shared that is sent": program("queue.put(hits)"),
    "an object without a lock that is asked for one": "from multiprocessing import RawValue\n"
    "hits = RawValue('i', 0)\nwith hits.get_lock():\n    hits.value += 1\n",
    "an object with a lock of its maker's": "from multiprocessing import Lock, Value\n"
    "def main():\n    hits = Value('i', 0, lock=Lock())\n    with hits.get_lock():\n"
    "        hits.value += 1\n",
    "a lock that is taken while another is held": "from multiprocessing import Lock\n"
    "def main():\n    lock = Lock()\n    with lock:\n        with lock:\n            pass\n",
    "something shared that is in reach without being handed over": "from multiprocessing import Process, "
    "Value\nhits = Value('i', 0)\ndef work():\n    with hits.get_lock():\n        hits.value += 1\n"
    "Process(target=work).start()\n",
    "a.py can't be read": "from multiprocessing import Value\ndef f(:\n",
}


@pytest.mark.parametrize("doubt", DOUBTED)
def test_what_is_doubted(doubt):
    assert doubt_in((Source("a.py", DOUBTED[doubt]),)) == doubt


NEWER = """\
type Row[T: (int, str) = dict[str, int]] = list[T]
type Rows = (
    list[Row]
)
def same[T: Row, *Ts](x: T) -> T:
    return x
class Box[T](list[T]):
    async def put[
        S = list[dict[str, int]],
    ](self, x: S) -> None: ...
"""


def test_what_a_newer_python_writes_is_read_by_any():
    assert doubt_in((Source("a.py", program(*GUARDED, more=NEWER)),)) == ""
    assert doubt_in((Source("a.py", program("same(hits).value += 1", more=NEWER)),)).startswith(
        "an up"
    )
    assert doubt_in((Source("a.py", program(*GUARDED, more="type = list\ntype x\n")),)) == (
        "a.py can't be read"
    )


@pytest.fixture
def shallow():
    """The depth to which Python goes by default."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("shallow")
def test_a_tree_that_is_deeper_than_we_can_go_is_doubted():
    text = "from multiprocessing import Value\nx = " + "(" * 80 + "1" + ")" * 80 + "+1" * 4_000
    assert doubt_in((Source("a.py", text),)) == "a.py can't be read"


def test_what_grows_with_the_square_of_the_text_is_doubted():
    functions = "def work(x, y=1):\n    return x\n" * 90
    calls = "".join(f"a{number + 1} = work(v, a{number})\n" for number in range(3_000))
    text = f"from multiprocessing import Value\nv = Value('i', 0)\n{functions}{calls}"
    assert doubt_in((Source("a.py", text),)) == "more than can be followed"


def test_what_goes_deeper_than_can_be_followed_is_doubted():
    classes = "".join(f"class C{number + 1}(C{number}):\n    a = v\n" for number in range(3_000))
    text = f"from multiprocessing import Value\nv = Value('i', 0)\n{classes}"
    assert doubt_in((Source("a.py", text),)) == "more than can be followed"


def test_nothing_is_said_of_what_python_warns_of(recwarn):
    assert doubt_in((Source("a.py", "x = '\\d'\ny = 1 is 1\n"),)) == ""
    assert not recwarn.list


def test_the_library_may_be_the_projects_own():
    sources = (
        Source("billiard.py", "class Value: ...\n"),
        Source("a.py", "from billiard import Value\nhits = Value()\nhits.value += 1\n"),
    )
    assert doubt_in(sources) == ""
    assert doubt_in(sources[1:])
