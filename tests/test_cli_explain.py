"""`lintvalue explain` through real processes: what is printed, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from test_cli import BROKEN, SAFE, UNSAFE, lintvalue

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    (tmp_path / "worker.py").write_text(UNSAFE)
    return tmp_path


def test_a_reported_line_is_explained_with_status_0(folder):
    done = lintvalue(folder, ["explain", "worker.py:5"])
    assert (done.returncode, done.stderr) == (0, "")
    for word in (
        "LV101",
        "worker.py:9:12: the Value is made, kept as the global `hits`",
        "handed to a process, as `hits` of `add`",
        "STORE_ATTR",
        "#<-- hits.get_lock() acquired",
        "process 1 ",
        "the update of process 2 is lost",
    ):
        assert word in done.stdout


def test_a_line_that_is_not_reported_says_why(folder):
    (folder / "worker.py").write_text(SAFE)
    done = lintvalue(folder, ["explain", "worker.py:6"])
    assert done.returncode == 0
    assert "Not reported." in done.stdout
    assert "`hits`: `hits.get_lock()` is held from the read to the write." in done.stdout


def test_a_column_behind_the_line_is_allowed_as_findings_print_it(folder):
    plain = lintvalue(folder, ["explain", "worker.py:5"])
    assert lintvalue(folder, ["explain", "worker.py:5:5"]).stdout == plain.stdout


def test_json_says_the_same(folder):
    done = lintvalue(folder, ["explain", "worker.py:5", "--output-format", "json"])
    told = json.loads(done.stdout)
    assert (told["filename"], told["row"], told["verdict"]) == ("worker.py", 5, "reported")
    [finding] = told["findings"]
    assert (finding["code"], finding["location"]) == ("LV101", {"row": 5, "column": 5})
    assert finding["kept_back"] is None
    [one] = told["objects"]
    assert (one["name"], one["kind"]) == ("hits", "Value")
    assert one["made"]["location"] == {"row": 9, "column": 12}
    assert [hop["location"]["row"] for hop in one["way"]] == [9, 11]
    assert one["running"][0]["held"] == []
    assert [step["operation"] for step in told["steps"]][-1] == "STORE_ATTR"
    moves = told["interleaving"]["moves"]
    assert [(one["process"], one["value"]) for one in moves if one["action"] == "store"] == [
        (2, 1),
        (1, 1),
    ]


def test_a_finding_that_a_comment_silences_is_told_with_the_comment(folder):
    (folder / "worker.py").write_text(UNSAFE.replace("+= 1", "+= 1  # lintvalue: ignore"))
    done = lintvalue(folder, ["explain", "worker.py:5"])
    assert "LV101" in done.stdout
    assert "not reported: a comment silences it" in done.stdout


def test_a_rule_that_is_off_by_configuration_is_named(folder):
    (folder / "lintvalue.toml").write_text('ignore = ["LV101"]\n')
    done = lintvalue(folder, ["explain", "worker.py:5"])
    assert "not reported: LV101 is not among the rules that are on" in done.stdout
    isolated = lintvalue(folder, ["explain", "--isolated", "worker.py:5"])
    assert "not reported: LV101" not in isolated.stdout
    other = folder / "other.toml"
    other.write_text('per-file-ignores = { "*.py" = ["LV1"] }\n')
    done = lintvalue(folder, ["explain", "--config", "other.toml", "worker.py:5"])
    assert "not reported: the settings ignore it in this file" in done.stdout


def test_places_are_told_from_the_working_folder(folder):
    inside = folder / "docs"
    inside.mkdir()
    done = lintvalue(inside, ["explain", "../worker.py:5"])
    assert done.returncode == 0
    assert f"{folder}/worker.py:9:12: the Value is made" in done.stdout


def test_the_project_around_the_file_is_read(folder):
    (folder / "main.py").write_text(
        "from multiprocessing import Process, Value\nfrom library import add\n\n"
        "if __name__ == '__main__':\n    hits = Value('i', 0)\n"
        "    for _ in range(4):\n        Process(target=add, args=(hits,)).start()\n"
    )
    (folder / "library.py").write_text("def add(hits):\n    hits.value += 1\n")
    done = lintvalue(folder, ["explain", "library.py:2"])
    assert "LV101" in done.stdout
    assert "main.py:7:9: handed to a process, as `hits` of `add`" in done.stdout
    alone = lintvalue(folder, ["explain", "--isolated", "library.py:2"])
    assert "`hits` may be anything" in alone.stdout


def test_a_file_without_any_word_of_ours_is_explained_too(folder):
    (folder / "plain.py").write_text("def f(box):\n    box.value += 1\n")
    done = lintvalue(folder, ["explain", "plain.py:2"])
    assert (done.returncode, done.stderr) == (0, "")
    assert "no shared object is known to be on this line" in done.stdout


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("worker.py", "name a file and a line in it"),
        ("worker.py:", "name a file and a line in it"),
        ("worker.py:0", "name a file and a line in it"),
        ("worker.py:five", "name a file and a line in it"),
        (":5", "name a file and a line in it"),
        ("worker.py:99", "worker.py: has no line 99, it has 11"),
        ("missing.py:5", "missing.py: no such file or directory"),
        (".:5", ".: is a folder"),
        ("broken.py:2", "broken.py:2: cannot be parsed"),
        ("words.py:2", "words.py:2: cannot be parsed"),
        ("binary.py:1", "binary.py: cannot be decoded"),
        ("empty.py:1", "empty.py: has no line 1, it has 0"),
    ],
)
def test_what_cannot_be_explained_is_one_sentence_and_status_2(folder, place, said):
    (folder / "broken.py").write_text(BROKEN)
    (folder / "words.py").write_text("def f(:\n    pass\n")
    (folder / "binary.py").write_bytes(b"x = '\xff'\n")
    (folder / "empty.py").write_bytes(b"")
    done = lintvalue(folder, ["explain", place])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [[], ["worker.py:5", "other.py:3"], ["--output-format", "sarif", "worker.py:5"]],
)
def test_bad_usage_ends_with_status_2(folder, arguments):
    done = lintvalue(folder, ["explain", *arguments])
    assert (done.returncode, done.stdout) == (2, "")


def test_the_start_method_is_an_option(folder):
    done = lintvalue(folder, ["explain", "--start-method", "spawn", "worker.py:5"])
    assert done.returncode == 0
    done = lintvalue(folder, ["explain", "--start-method", "magic", "worker.py:5"])
    assert done.returncode == 2


def test_names_and_texts_of_strangers_move_no_cursor(folder):
    name = "wor\x1bker.py"
    (folder / name).write_text(UNSAFE.replace("+= 1", "+= 1  # \x1b[2J"))
    done = lintvalue(folder, ["explain", f"{name}:5"])
    assert done.returncode == 0
    assert "\x1b" not in done.stdout


def test_colour_is_asked_for(folder):
    done = lintvalue(folder, ["explain", "--color", "always", "worker.py:5"])
    assert "\x1b[1m" in done.stdout
    assert "\x1b" not in lintvalue(folder, ["explain", "worker.py:5"]).stdout


def test_a_closed_pipe_ends_it_quietly(folder):
    done = subprocess.run(  # noqa: S602 - the pipe is what is tested
        f"{sys.executable} -m lintvalue explain worker.py:5 | head -1",
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("worker.py:5 in `add`\n", "")


def test_every_line_of_a_file_in_latin_1_with_windows_line_ends(folder):
    text = "# -*- coding: latin-1 -*-\n" + UNSAFE.replace("hits", "zähler")
    (folder / "worker.py").write_bytes(text.replace("\n", "\r\n").encode("latin-1"))
    done = lintvalue(folder, ["explain", "worker.py:6"])
    assert "zähler.get_lock() acquired" in done.stdout
