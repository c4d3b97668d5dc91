"""Comments that silence: written by `--add-ignore`, reported where they are of no use, or not heard."""

from __future__ import annotations

import subprocess
import sys

import pytest
from test_cli import SAFE, UNSAFE, lintvalue

from lintvalue.extract import extract
from lintvalue.fix import apply
from lintvalue.fix.ignores import ignores
from lintvalue.model.finding import Finding, Severity
from lintvalue.model.source import Source
from lintvalue.model.span import Location, Span


def found(line, end, code="LV101"):
    at = Location("a.py", Span(line, 0, end, 1))
    return Finding(code, "name", Severity.ERROR, at, "message", "v", "f", (), None, None)


def silenced(text, *findings, reason=None):
    comments = extract(Source("a.py", text)).suppressions
    return apply(text, ignores("a.py", text, findings, comments, reason))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a += 1\n", "a += 1  # lintvalue: ignore[LV101]\n"),
        ("a += 1", "a += 1  # lintvalue: ignore[LV101]"),
        ("a += 1 \t\r\nb\r\n", "a += 1  # lintvalue: ignore[LV101]\r\nb\r\n"),
        ("a += 1  # why\n", "a += 1  # why  # lintvalue: ignore[LV101]\n"),
        ("a += 1  # noqa: E501\n", "a += 1  # noqa: E501  # lintvalue: ignore[LV101]\n"),
        (
            "a += 1  # lintvalue: ignore[LV203] so\n",
            "a += 1  # lintvalue: ignore[LV203, LV101] so\n",
        ),
        ("a += '''\n''' ; b = '''\n'''\n", "a += '''\n''' ; b = '''\n'''\n"),
        ("a += 1; b = \\\n 2\n", "a += 1; b = \\\n 2\n"),
    ],
)
def test_the_comment_stands_behind_the_statement(before, after):
    assert silenced(before, found(1, 1)) == after


def test_it_stands_on_the_last_row_or_else_on_the_first():
    long = "a += (\n  1\n)\n"
    assert silenced(long, found(1, 3)) == "a += (\n  1\n)  # lintvalue: ignore[LV101]\n"
    string = "a += (  \n  1); b = '''\n'''\n"
    assert silenced(string, found(1, 2)) == (
        "a += (  # lintvalue: ignore[LV101]\n  1); b = '''\n'''\n"
    )


def test_one_comment_has_all_codes_of_a_row_and_the_reason():
    both = (found(1, 1, "LV303"), found(1, 1))
    assert silenced("a += 1\n", *both, reason="so be it") == (
        "a += 1  # lintvalue: ignore[LV101, LV303] so be it\n"
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    return tmp_path


def test_add_ignore_silences_everything_and_changes_nothing_else(folder):
    (folder / "worker.py").write_text(UNSAFE)
    (folder / "safe.py").write_text(SAFE)
    done = lintvalue(folder, ["check", "--add-ignore", "--reason", "a mere estimate"])
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("Silenced 1 finding by a comment.\n")
    comment = "  # lintvalue: ignore[LV101] a mere estimate"
    assert (folder / "worker.py").read_text() == UNSAFE.replace(" += 1", f" += 1{comment}")
    assert (folder / "safe.py").read_text() == SAFE
    assert lintvalue(folder, ["check", "--warn-unused-ignores"]).returncode == 0
    assert lintvalue(folder, ["check", "--add-ignore"]).stderr.startswith("Silenced 0 findings")


def test_add_ignore_keeps_what_it_cannot_silence(folder):
    text = UNSAFE.replace(" += 1", " += 1; rest = '''\n    '''")
    (folder / "worker.py").write_text(text)
    done = lintvalue(folder, ["check", "--add-ignore", "--output-format", "concise"])
    assert done.returncode == 1
    assert done.stdout.startswith("worker.py:5:5: LV101")
    assert (folder / "worker.py").read_text() == text


def test_a_reason_has_to_fit_the_encoding(folder):
    text = ("# coding: latin-1\n" + UNSAFE).encode("latin-1")
    (folder / "worker.py").write_bytes(text)
    done = lintvalue(folder, ["check", "--add-ignore", "--reason", "\u4e0d"])
    assert done.returncode == 2
    assert "error: worker.py: no comment added: the reason does not fit" in done.stderr
    assert (folder / "worker.py").read_bytes() == text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--reason", "why"], "--add-ignore"),
        (["--add-ignore", "--reason", " "], "one line of text"),
        (["--add-ignore", "--reason", "a\nb"], "one line of text"),
        (["--add-ignore", "-"], "writes into files"),
        (["--add-ignore", "--ignore-suppressions"], "choose one"),
    ],
)
def test_what_makes_no_sense_is_an_error(folder, arguments, said):
    done = lintvalue(folder, ["check", *arguments], stdin="")
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_comments_are_not_heard_if_so_asked(folder):
    (folder / "worker.py").write_text(UNSAFE.replace(" += 1", " += 1  # lintvalue: ignore"))
    assert lintvalue(folder, ["check"]).returncode == 0
    done = lintvalue(folder, ["check", "--ignore-suppressions", "--output-format", "concise"])
    assert done.returncode == 1
    assert done.stdout.startswith("worker.py:5:5: LV101")


def test_unused_comments_are_reported_also_in_files_that_share_nothing(folder):
    (folder / "worker.py").write_text(SAFE.replace(" += 1", " += 1  # lintvalue: ignore[LV101]"))
    (folder / "other.py").write_text("print(1)  # lintvalue: ignore\n")
    done = lintvalue(folder, ["check", "--warn-unused-ignores", "--output-format", "concise"])
    assert done.returncode == 1
    assert [row.partition(" ")[0] for row in done.stdout.splitlines()] == [
        "other.py:1:11:",
        "worker.py:6:26:",
    ]
    assert done.stdout.count("LV001 `# lintvalue: ignore") == 2
    assert lintvalue(folder, ["check"]).returncode == 0


def test_what_a_killed_run_left_is_removed_first(folder):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (folder / "worker.py").write_text(UNSAFE)
    (folder / f".lintvalue-{ended.pid}-0123abcd.tmp").write_text("half")
    lintvalue(folder, ["check", "--add-ignore"])
    assert not list(folder.glob(".lintvalue-*"))
