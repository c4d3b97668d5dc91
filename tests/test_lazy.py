"""What a run does not need is not loaded."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

UNSAFE = """\
from multiprocessing import Process, Value

def add(hits):
    hits.value += 1

def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=add, args=(hits,)).start()
"""
# The process and all that it forks tell what they have loaded when they end.
WATCHED = """\
import atexit, os, sys
def tell():
    os.write(3, (" ".join(sys.modules) + " ").encode())
atexit.register(tell)
leave = os._exit
def tell_and_leave(status):
    tell()
    leave(status)
os._exit = tell_and_leave
from lintvalue.cli import main
sys.exit(main(sys.argv[1:]))
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """All modules that a run loads, in any of its processes."""
    with (folder / "modules.txt").open("w+b") as told:
        command = [sys.executable, "-c", WATCHED, "check", *arguments]
        subprocess.run(
            ["bash", "-c", f'exec "$@" 3>>{told.name}', "bash", *command],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        return set(told.read().decode().split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lintvalue.toml").touch()
    return tmp_path


CLEAN = {
    "nothing of ours": "x = 1\n",
    "processes that share nothing": "import multiprocessing as mp\nmp.Pool(3).map(f, x)\n",
    "locks of threads": "import multiprocessing, threading\nlock = threading.Lock()\n",
    "words in a comment": "# multiprocessing.Value\n",
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_no_parser_where_nothing_can_be_found(folder, text):
    (folder / "a.py").write_text(text)
    modules = loaded(folder)
    assert "lintvalue.cli.check" in modules
    assert not {"libcst", "lintvalue.resolve", "lintvalue.rules", "pathlib"} & modules


def test_no_parser_for_files_that_nothing_shared_is_tied_to(folder):
    (folder / "a.py").write_text(UNSAFE)
    (folder / "b.py").write_text("x = 1\n")
    assert "libcst" not in loaded(folder, "b.py", "--no-cache")
    assert "libcst" in loaded(folder, "a.py", "--no-cache")


def test_no_parser_for_what_an_earlier_run_has_found_out(folder):
    (folder / "a.py").write_text(UNSAFE)
    time.sleep(0.2)  # what has just changed is not trusted
    assert "libcst" in loaded(folder)
    modules = loaded(folder)
    assert not {"libcst", "lintvalue.resolve", "lintvalue.run.texts"} & modules
    assert not {"argparse", "dataclasses", "hashlib", "inspect", "pathlib", "threading"} & modules


def test_neither_matchers_nor_codemod_nor_scopes_are_ever_loaded(folder):
    (folder / "a.py").write_text(UNSAFE)
    modules = loaded(folder)
    assert "libcst" in modules
    assert not {"libcst.matchers", "libcst.codemod", "multiprocessing", "asyncio"} & modules
