"""The cache: the same findings with and without it, whatever state it is in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from lintvalue.cache.file import DamagedError, Sections, write
from lintvalue.cache.store import Store
from lintvalue.model.settings import Settings
from lintvalue.run.memory import Memory
from lintvalue.sources.discover import Found, discover
from lintvalue.sources.survey import Survey

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
SAFE = UNSAFE.replace("    hits.value += 1", "    with hits.get_lock():\n        hits.value += 1")
OLD = 1_600_000_000  # a time at which nothing is written any more


def check(folder: Path, *arguments: str, **environment: str) -> tuple[int, list, str]:
    done = subprocess.run(
        [sys.executable, "-m", "lintvalue", "check", "--output-format", "json", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    found = [
        (one["filename"], one["location"]["row"], one["code"]) for one in json.loads(done.stdout)
    ]
    return done.returncode, found, done.stderr


def put(folder: Path, name: str, text: str, at: int = OLD) -> None:
    (folder / name).write_text(text)
    os.utime(folder / name, (at, at))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lintvalue.toml").touch()
    put(tmp_path, "app.py", UNSAFE)
    put(tmp_path, "other.py", "x = 1\n")
    time.sleep(0.2)  # what has just changed is not trusted
    return tmp_path


FOUND = [("app.py", 5, "LV101")]


def cache_files(folder: Path) -> list[Path]:
    return list((folder / ".lintvalue_cache").glob("*.json"))


def test_a_run_after_others_says_the_same_and_writes_nothing(folder):
    for _ in range(2):  # the first one makes a folder, so that the second one walks once more
        assert check(folder)[:2] == (1, FOUND)
        time.sleep(0.2)
    [file] = cache_files(folder)
    before = file.stat()
    assert check(folder)[:2] == (1, FOUND)
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert (folder / ".lintvalue_cache" / ".gitignore").read_text().endswith("*\n")


def test_a_change_is_seen_and_its_taking_back_too(folder):
    check(folder)
    put(folder, "app.py", SAFE, OLD + 1)
    assert check(folder)[:2] == (0, [])
    put(folder, "app.py", UNSAFE, OLD + 2)
    assert check(folder)[:2] == (1, FOUND)


def test_a_file_that_comes_or_goes_is_seen(folder):
    check(folder)
    put(folder, "third.py", UNSAFE)
    assert check(folder)[1] == [*FOUND, ("third.py", 5, "LV101")]
    (folder / "app.py").unlink()
    assert check(folder)[1] == [("third.py", 5, "LV101")]


def test_a_change_that_keeps_size_and_time_is_seen(folder):
    check(folder)
    put(folder, "app.py", UNSAFE.replace("hits.value += 1", "hits.value  = 1"))
    assert check(folder)[:2] == (0, [])


def test_a_file_that_has_just_changed_is_looked_at_again(tmp_path):
    """It may change once more within the same tick of the file system's clock."""
    store = Store(str(tmp_path / "cache"), "project", "settings")
    file, found = tmp_path / "a.py", Found(("a.py",), frozenset(), ())
    file.touch()
    for age, trusted in ((0, False), (0.2, True)):
        time.sleep(age)
        memory = remembered(store, tmp_path, found)
        memory.keep_survey(Survey(sizes={"a.py": 1}))
        memory.keep_report([], "", "")
        again = remembered(store, tmp_path, found)
        assert again.unchanged is trusted
        assert (again.survey()[1] == []) is trusted


def remembered(store: Store, root: Path, found: Found) -> Memory:
    memory = Memory(store, str(root), "request")
    memory.look(found, 1)
    return memory


CHANGES = {
    "nothing": (lambda _: None, True),
    "a text": (lambda folder: (folder / "deep" / "a.py").write_text("x = 2\n"), True),
    "a new file": (lambda folder: (folder / "deep" / "b.py").touch(), False),
    "a file that is gone": (lambda folder: (folder / "deep" / "a.py").unlink(), False),
    "another name": (lambda folder: (folder / "deep").rename(folder / "deeper"), False),
    "an empty folder": (lambda folder: (folder / "deep" / "er").mkdir(), False),
    "what git ignores": (lambda folder: (folder / ".gitignore").write_text("a*\n"), False),
    "what git ignores from above": (
        lambda folder: (folder.parent / ".gitignore").write_text("a*\n"),
        False,
    ),
}


@pytest.mark.parametrize(("change", "same"), CHANGES.values(), ids=CHANGES)
def test_a_walk_is_spared_only_where_it_would_find_the_same(tmp_path, change, same):
    root = tmp_path / "project"
    for folder in (tmp_path / ".git", root, root / "deep"):
        folder.mkdir()
    for name in (".gitignore", "a.py", "deep/a.py"):
        (root / name).touch()
    time.sleep(0.2)  # what has just changed is not trusted
    store = Store(str(tmp_path / "cache"), "project", "settings")
    found = discover(str(root), (str(root),), Settings(), alone=True)
    memory = remembered(store, root, found)
    memory.keep_survey(Survey(sizes=dict.fromkeys(found.files, 1)))
    memory.keep_report([], "", "")
    change(root)
    again = Memory(store, str(root), "request").found()
    assert (again is not None) is same
    assert again is None or (again.files, again.named) == (found.files, found.named)


def test_what_was_asked_of_one_file_is_no_answer_for_all(folder):
    put(folder, "third.py", UNSAFE)
    assert check(folder, "other.py")[1] == []
    assert check(folder, "app.py")[1] == FOUND
    assert check(folder)[1] == [*FOUND, ("third.py", 5, "LV101")]
    assert check(folder, "app.py")[1] == FOUND


