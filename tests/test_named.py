"""Named files: what is reported there is what a whole run reports there, by whichever way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from lintvalue.model.settings import Options
from lintvalue.run.check import check
from lintvalue.sources.nothing import surely_clean

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
JOBS = "def add(hits):\n    hits.value += 1\n"
CALLER = "from {} import add\n" + UNSAFE.replace(JOBS, "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").touch()
    for name in ("LINTVALUE_OUTPUT_FORMAT", "LINTVALUE_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*names: str, cache: bool = False) -> list[tuple[str, int, str]]:
    report = check(names, Options(cache=cache))
    return [
        (one.finding.at.path, one.finding.at.span.line, one.finding.code) for one in report.findings
    ]


def test_a_file_beside_others_that_nothing_ties_to_it_is_clean_at_once(folder):
    (folder / "views.py").write_text("x = 1\n")
    (folder / "worker.py").write_text(UNSAFE)
    assert surely_clean(["check", "views.py"])
    assert surely_clean(["check", "--no-cache", str(folder / "views.py")])


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "."],
        ["check", "-"],
        ["check", "worker.py"],
        ["check", "views.py", "worker.py"],
        ["check", "missing.py"],
        ["check", "views.py", "--select", "LV101"],
        ["check", "views.py", "-v"],
        ["fix", "views.py"],
        [],
    ],
    ids=" ".join,
)
def test_all_else_is_left_to_the_whole_program(folder, arguments):
    (folder / "views.py").write_text("x = 1\n")
    (folder / "worker.py").write_text(UNSAFE)
    assert not surely_clean(arguments)


def test_a_configuration_is_left_to_the_whole_program(folder, monkeypatch):
    (folder / "views.py").write_text("x = 1\n")
    (folder / "pyproject.toml").write_text("[tool.lintvalue]\nselect = 3\n")
    assert not surely_clean(["check", "views.py"])
    (folder / "pyproject.toml").write_text("")
    assert surely_clean(["check", "views.py"])
    monkeypatch.setenv("LINTVALUE_OUTPUT_FORMAT", "json")
    assert not surely_clean(["check", "views.py"])


@pytest.mark.parametrize(
    "text",
    [
        "import worker\n",
        "from worker import *\n",
        "def add(hits):\n    hits.value += 1\n",
        "# w\u00f6rker: \U0001d534orker\n",
        "from . import worker\n",
    ],
)
def test_what_may_be_tied_is_left_to_the_whole_program(folder, text):
    (folder / "jobs.py").write_text(text, encoding="utf-8")
    (folder / "worker.py").write_text(CALLER.format("jobs"))
    assert not surely_clean(["check", "jobs.py"])


@pytest.mark.parametrize("cache", [False, True])
def test_a_named_file_has_the_findings_of_a_whole_run(folder, cache):
    """Random trees of imports between files that make, take and change."""
    chance = random.Random(5)
    names = [f"m{number}" for number in range(12)]
    for name in names:
        others = chance.sample(names, 2)
        text = chance.choice([UNSAFE, JOBS, CALLER.format(others[0]), "x = 1\n"])
        (folder / f"{name}.py").write_text(f"{text}\nimport {others[1]}\n")
    whole = found(".", cache=cache)
    assert whole
    for name in names:
        alone = found(f"{name}.py", cache=cache)
        assert alone == [one for one in whole if one[0] == f"{name}.py"]
        if surely_clean(["check", f"{name}.py"]):
            assert alone == []
