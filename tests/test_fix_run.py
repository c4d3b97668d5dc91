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


def test_a_file_that_asks_to_be_left_alone_is_not_changed(tmp_path):
    """Elsewhere the object gets a lock, since to make it a Counter would change that file, too."""
    state = "# lintvalue: ignore-file\nfrom multiprocessing import Value\n\nhits = Value('i', 0)\n"
    (tmp_path / "state.py").write_text(state)
    (tmp_path / "main.py").write_text(
        "from multiprocessing import Process\n\nfrom state import hits\n\n\n"
        "def work(hits):\n    hits.value += 1\n\n\n"
        "for _ in range(4):\n    Process(target=work, args=(hits,)).start()\n"
    )
    assert fix([str(tmp_path)], COUNTER).fixed == 0
    assert fix([str(tmp_path)], ISOLATED).fixed == 1
    assert (tmp_path / "state.py").read_text() == state
    assert "with hits.get_lock():" in (tmp_path / "main.py").read_text()


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


# What a repair is judged by, and where it is told


WORKER = """\
from multiprocessing import {imports}


{body}


def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits,)).start()


if __name__ == "__main__":
    main()
"""


@pytest.fixture
def app(tmp_path):
    """A file with this function, to be fixed."""
    path = tmp_path / "app.py"

    def put(body, imports="Process, Value"):
        path.write_text(WORKER.format(body=body.strip(), imports=imports))
        return path

    return put


TWO_ALIKE = """
def work(hits):
    hits.value += 1
    for _ in range(3):
        if hits.value < 9:
            step(lambda: 0)
            hits.value += 1
"""


def test_what_is_left_is_told_where_it_stands(app):
    """One of two findings of the same kind in one function is fixed, which moves the other."""
    path = app(TWO_ALIKE)
    dry = fix([str(path)], LOCK, dry=True)
    assert [one.at.span.line for one in dry.declined] == [9]
    assert [one.finding.at.span.line for one in dry.report.findings] == [9]
    wet = fix([str(path)], LOCK)
    assert [one.at.span.line for one in wet.declined] == [10]
    assert [one.finding.at.span.line for one in wet.report.findings] == [10]
    assert (dry.found, dry.fixed) == (wet.found, wet.fixed) == (2, 1)


def test_what_stays_since_its_file_cannot_be_written_is_told_where_it_stands(app):
    path = app(TWO_ALIKE)
    path.chmod(0o444)
    outcome = fix([str(path)], LOCK)
    assert [one.at.span.line for one in outcome.declined] == [9]
    assert [one.finding.at.span.line for one in outcome.report.findings] == [5, 9]
    assert (outcome.found, outcome.fixed) == (2, 0)


RAW = """\
from multiprocessing import Lock, Process, RawValue


def add(hits, lock):
    with lock:
        hits.value += 1


def work(hits):
    hits.value += 1


if __name__ == "__main__":
    lock = Lock()
    hits = RawValue("i", 0)
    for _ in range(4):
        Process(target=add, args=(hits, lock)).start()
        Process(target=work, args=(hits,)).start()
"""


@pytest.mark.parametrize("select", [("LV1",), ("LV1", "LV3")])
def test_what_a_repair_would_break_counts_whether_it_is_chosen_or_not(select, tmp_path):
    """The lock is a global there, which a spawned process has for itself: LV302."""
    path = tmp_path / "app.py"
    path.write_text(RAW)
    outcome = fix([str(path)], Options((("select", select),), isolated=True, jobs=1))
    assert path.read_text() == RAW
    assert [one.reason for one in outcome.declined] == [
        "with the repair that was tried, LV302 would be found at app.py:15"
    ]


# Neighbours under one lock


def body_after(app, body, **texts):
    path = app(body, **texts)
    fix([str(path)], LOCK)
    return path.read_text().split("\n\n\n")[1] + "\n"


def test_neighbours_come_under_one_with(app):
    body = (
        "def work(hits):\n    hits.value += 1\n    hits.value *= 2  # twice\n    hits.value -= 1\n"
    )
    assert body_after(app, body) == (
        "def work(hits):\n    with hits.get_lock():\n        hits.value += 1\n"
        "        hits.value *= 2  # twice\n        hits.value -= 1\n"
    )


@pytest.mark.parametrize("between", ["\n", "    # then\n", "    print()\n"])
def test_what_stands_apart_does_not(app, between):
    body = f"def work(hits):\n    hits.value += 1\n{between}    hits.value -= 1\n"
    assert body_after(app, body) == (
        "def work(hits):\n    with hits.get_lock():\n        hits.value += 1\n"
        f"{between}    with hits.get_lock():\n        hits.value -= 1\n"
    )


def test_what_is_silenced_stays_outside(app):
    silenced = "    hits.value = (  # lintvalue: ignore[LV102]\n        hits.value * 2\n    )\n"
    body = f"def work(hits):\n{silenced}    hits.value = hits.value + 1\n{silenced}"
    assert body_after(app, body) == (
        f"def work(hits):\n{silenced}    with hits.get_lock():\n"
        f"        hits.value = hits.value + 1\n{silenced}"
    )
