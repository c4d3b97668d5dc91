"""What is no Python is a problem of its file, with a place where there is one; nothing is raised."""

from __future__ import annotations

import libcst as cst
import pytest

from lintvalue.extract import extract
from lintvalue.model.source import Source


def problem(text):
    facts = extract(Source("src/a.py", text))
    assert facts.body.statements == ()
    assert facts.problem is not None
    assert facts.problem.path == "src/a.py"
    return facts.problem


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\ny = = 2\n", 2),
        ("def f():\n    x = 1\n    y z\n", 3),
        ("print 'two'\n", 1),
    ],
)
def test_a_syntax_error_has_its_place(text, line):
    found = problem(text)
    assert found.line == line
    assert found.message.startswith("cannot be parsed: ")
    assert "\n" not in found.message


@pytest.mark.parametrize(
    "text", ["x = 'a\n", "x = (1,\n", 'x = """a\n', "x = 1 \\", "\x00", "x = $\n"]
)
def test_what_is_cut_short_is_a_problem_too(text):
    assert problem(text).message.startswith("cannot be parsed: ")


@pytest.mark.parametrize("error", [TypeError, RecursionError, KeyError, cst.CSTLogicError])
def test_whatever_the_parser_raises_is_a_problem_without_a_place(error, monkeypatch):
    def fail(_text):
        raise error("odd")

    monkeypatch.setattr(cst, "parse_module", fail)
    found = problem("x = 1\n")
    assert found.message == f"cannot be parsed: LibCST failed with {error.__name__}"
    assert (found.line, found.column) == (None, None)


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "\f", "\n\n    \n", "pass"])
def test_a_file_that_says_nothing_has_no_problem(text):
    facts = extract(Source("a.py", text))
    assert (facts.problem, facts.body.statements) == (None, ())
