"""What is doubted is judged while other files are still asked about: the same is found, each text parsed once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import lintvalue.run.ahead
import lintvalue.triage
from lintvalue.config import settle
from lintvalue.extract import extract
from lintvalue.model.settings import Options
from lintvalue.run import analysis
from lintvalue.run.check import check
from lintvalue.run.places import group
from lintvalue.run.project import CODES
from lintvalue.run.texts import texts
from lintvalue.sources.discover import discover

UNSAFE = """\
from multiprocessing import Process, Value

def add(hits):
    hits.value += 1

def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=add, args=(hits,)).start()
"""
SAFE = UNSAFE.replace("    hits.value += 1", "    with hits.get_lock():\n        hits.value += 1")
SPLIT = {
    "pair_main.py": UNSAFE.replace("def add(hits):\n    hits.value += 1\n", "from pair import add"),
    "pair.py": "def add(hits):\n    hits.value += 1\n",
}
# Enough to be asked about by several processes.
FILL = "x = 1  #" + "-" * 4_000 + "\n"
FILES = (
    {f"safe{n}.py": SAFE + FILL * 10 for n in range(8)}
    | {f"unsafe{n}.py": UNSAFE + FILL * 2 for n in range(4)}
    | SPLIT
)
EXPECTED = [("pair.py", 2), *((f"unsafe{n}.py", 4) for n in range(4))]
DOUBTED = sorted((*SPLIT, *(name for name, _ in EXPECTED[1:])))


pytestmark = pytest.mark.usefixtures("project")


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "lintvalue.toml").touch()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def parsed(tmp_path, monkeypatch):
    """The paths of all texts that are parsed, by whichever process."""
    notes = tmp_path / "parsed"
    notes.touch()

    def noted(source):
        with notes.open("ab", buffering=0) as file:
            file.write(f"{source.path}\n".encode())
        return extract(source)

    monkeypatch.setattr(analysis, "_extractor", lambda: noted)
    return lambda: sorted(notes.read_text().split())


def found(jobs, executor=None, **options):
    report = check(["."], Options(**{"cache": False, **options}, jobs=jobs), executor=executor)
    assert report.problems == ()
    return [(one.finding.at.path, one.finding.at.span.line) for one in report.findings]


def known(folder, jobs):
    """What is known of the project before all have been asked about."""
    options = Options(cache=False, jobs=jobs)
    [one], _ = group([str(folder)], options)
    settings = settle(one.root, options, CODES)
    files = discover(one.root, one.paths, settings, alone=False)
    read = texts(one, files, settings, jobs, all_rules=False, judge=True)
    assert sorted(read.sources) == DOUBTED
    return read.known


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_the_same_is_found_by_any_number_of_processes(parsed, jobs):
    assert found(jobs) == EXPECTED
    assert parsed() == DOUBTED


def test_each_process_goes_ahead_with_what_it_doubts_first(project):
    before = known(project, 2)
    assert before.sources.keys() == before.facts.keys() == frozenset().union(*before.projects)
    assert 1 <= len(before.projects) <= 2
    assert known(project, 1).sources == {}


@pytest.fixture
def often(monkeypatch):
    """Let processes go ahead with all that they doubt."""
    monkeypatch.setattr(lintvalue.run.ahead, "_LITTLE", 0)
    monkeypatch.setattr(lintvalue.run.ahead, "_OFTEN", 100)


@pytest.mark.usefixtures("often")
def test_what_is_worth_another_parser_is_gone_ahead_with(project):
    before = known(project, 2)
    assert sorted(before.facts) == DOUBTED
    assert sorted(map(sorted, before.projects)) == sorted(
        [["pair.py", "pair_main.py"], *([name] for name, _ in EXPECTED[1:])]
    )


@pytest.mark.usefixtures("often")
def test_where_much_is_doubted_most_is_left_for_later(project, parsed, monkeypatch):
    monkeypatch.setattr(lintvalue.run.ahead, "_OFTEN", 1)
    assert 1 <= len(known(project, 2).projects) <= 2
    before = parsed()
    assert found(2) == EXPECTED
    assert parsed() == sorted([*DOUBTED, *before])


def test_what_is_too_much_to_hand_on_is_left_for_later(project, parsed, monkeypatch):
    monkeypatch.setattr(lintvalue.run.ahead, "_MUCH", 100)
    assert known(project, 2).sources == {}
    assert found(2) == EXPECTED
    assert parsed() == DOUBTED


def test_a_process_that_is_killed_loses_nothing(parsed, monkeypatch):
    """Each fork is killed by what it asks about second."""
    here, asked = os.getpid(), []
    doubt = lintvalue.triage.doubt

    def deadly(*given):
        asked.append(1)
        if os.getpid() != here and len(asked) > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return doubt(*given)

    monkeypatch.setattr(lintvalue.triage, "doubt", deadly)
    assert found(4) == EXPECTED
    assert set(parsed()) == set(DOUBTED)


@pytest.mark.usefixtures("often")
def test_a_text_that_kills_its_worker_costs_itself_alone(parsed, monkeypatch):
    noted = analysis._extractor()  # noqa: SLF001

    def deadly(source):
        facts = noted(source)
        if source.path == "unsafe2.py":
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)
        return facts

    monkeypatch.setattr(analysis, "_extractor", lambda: deadly)
    report = check(["."], Options(cache=False, jobs=2))
    assert [one.path for one in report.problems] == ["unsafe2.py"]
    assert "SIGKILL" in report.problems[0].message
    assert [one.finding.at.path for one in report.findings] == [
        name for name, _ in EXPECTED if name != "unsafe2.py"
    ]
    assert parsed() == DOUBTED


def test_what_is_kept_from_an_earlier_run_is_not_parsed_again(project, parsed):
    assert found(2, cache=True) == EXPECTED
    assert parsed() == DOUBTED
    time.sleep(0.2)  # what has just changed is not trusted
    (project / "unsafe1.py").write_text("\n" + UNSAFE + FILL * 2)
    expected = [(name, row + (name == "unsafe1.py")) for name, row in EXPECTED]
    assert found(2, cache=True) == expected
    assert parsed() == sorted([*DOUBTED, "unsafe1.py"])


def test_nobody_goes_ahead_where_an_executor_is_lent(parsed):
    """What it parses is not noted here."""
    with ThreadPoolExecutor(2) as threads:
        assert found(2, threads) == EXPECTED
    assert parsed() == []


# The parser never comes to an end, nor does anyone whose text it has.
ENDLESS = """\
import os, sys, time
from lintvalue.run import analysis
def forever(source):
    with open({notes!r}, "ab", buffering=0) as file:
        file.write(b"%d %d\\n" % (os.getpid(), os.getppid()))
    time.sleep(60)
analysis._extractor = lambda: forever
from lintvalue.cli import main
sys.exit(main(["check", "--no-cache", "--jobs", "2", "."]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("all_of_them", [True, False])
def test_a_signal_ends_all_that_has_begun(tmp_path, number, all_of_them):
    notes = tmp_path / "processes"
    notes.touch()
    run = subprocess.Popen(
        [sys.executable, "-c", ENDLESS.format(notes=str(notes))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while notes.read_bytes().count(b"\n") < 2:  # both processes have gone ahead
        time.sleep(0.01)
    (os.killpg if all_of_them else os.kill)(run.pid, number)
    out, errors = run.communicate(timeout=30)
    assert (run.returncode, out) == (128 + number, b"")
    assert b"Traceback" not in errors
    begun = {int(one) for one in notes.read_text().split()}
    assert len(begun) == 4
    _wait_until_gone(begun)


def _wait_until_gone(processes):
    """An orphan is gone as soon as the system has taken notice of its end."""
    end = time.monotonic() + 10
    while any(Path(f"/proc/{one}").exists() for one in processes) and time.monotonic() < end:
        time.sleep(0.01)
    assert [one for one in processes if Path(f"/proc/{one}").exists()] == []
