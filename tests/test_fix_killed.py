"""A fix that is killed at any moment leaves whole files, and the next one cleans up after it.

A file that has several names is written in place: that may be half done until the next fix.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KILLER = Path(__file__).with_name("kill_while_writing.py")
FIX = [sys.executable, "-m", "lintvalue", "fix", "--isolated", "--style", "lock", "--jobs", "1"]
NAMES = [f"file{number}.py" for number in range(12)]
TWINS = ["one.py", "other.py"]  # two names of one file
BEFORE = """\
from multiprocessing import Process, Value


def work(hits):
    hits.value += 1


def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits,)).start()
"""
AFTER = BEFORE.replace("    hits.value += 1", "    with hits.get_lock():\n        hits.value += 1")

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """How many steps it takes to write the project."""
    folder = project(tmp_path_factory.mktemp("steps"))
    done = subprocess.run(
        [sys.executable, KILLER, "SIGKILL", "0", folder, "--style=lock"],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout)


@pytest.fixture(scope="module")
def seconds(tmp_path_factory):
    """How long a whole run takes."""
    folder = project(tmp_path_factory.mktemp("seconds"))
    start = time.monotonic()
    subprocess.run([*FIX, folder], check=True, capture_output=True)
    return time.monotonic() - start


def project(folder):
    for name in (*NAMES, TWINS[0]):
        (folder / name).write_text(BEFORE)
    (folder / TWINS[1]).hardlink_to(folder / TWINS[0])
    return folder


def whole(folder):
    """Each file is the old one or the new one."""
    return all((folder / name).read_text() in (BEFORE, AFTER) for name in NAMES)


def finished(folder):
    """What another run makes of it: all files new, and no other file; what was linked still is."""
    subprocess.run([*FIX, folder], check=True, capture_output=True)
    assert (folder / TWINS[0]).samefile(folder / TWINS[1])
    files = {path.name: path.read_text() for path in folder.iterdir()}
    return files == dict.fromkeys((*NAMES, *TWINS), AFTER)


def killed_at_a_step(folder, step):
    command = [sys.executable, KILLER, "SIGKILL", str(step), folder, "--style=lock"]
    done = subprocess.run(command, check=False)
    assert done.returncode == -signal.SIGKILL


def killed_after(folder, seconds):
    with subprocess.Popen([*FIX, folder], stderr=subprocess.DEVNULL) as run:
        time.sleep(seconds)
        run.kill()


# The last fifth is the file with two names.
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.88, 0.95])
def test_killed_while_writing(part, steps, tmp_path):
    killed_at_a_step(project(tmp_path), 1 + int(part * steps))
    assert whole(tmp_path)
    assert finished(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(160))
def test_killed_at_any_step_of_writing(seed, steps, tmp_path):
    killed_at_a_step(project(tmp_path), random.Random(seed).randint(1, steps))
    assert whole(tmp_path)
    assert finished(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_killed_at_any_time(seed, seconds, tmp_path):
    killed_after(project(tmp_path), random.Random(seed).uniform(0, seconds))
    assert whole(tmp_path)
    assert finished(tmp_path)


STATE = 'from multiprocessing import Value\n\nhits = Value("i", 0)\n'
MAIN = """\
from multiprocessing import Process, set_start_method

from state import hits

set_start_method("fork")


def work(hits):
    hits.value += 1


for _ in range(4):
    Process(target=work, args=(hits,)).start()
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("step", [1, 9, 40, 60, 73])
def test_interrupted_while_writing(name, step, tmp_path):
    """A repair of two files, of which one has two names, is made as a whole before the run ends."""
    (tmp_path / "state.py").write_text(STATE)
    (tmp_path / "main.py").write_text(MAIN)
    other = tmp_path / "else" / "twin.py"
    other.parent.mkdir()
    other.hardlink_to(tmp_path / "main.py")
    command = [
        sys.executable,
        KILLER,
        name,
        str(step),
        tmp_path,
        "--style=counter",
        "--exclude=else",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 128 + signal.Signals[name], done
    state, main = ((tmp_path / name).read_text() for name in ("state.py", "main.py"))
    assert ("Counter(0)" in state) == ("hits.increment()" in main) == (main != MAIN)
    assert other.read_text() == main
    assert sorted(path.name for path in tmp_path.iterdir()) == ["else", "main.py", "state.py"]


def test_temporary_files_of_a_run_that_goes_on_are_left_alone(tmp_path):
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with other:
        folder = project(tmp_path)
        inode = (folder / TWINS[0]).stat().st_ino
        kept = [
            folder / f".lintvalue-{other.pid}-{rest}"
            for rest in ("0123abcd.tmp", f"{inode}-5-6.journal")
        ]
        for path in kept:
            path.write_text("")
        subprocess.run([*FIX, folder], check=True, capture_output=True)
        assert all(path.exists() for path in kept)
        other.communicate(b"\n")
    assert finished(tmp_path)
