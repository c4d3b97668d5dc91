"""What a whole fix does besides the text: standard input, refused files, groups of files."""

from __future__ import annotations

import io
import sys

import pytest

from lintvalue.model.edit import Style
from lintvalue.model.settings import Options
from lintvalue.run.fix import fix, text_of_stdin

ISOLATED = Options(isolated=True, jobs=1)
LOCK = Options((("fix_style", Style.LOCK),), isolated=True, jobs=1)
COUNTER = Options((("fix_style", Style.COUNTER),), isolated=True, jobs=1)

BEFORE = """\
from multiprocessing import Process, Value


def work(hits):
    hits.value += 1


def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits,)).start()


main()
"""
AFTER = BEFORE.replace("    hits.value += 1", "    with hits.get_lock():\n        hits.value += 1")


@pytest.fixture
def stdin(monkeypatch):
    def say(text):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return say


def test_standard_input_comes_back_repaired(stdin):
    stdin(BEFORE)
    assert text_of_stdin(fix(["-"], LOCK)) == AFTER.encode()


@pytest.mark.parametrize("text", ["x = 1\n", "", "from multiprocessing import Value\nv = (\n"])
def test_standard_input_comes_back_as_it_was_where_there_is_nothing_to_repair(stdin, text):
    stdin(text)
    assert text_of_stdin(fix(["-"], LOCK)) == text.encode()


def test_nothing_is_written_when_dry(tmp_path):
    path = tmp_path / "app.py"
    path.write_text(BEFORE)
    outcome = fix([str(path)], LOCK, dry=True)
    assert path.read_text() == BEFORE
    assert (outcome.found, outcome.fixed, outcome.changes) == (1, 1, True)


def test_a_read_only_file_stays_and_the_others_are_fixed(tmp_path):
    kept, fixed = tmp_path / "kept.py", tmp_path / "fixed.py"
    kept.write_text(BEFORE)
    fixed.write_text(BEFORE)
    kept.chmod(0o444)
    outcome = fix([str(tmp_path)], LOCK)
    assert (kept.read_text(), fixed.read_text()) == (BEFORE, AFTER)
    assert [finding.finding.at.path.endswith("kept.py") for finding in outcome.report.findings]
    assert "read-only" in outcome.report.problems[0].message


def test_a_repair_over_two_files_is_made_in_both_or_in_none(tmp_path):
    (tmp_path / "state.py").write_text(
        'from multiprocessing import Value\n\nhits = Value("i", 0)\n'
    )
    (tmp_path / "main.py").write_text(
        "from multiprocessing import Process\n\nfrom state import hits\n\n\n"
        "def work(hits):\n    hits.value += 1\n\n\n"
        "for _ in range(4):\n    Process(target=work, args=(hits,)).start()\n"
    )
    before = {path.name: path.read_text() for path in tmp_path.glob("*.py")}
    (tmp_path / "state.py").chmod(0o444)
    outcome = fix([str(tmp_path)], COUNTER)
    assert {path.name: path.read_text() for path in tmp_path.glob("*.py")} == before
    assert (outcome.fixed, len(outcome.report.problems)) == (0, 1)


def test_a_file_that_is_not_named_is_not_changed(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "state.py").write_text(
        'from multiprocessing import Value\n\nhits = Value("i", 0)\n'
    )
    main = tmp_path / "main.py"
    main.write_text(
        "from multiprocessing import Process\n\nfrom state import hits\n\n\n"
        "def work(hits):\n    hits.value += 1\n\n\n"
        "for _ in range(4):\n    Process(target=work, args=(hits,)).start()\n"
    )
    outcome = fix([str(main)], Options(jobs=1))
    assert "Value" in (tmp_path / "state.py").read_text()
    assert "with hits.get_lock():" in main.read_text()
    assert outcome.fixed == outcome.found