def test_what_ties_files_together_is_remembered(folder):
    put(folder, "app.py", UNSAFE.replace("def add", "def other") + "\nfrom jobs import add\n")
    put(folder, "jobs.py", "def add(hits):\n    hits.value += 1\n")
    assert check(folder)[1] == [("jobs.py", 2, "LV101")]
    put(folder, "jobs.py", "\ndef add(hits):\n    hits.value += 1\n", OLD + 1)
    assert check(folder)[1] == [("jobs.py", 3, "LV101")]
    assert check(folder, "jobs.py")[1] == [("jobs.py", 3, "LV101")]
    assert check(folder, "app.py")[1] == []


def test_settings_are_part_of_the_key(folder):
    assert check(folder)[:2] == (1, FOUND)
    assert check(folder, "--ignore", "LV101")[:2] == (0, [])
    (folder / "lintvalue.toml").write_text('ignore = ["LV1"]\n')
    assert check(folder)[:2] == (0, [])


def test_a_problem_is_told_by_every_run(folder):
    put(folder, "broken.py", "from multiprocessing import Value\ndef f(:\n")
    for _ in range(2):
        status, found, said = check(folder)
        assert (status, found) == (2, FOUND)
        assert "error: broken.py:2" in said


@pytest.mark.parametrize(
    "damage",
    [
        lambda _data: b"",
        lambda data: b"\x80\x04not a cache\n" + data,
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"LV101", b"LV102"),
        lambda _data: b"[" * 100_000,
        lambda _data: b'["lintvalue cache","' + b"x" * 10 + b'",[]]\n',
    ],
    ids=["empty", "foreign", "cut off", "changed", "deep", "of another version"],
)
def test_a_damaged_or_foreign_cache_is_not_used(folder, damage):
    check(folder)
    [file] = cache_files(folder)
    data = damage(file.read_bytes())
    file.write_bytes(data)
    status, found, said = check(folder, "--verbose")
    assert (status, found) == (1, FOUND)
    assert said.count("warning: the cache") <= 1
    file.write_bytes(data)
    status, found, said = check(folder)
    assert (status, found) == (1, FOUND)
    assert "warning" not in said


def test_a_damaged_cache_is_told_of_once_where_more_is_asked_for(folder):
    check(folder)
    [file] = cache_files(folder)
    file.write_bytes(b"what is this")
    assert check(folder, "--verbose")[2].count("warning: the cache") == 1
    assert "warning" not in check(folder, "--verbose")[2]


def test_no_cache_neither_reads_nor_writes(folder):
    assert check(folder, "--no-cache")[:2] == (1, FOUND)
    assert not (folder / ".lintvalue_cache").exists()


def test_the_folder_can_be_chosen_and_removed(folder, tmp_path_factory):
    other, third = tmp_path_factory.mktemp("a") / "cache", tmp_path_factory.mktemp("b") / "cache"
    check(folder, "--cache-dir", str(other))
    check(folder, LINTVALUE_CACHE_DIR=str(third))
    assert not (folder / ".lintvalue_cache").exists()
    assert list(other.glob("*.json"))
    assert list(third.glob("*.json"))
    command = [sys.executable, "-m", "lintvalue", "clean"]
    subprocess.run([*command, "--cache-dir", str(other)], cwd=folder, check=True)
    assert not other.exists()
    check(folder)
    subprocess.run(command, cwd=folder, check=True)
    assert not (folder / ".lintvalue_cache").exists()
    subprocess.run(command, cwd=folder, check=True)  # there is nothing left, and that is fine


def test_a_folder_that_is_not_ours_is_left_alone(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("documents")
    (other / "thesis.json").write_text("{}")
    command = [sys.executable, "-m", "lintvalue", "clean", "--cache-dir", str(other)]
    subprocess.run(command, cwd=folder, check=True)
    assert (other / "thesis.json").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_costs_nothing_but_time(folder):
    folder.chmod(0o555)
    try:
        assert check(folder)[:2] == (1, FOUND)
    finally:
        folder.chmod(0o755)


def test_runs_at_the_same_time_find_the_same(folder):
    for number in range(20):
        put(folder, f"more{number}.py", UNSAFE)
    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.append(check(folder)[:2])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(result == results[0] for result in results)
    assert not list((folder / ".lintvalue_cache").glob("*.tmp"))
    assert check(folder, "--verbose")[:2] == results[0]


def test_a_project_that_moves_is_another_project(folder, tmp_path_factory):
    check(folder)
    moved = tmp_path_factory.mktemp("moved") / "project"
    shutil.copytree(folder, moved)
    assert check(moved)[:2] == (1, FOUND)


def test_sections_come_back_as_they_were(tmp_path):
    path = str(tmp_path / "a.json")
    write(path, "me", {"one": b"a\n\0b", "two": b""})
    known = Sections(path, "me")
    assert known.section("two") == b""
    assert known.section("one") == b"a\n\0b"
    assert known.section("three") is None
    assert Sections(path, "you").section("one") is None


def test_a_changed_section_is_noticed(tmp_path):
    path = tmp_path / "a.json"
    write(str(path), "me", {"one": b"some text"})
    path.write_bytes(path.read_bytes().replace(b"some text", b"same text"))
    with pytest.raises(DamagedError):
        Sections(str(path), "me").section("one")


def test_only_the_last_answers_are_kept(tmp_path):
    store = Store(str(tmp_path / "cache"), "project", "settings")
    for number in range(20):
        store.keep_answer(f"request {number}", {"report": "x"})
    store.save()
    again = Store(str(tmp_path / "cache"), "project", "settings")
    assert again.answer("request 19") == {"report": "x"}
    assert again.answer("request 0") == {}
