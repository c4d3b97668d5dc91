"""Locks that processes come to without having been given them, as triage sees them."""

from __future__ import annotations

import pytest
from cases import doubt_in, findings_in

from lintvalue.model.source import Source

LOCK = "from multiprocessing import Lock, Process\nlock = Lock()\n"
START = "\ndef main(x):\n    Process(target=work, args=(x,)).start()\n"
TAKE = "    with lock:\n        pass\n"
HOLDER = (
    "class Holder:\n    def __init__(self):\n        self.lock = Lock()\n"
    "    def take(self):\n        with self.lock:\n            pass\n"
)
FOUND = {
    "a function in the one that runs": LOCK
    + "def work(x):\n    def inner():\n        with lock:\n            pass\n    inner()\n"
    + START,
    "a function that it calls": LOCK + f"def take():\n{TAKE}def work(x):\n    take()\n" + START,
    "a function that it gives it to": LOCK
    + "def take(it):\n    with it:\n        pass\ndef work(x):\n    take(lock)\n"
    + START,
    "a thread that it starts": LOCK
    + f"from threading import Thread\ndef take():\n{TAKE}"
    + "def work(x):\n    Thread(target=take).start()\n"
    + START,
    "an object in a dictionary": LOCK
    + HOLDER
    + "rows = {'a': Holder()}\ndef work(x):\n    for row in rows.values():\n        row.take()\n"
    + START,
    "a default of a function that it calls": LOCK
    + f"def take(lock=Lock()):\n{TAKE}def work(x):\n    take()\n"
    + START,
    "a default of a function with a function in it": LOCK
    + "def take(lock=Lock()):\n    with (lambda: lock)():\n        pass\ndef work(x):\n    take()\n"
    + START,
    "an attribute of a class, by a name that is given": LOCK
    + "class Kept:\n    lock = Lock()\ndef work(x):\n    with getattr(Kept, x):\n        pass\n"
    + START.replace("(x,)", "('lock',)"),
    "what a decorator wraps it in": LOCK
    + "def held(f):\n    def wrapper(*given):\n        with lock:\n            f(*given)\n"
    + "    return wrapper\n@held\ndef work(x):\n    print(x)\n"
    + START,
    "a process by another name": LOCK
    + f"Job = Process\ndef work(x):\n{TAKE}"
    + START.replace("Process", "Job"),
    "a process that is an attribute": LOCK
    + f"class Kept:\n    kind = Process\ndef work(x):\n{TAKE}"
    + START.replace("Process", "Kept.kind"),
    "a class of processes by another name": LOCK
    + f"Job = Process\nclass Own(Job):\n    def run(self):\n    {TAKE.replace('    pass', '        pass')}"
    + "def main():\n    Own().start()\n",
    "a method of a pool by another name": LOCK
    + f"from multiprocessing import Pool\ndef work(x):\n{TAKE}"
    + "def main():\n    with Pool(2) as pool:\n        run = pool.map\n        run(work, [1])\n",
    "a class that a function gets": LOCK
    + "class Kept: ...\ndef keep(kind):\n    kind.lock = Lock()\nkeep(Kept)\n"
    + "def work(x):\n    with Kept.lock:\n        pass\n"
    + START,
    "a class that is told by its own method": LOCK
    + "class Kept:\n    @classmethod\n    def keep(cls):\n        cls.lock = Lock()\nKept.keep()\n"
    + "def work(x):\n    with Kept.lock:\n        pass\n"
    + START,
    "an attribute of a function": LOCK
    + "def held(): ...\nheld.lock = Lock()\ndef work(x):\n    with held.lock:\n        pass\n"
    + START,
    "a global, where an object is given that has another one or none": LOCK
    + HOLDER
    + f"def work(x):\n{TAKE}"
    + "def main():\n    spare = Holder()\n    spare.lock = lock\n"
    + "    Process(target=work, args=(Holder(),)).start()\n",
}


@pytest.mark.parametrize("name", FOUND)
def test_a_lock_in_reach_is_doubted(name):
    assert findings_in((Source("a.py", FOUND[name]),))


IMPORTS = {
    "by its name": ("from a import lock\n", "lock"),
    "by another name": ("from a import lock as own\n", "own"),
    "with all others": ("from a import *\n", "lock"),
    "with its module": ("import a\n", "a.lock"),
    "where it is used": ("", "lock"),
}


@pytest.mark.parametrize("way", IMPORTS)
def test_a_lock_of_another_module_is_doubted(way):
    above, name = IMPORTS[way]
    within = "" if above else "    from a import lock\n"
    text = (
        f"from multiprocessing import Process\n{above}def work(x):\n{within}    with {name}:\n"
        f"        pass\n{START}"
    )
    assert findings_in((Source("a.py", LOCK), Source("b.py", text)))


SOUND = {
    "a lock that is given, of an object that all can see": LOCK.replace("lock = Lock()\n", "")
    + HOLDER
    + "holder = Holder()\ndef work(lock):\n    with lock:\n        pass\n"
    + "def main():\n    Process(target=work, args=(holder.lock,)).start()\n",
    "a global that no process uses": LOCK
    + f"def take():\n{TAKE}def work(x):\n    print(x)\n"
    + START
    + "    take()\n",
}


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_doubted_in(name):
    source = Source("a.py", SOUND[name])
    assert doubt_in((source,)) == ""
    assert not findings_in((source,))
