"""One set of findings in every format."""

from __future__ import annotations

import json

import pytest

from lintvalue.model.edit import Applicability, Edit, Repair, Style
from lintvalue.model.finding import Finding, Judged, Note, Report, Severity
from lintvalue.model.project import Kind
from lintvalue.model.settings import UserError
from lintvalue.model.span import Location, Span
from lintvalue.report import render
from lintvalue.report.statistics import render_statistics

AT = Location("src/a.py", Span(3, 4, 3, 16))
MADE = Location("src/b.py", Span(1, 4, 1, 17))
FINDING = Finding(
    "LV101",
    "unlocked-augmented-assignment",
    Severity.ERROR,
    AT,
    "updates are lost",
    "v",
    "f",
    (0,),
    MADE,
    Kind.VALUE,
    (Note(MADE, "made here"),),
)
REPAIR = Repair(Style.LOCK, Applicability.SAFE, "hold the lock", (Edit(AT, "x"),), (AT,))
REPORT = Report((Judged(FINDING, ("    v.value += 1  # hot",), "f00d", REPAIR),), (), 2)


def report(path: str = "a.py", line: str = "x", message: str = "m", **span: int) -> Report:
    place = {"line": 1, "column": 0, "end_line": 1, "end_column": 1, **span}
    at = Location(path, Span(**place))
    finding = Finding("LV101", "n", Severity.WARNING, at, message, "v", "f", (), None, None)
    return Report((Judged(finding, (line,), "1"),), (), 1)


def test_concise_is_one_line_a_finding():
    assert render(REPORT, "concise") == "src/a.py:3:5: LV101 updates are lost\n"


def test_full_shows_the_code_and_the_related_places():
    assert (
        render(REPORT, "full")
        == """\
src/a.py:3:5: LV101 updates are lost
  |
3 |     v.value += 1  # hot
  |     ^^^^^^^^^^^^
  = src/b.py:1:5: made here
  = fix: hold the lock

"""
    )


def test_full_marks_each_row_of_a_long_statement():
    finding = Finding(
        "LV101",
        "n",
        Severity.ERROR,
        Location("a.py", Span(9, 0, 10, 6)),
        "m",
        "v",
        "",
        (),
        None,
        None,
    )
    text = render(Report((Judged(finding, ("v.value += (", "    1)"), "1"),), (), 1), "full")
    assert (
        text
        == """\
a.py:9:1: LV101 m
   |
 9 | v.value += (
   | ^^^^^^^^^^^^
10 |     1)
   |     ^^

"""
    )


def test_full_keeps_marks_under_wide_characters_and_tabs():
    text = render(report(line="\t'日本' + v", column=8, end_column=9), "full")
    assert text.split("\n")[3] == "  | \t         ^"


def test_a_line_of_megabytes_is_cut_around_the_finding():
    line = "a" * 1_000_000 + "v" + "b" * 1_000_000
    text = render(report(line=line, column=1_000_000, end_column=1_000_001), "full")
    assert len(text) < 2000
    assert "av" in text


def test_json_has_exactly_the_fields_that_are_promised():
    assert json.loads(render(REPORT, "json")) == [
        {
            "code": "LV101",
            "name": "unlocked-augmented-assignment",
            "severity": "error",
            "message": "updates are lost",
            "filename": "src/a.py",
            "location": {"row": 3, "column": 5},
            "end_location": {"row": 3, "column": 17},
            "cell": None,
            "symbol": "v",
            "object": {
                "filename": "src/b.py",
                "location": {"row": 1, "column": 5},
                "kind": "Value",
            },
            "related": [
                {
                    "filename": "src/b.py",
                    "location": {"row": 1, "column": 5},
                    "end_location": {"row": 1, "column": 18},
                    "message": "made here",
                }
            ],
            "fix": {
                "applicability": "safe",
                "style": "lock",
                "message": "hold the lock",
                "edits": [
                    {
                        "filename": "src/a.py",
                        "location": {"row": 3, "column": 5},
                        "end_location": {"row": 3, "column": 17},
                        "content": "x",
                    }
                ],
            },
            "fingerprint": "f00d",
            "url": "https://lintvalue.readthedocs.io/rules/unlocked-augmented-assignment",
        }
    ]


def test_json_lines_hold_the_same_objects():
    lines = render(REPORT, "json-lines").splitlines()
    assert [json.loads(line) for line in lines] == json.loads(render(REPORT, "json"))


def test_no_findings_are_an_empty_array_or_nothing():
    nothing = Report((), (), 1)
    assert json.loads(render(nothing, "json")) == []
    assert [render(nothing, name) for name in ("full", "concise", "json-lines", "github")] == [
        ""
    ] * 4


def test_github_escapes_what_would_end_a_property():
    text = render(report(path="a:b,c%.py", message="100% ::x"), "github")
    assert text == (
        "::warning title=lintvalue (LV101),file=a%3Ab%2Cc%25.py,line=1,endLine=1,col=1,"
        "endColumn=2::a:b,c%25.py:1:1: LV101 100%25 ::x\n"
    )


def test_github_has_errors_before_warnings():
    both = Report((*report().findings, *REPORT.findings), (), 2)
    assert [line[:5] for line in render(both, "github").splitlines()] == ["::err", "::war"]


HOSTILE = "a\x1b[31m\n::error::owned\r\u202e\udcff.py"


@pytest.mark.parametrize("name", ["full", "concise", "github"])
def test_no_name_or_source_can_steer_a_terminal_or_a_runner(name):
    text = render(report(path=HOSTILE, line=HOSTILE, message=HOSTILE), name)
    assert all(character == "\n" or character.isprintable() for character in text)
    assert sum(line.lstrip().startswith("::") for line in text.split("\n")) == (name == "github")
    assert text.encode()


@pytest.mark.parametrize("name", ["concise", "full"])
def test_no_line_begins_like_a_command_to_a_runner(name):
    text = render(report(path="::error::x.py"), name)
    assert text.startswith("\\x3a:error")


@pytest.mark.parametrize("name", ["json", "json-lines"])
def test_json_gives_any_name_back(name):
    text = render(report(path=HOSTILE), name)
    assert text.isascii()
    data = json.loads(text)
    assert (data[0] if name == "json" else data)["filename"] == HOSTILE


@pytest.mark.parametrize("name", ["sarif", "gitlab", "junit", "nosuch"])
def test_a_format_that_cannot_be_written_is_an_error(name):
    with pytest.raises(UserError, match="not available"):
        render(REPORT, name)


def test_colour_only_adds_codes():
    plain, coloured = render(REPORT, "full"), render(REPORT, "full", colour=True)
    assert "\x1b[1;31mLV101\x1b[0m" in coloured
    assert "\x1b" not in plain


def test_statistics_have_the_most_frequent_rule_first():
    many = Report((*report().findings, *REPORT.findings, *REPORT.findings), (), 2)
    assert render_statistics(many) == "2\tLV101\tunlocked-augmented-assignment\n1\tLV101\tn\n"
