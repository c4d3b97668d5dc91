"""After changes that nothing can depend on, nothing else is looked at; after all others, all is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import lintvalue
from lintvalue.model.modules import link
from lintvalue.model.settings import Options
from lintvalue.run import texts
from lintvalue.run.check import check
from lintvalue.run.slight import links
from lintvalue.sources.linker import Linker
from lintvalue.sources.ties import BUDGET

START = """\
from multiprocessing import Process, Value

from jobs import add


def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=add, args=(hits,)).start()
"""
IDLE = "def add(hits):\n    hits.value  = 1\n"
BUSY = "def add(hits):\n    hits.value += 1\n"
PLAIN = "import one\n\nx = 11\ny = ctx.Velue(0)  # with words: nultiprocessing\n"
TEXTS = {"main.py": START, "jobs.py": IDLE, "plain.py": PLAIN, "one.py": "", "two.py": ""}


@pytest.fixture
def looks(tmp_path, monkeypatch):
    """A project that has been checked; a list that grows whenever it is looked at again."""
    (tmp_path / "lintvalue.toml").touch()
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    for _ in range(3):
        time.sleep(0.2)  # what has just changed is not trusted
        assert found() == []
    seen = []
    look = texts.texts
    monkeypatch.setattr(texts, "texts", lambda *one, **two: seen.append(1) or look(*one, **two))
    assert found() == seen == []
    return seen


def found():
    return [(one.finding.at.path, one.finding.code) for one in check(["."], Options()).findings]


SLIGHT = {
    "nothing but the time": PLAIN,
    "a number": PLAIN.replace("11", "12"),
    "some more text": PLAIN + "#\n",
    "the order of its rows": "x = 11\n" + PLAIN.replace("x = 11\n", ""),
}
GRAVE = {
    "a word of ours": PLAIN.replace("nult", "mult"),
    "another import": PLAIN.replace("one", "two"),
    "something made": PLAIN.replace("Velue", "Value"),
    "much more text": PLAIN + "#" * 1024,
}


@pytest.mark.parametrize("text", SLIGHT.values(), ids=SLIGHT)
def test_a_slight_change_is_overlooked_also_next_time(looks, tmp_path, text):
    (tmp_path / "plain.py").write_text(text)
    for _ in range(5):
        assert found() == looks == []
        time.sleep(0.1)


@pytest.mark.parametrize("text", GRAVE.values(), ids=GRAVE)
def test_other_changes_are_not(looks, tmp_path, text):
    (tmp_path / "plain.py").write_text(text)
    assert found() == []
    assert looks


def test_a_file_that_is_tied_to_what_is_shared_matters_whatever_its_words(looks, tmp_path):
    """It was without fault, has no word of ours, and is as long as before."""
    (tmp_path / "jobs.py").write_text(BUSY)
    os.utime(tmp_path / "jobs.py", (1, 1))
    assert found() == [("jobs.py", "LV101")]
    assert looks


def test_imports_that_do_not_matter_are_asked_for_as_soon_as_they_do(looks, tmp_path):
    """What the one file that makes something imports weighs more than chains are followed for."""
    heavy = "#" * (BUDGET + 1) * 1024
    (tmp_path / "jobs.py").write_text(IDLE + heavy)
    (tmp_path / "plain.py").write_text("import main\n")
    for _ in range(2):
        time.sleep(0.2)
        assert found() == []
    del looks[:]
    (tmp_path / "plain.py").write_text("import one\n")
    assert found() == looks == []
    (tmp_path / "plain.py").write_text("import main\ndef more():\n    main.hits.value += 1\n")
    make = '    hits = Value("i", 0)\n'
    (tmp_path / "main.py").write_text(START.replace(make, "").replace("def", f"{make[4:]}def"))
    assert found() == []
    (tmp_path / "jobs.py").write_text(BUSY)
    assert found() == [("jobs.py", "LV101"), ("plain.py", "LV101")]


@pytest.mark.usefixtures("looks")
def test_what_is_known_of_a_user_of_the_library_is_not_read_again(tmp_path, monkeypatch):
    (tmp_path / "user.py").write_text("import multiprocessing\nmultiprocessing.cpu_count()\n")
    for _ in range(2):
        time.sleep(0.2)
        assert found() == []
    reads = []
    read = texts.Reader.read
    monkeypatch.setattr(
        texts.Reader, "read", lambda self, path: reads.append(path) or read(self, path)
    )
    (tmp_path / "jobs.py").write_text(BUSY)
    assert found() == [("jobs.py", "LV101")]
    assert "jobs.py" in reads
    assert "user.py" not in reads


def test_links_are_told_as_for_all_files():
    root = Path(lintvalue.__file__).parent.parent
    paths = tuple(sorted(file.relative_to(root).as_posix() for file in root.rglob("*.py")))
    linker = Linker(link(paths))
    for path in paths[::10]:
        data = (root / path).read_bytes()
        assert links(paths, path, data) == linker.links(path, data)
