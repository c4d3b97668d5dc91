"""A lock is made by the context that starts the processes, or a spawned one could not be given it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lintvalue.model.settings import Options
from lintvalue.run.fix import fix

PROGRAM = """\
import threading
{imports}


def work(hits, lock):
    with lock:
        hits.value += 1


def main():
    {local}
    lock = threading.Lock()
    hits = {context}.Value("i", 0, lock=False)
    workers = [{context}.Process(target=work, args=(hits, lock)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(hits.value)


if __name__ == "__main__":
    main()
"""
MADE = 'ctx = mp.get_context("spawn")'
SPELLED = {
    "in the module": (f"import multiprocessing as mp\n\n{MADE}", "limit = 3"),
    "in the function": ("import multiprocessing as mp", MADE),
    "in another module": ("from contexts import ctx", "limit = 3"),
}


@pytest.mark.parametrize("where", SPELLED)
def test_the_lock_comes_from_the_context(where, tmp_path):
    imports, local = SPELLED[where]
    (tmp_path / "contexts.py").write_text(
        f"import multiprocessing as mp\n\n{MADE}\nspare = mp.Value('i', 0)\n"
    )
    app = tmp_path / "app.py"
    app.write_text(PROGRAM.format(imports=imports, local=local, context="ctx"))
    outcome = fix([str(tmp_path)], Options(isolated=True, jobs=1))
    assert (outcome.found, outcome.fixed) == (1, 1)
    assert "    lock = ctx.Lock()\n" in app.read_text()
    done = subprocess.run([sys.executable, app], capture_output=True, text=True, check=True)
    assert done.stdout == "2\n"


KEPT = """\
import multiprocessing as mp
import threading


def work(hits, lock):
    with lock:
        hits.value += 1


class App:
    def __init__(self):
        self.ctx = mp.get_context("spawn")

    def run(self):
        lock = threading.Lock()
        hits = self.ctx.Value("i", 0, lock=False)
        for _ in range(2):
            self.ctx.Process(target=work, args=(hits, lock)).start()


if __name__ == "__main__":
    App().run()
"""


def test_it_may_be_an_attribute(tmp_path):
    (tmp_path / "app.py").write_text(KEPT)
    fix([str(tmp_path)], Options(isolated=True, jobs=1))
    assert "        lock = self.ctx.Lock()\n" in (tmp_path / "app.py").read_text()


def test_what_cannot_be_named_there_stays(tmp_path):
    text = KEPT.replace("hits = self.ctx.", "hits = self.")
    text = text.replace("    def run", "        self.Value = self.ctx.Value\n\n    def run")
    # … and the object can't be given a lock of its own, either.
    text = text.replace("        for _", "        print(memoryview(hits))\n        for _")
    (tmp_path / "app.py").write_text(text)
    outcome = fix([str(tmp_path)], Options(isolated=True, jobs=1))
    assert (outcome.found, outcome.fixed) == (1, 0)
    assert (tmp_path / "app.py").read_text() == text
