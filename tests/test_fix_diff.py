"""`fix --diff` prints what `git apply` and `patch` take, wherever the files are and whatever their names."""

from __future__ import annotations

import itertools
import os
import subprocess

import pytest

from lintvalue.cli import main

BEFORE = """\
from multiprocessing import Process, Value


def work(hits):
    hits.value += 1  # über


def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits,)).start()


main()
"""
AFTER = BEFORE.replace("    hits.value +=", "    with hits.get_lock():\n        hits.value +=")
NAMES = [
    "app.py",
    "with blank.py",
    "ünïcode.py",
    "ünï code.py",
    'quo"te.py',
    "back\\slash.py",
    "tab\there.py",
    "new\nline.py",
    " blank ahead.py",
    "-dash.py",
    "a/b/deep.py",
    "b/b.py",
    os.fsdecode(b"no-utf8-\xff.py"),
]
ENCODED = {
    "latin-1": "# -*- coding: latin-1 -*-\n",
    "cp1252": "# coding: cp1252\n",
    "utf-8-sig": "",
    "utf-8": "",
}


@pytest.fixture
def patch(tmp_path, monkeypatch, capfdbinary):
    """What is printed where `arguments` are given in the folder `where`, and what is said."""

    def run(where, *arguments):
        monkeypatch.chdir(tmp_path / where)
        assert main(["fix", "--diff", "--style", "lock", "--no-cache", *arguments]) == 1
        return capfdbinary.readouterr()

    return run


def put(folder, name, text=BEFORE, encoding="utf-8"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def git(folder, *arguments, data=b""):
    command = ["git", "-c", "core.autocrlf=false", "-C", folder, *arguments]
    return subprocess.run(command, input=data, check=True, capture_output=True)


def repository(folder):
    git(folder, "init", "-q")
    return folder


def test_git_takes_it_whatever_the_names(tmp_path, patch):
    paths = [put(tmp_path, name) for name in NAMES]
    git(tmp_path, "apply", "-", data=patch(".").out)
    assert [path.name for path in paths if path.read_bytes() != AFTER.encode()] == []


def test_patch_takes_it_too(tmp_path, patch):
    paths = [put(tmp_path, name) for name in NAMES if name.isprintable()]
    command = ["patch", "-p1", "--binary", "-d", tmp_path]
    subprocess.run(command, input=patch(".").out, check=True, capture_output=True)
    assert [path.name for path in paths if path.read_bytes() != AFTER.encode()] == []


def test_names_are_in_the_systems_encoding_and_texts_in_their_own(tmp_path, patch):
    layouts = list(itertools.product(ENCODED, ("\n", "\r\n", "\r"), ("", "\n")))
    paths = [
        put(tmp_path, f"ünï{number}.py", laid_out(BEFORE, *layout), layout[0])
        for number, layout in enumerate(layouts)
    ]
    git(tmp_path, "apply", "-", data=patch(".").out)
    wanted = [laid_out(AFTER, *layout).encode(layout[0]) for layout in layouts]
    assert [path.read_bytes() for path in paths] == wanted


def laid_out(text, encoding, newline, end):
    return f"{ENCODED[encoding]}{text.rstrip()}{end}".replace("\n", newline)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_its_paths_start_at_the_working_folder(level, tmp_path, patch):
    path = put(tmp_path, "src/app/worker.py")
    where = ("src/app", "src", ".")[level - 1]
    head = patch(where).out.split(b"\n", 1)[0]
    assert head == b"--- a/" + os.fsencode(path.relative_to(tmp_path / where))


def test_git_takes_it_in_a_folder_of_a_repository(tmp_path, patch):
    path = put(repository(tmp_path), "src/app/worker.py")
    git(tmp_path / "src", "apply", "-", data=patch("src").out)
    assert path.read_text() == AFTER


def test_files_outside_of_the_working_folder_are_named_from_the_top_of_their_repository(
    tmp_path, patch
):
    top = repository(put(tmp_path, "project/README", "").parent)
    paths = [put(top, "src/app.py"), put(top, "tools/run.py")]
    out, said = patch("project/tools", "run.py", "../src")
    assert b"--- a/src/app.py\n" in out
    assert b"--- a/tools/run.py\n" in out
    assert f"git -C {top} apply" in said.decode()
    git(top, "apply", "-", data=out)
    assert [path.read_text() for path in paths] == [AFTER, AFTER]


def test_without_a_repository_they_are_named_from_the_folder_that_holds_all(tmp_path, patch):
    paths = [put(tmp_path, "a/x/one.py"), put(tmp_path, "b/two.py")]
    (tmp_path / "here").mkdir()
    out, said = patch("here", "../a", str(tmp_path / "b"))
    assert f"git -C {tmp_path} apply" in said.decode()
    git(tmp_path, "apply", "-", data=out)
    assert [path.read_text() for path in paths] == [AFTER, AFTER]


def test_nothing_is_said_of_folders_where_all_is_below_the_working_folder(tmp_path, patch):
    put(tmp_path, "app.py")
    assert b"git -C" not in patch(".").err


def test_a_file_given_by_two_names_is_changed_once(tmp_path, patch):
    path = put(tmp_path, "app.py")
    (tmp_path / "link.py").symlink_to("app.py")
    out, _ = patch(".", "app.py", "./app.py", str(path), "link.py")
    assert out.count(b"\n+++ ") == 1
    git(tmp_path, "apply", "-", data=out)
    assert path.read_text() == AFTER
