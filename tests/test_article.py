"""The article's four programs: what they print, what is found in them, and that the fix is one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT / "fixtures" / "article"

# Widens the gap between an update's read and its write, after the read has given its lock back,
# so that an update without a lock of its own meets others for certain and not by luck.
SLOW_READS = """
import time
from multiprocessing.sharedctypes import Synchronized

def read_slowly(self, read=Synchronized.value.fget):
    value = read(self)
    time.sleep(0.002)
    return value

Synchronized.value = property(read_slowly, Synchronized.value.fset)
"""


@pytest.fixture
def slow_reads(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which each process reads a Value slowly, however it starts."""
    folder = tmp_path / "slow_reads"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SLOW_READS)
    return {**os.environ, "PYTHONPATH": str(folder)}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(ARTICLE, tmp_path / "article")


def total(program: Path, environment: dict[str, str]) -> int:
    done = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def lintvalue(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lintvalue", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.py")}


def test_wrong_way_loses_updates(slow_reads: dict[str, str]) -> None:
    """Without a lock around the whole update the total falls short of 500."""
    assert 0 < total(ARTICLE / "wrong_way.py", slow_reads) < 500


@pytest.mark.parametrize("name", ["value_and_lock", "counter_class", "raw_value_and_lock"])
def test_right_ways_lose_nothing(name: str, slow_reads: dict[str, str]) -> None:
    """Under one shared lock the total is 500, however slow the reads."""
    assert total(ARTICLE / f"{name}.py", slow_reads) == 500


def test_only_the_wrong_way_is_found() -> None:
    """There is one finding, at the statement that loses the updates."""
    checked = lintvalue("check", "--isolated", "--output-format", "json", "fixtures/article")
    findings = json.loads(checked.stdout)
    assert [
        (each["code"], each["filename"], each["location"], each["symbol"]) for each in findings
    ] == [("LV101", "fixtures/article/wrong_way.py", {"row": 10, "column": 9}, "done")]
    assert checked.returncode == 1


@pytest.mark.parametrize("style", ["lock", "counter"])
def test_the_fix(style: str, copied: Path, slow_reads: dict[str, str]) -> None:
    """Either fix changes the wrong program alone, and makes its total 500."""
    before = texts(copied)
    fixed = lintvalue("fix", "--isolated", "--style", style, copied)
    after = texts(copied)
    assert fixed.returncode == 0, fixed.stderr
    assert [name for name in before if before[name] != after[name]] == ["wrong_way.py"]
    assert total(copied / "wrong_way.py", slow_reads) == 500


@pytest.mark.parametrize("style", ["lock", "counter"])
def test_nothing_is_left_to_fix(style: str, copied: Path) -> None:
    """After a fix nothing is found, and a second fix changes nothing."""
    lintvalue("fix", "--isolated", "--style", style, copied)
    once = texts(copied)
    checked = lintvalue("check", "--isolated", copied)
    assert (checked.returncode, checked.stdout) == (0, "")
    again = lintvalue("fix", "--isolated", "--style", style, copied)
    assert again.returncode == 0, again.stderr
    assert texts(copied) == once
