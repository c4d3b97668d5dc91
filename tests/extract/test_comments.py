"""Comments that silence, as facts of a file."""

from __future__ import annotations

import pytest

from lintvalue.extract import extract
from lintvalue.model.facts import Suppression
from lintvalue.model.source import Source


def comments(text):
    return extract(Source("a.py", text)).suppressions


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# lintvalue: ignore", ()),
        ("# lintvalue: ignore[LV101]", ("LV101",)),
        ("# lintvalue: ignore[LV101, LV203]", ("LV101", "LV203")),
        ("# lintvalue:ignore[ lv101,LV2]", ("LV101", "LV2")),
        ("#lintvalue: ignore", ()),
        ("# LintValue: Ignore", ()),
    ],
)
def test_our_comment_silences_its_row(comment, codes):
    assert comments(f"x = 1\ny = 2  {comment}\n") == (
        Suppression(2, 7, 7 + len(comment), codes, own=True),
    )


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# noqa", ()),
        ("# NOQA: lv101", ("LV101",)),
        ("#noqa:LV101,E501", ("LV101", "E501")),
        ("# noqa: E501 LV102", ("E501", "LV102")),
    ],
)
def test_noqa_is_read_as_flake8_reads_it(comment, codes):
    assert comments(f"x = 1  {comment}\n") == (
        Suppression(1, 7, 7 + len(comment), codes, own=False),
    )


def test_one_row_may_have_several():
    found = comments("x = 1  # lintvalue: ignore[LV101]  # lintvalue: ignore[LV001]  # noqa\n")
    assert [one.codes for one in found] == [("LV101",), ("LV001",), ()]


@pytest.mark.parametrize(
    "text",
    [
        "x = '# lintvalue: ignore'\n",
        "x = 1  # lintvalue: ignored\n",
        "x = 1  # lintvalue: ignore-everything\n",
        "x = 1  # lintvalue ignore\n",
        "x = 1  # noqable\n",
        '"""\n# lintvalue: ignore-file\n"""\n',
    ],
)
def test_what_only_looks_like_one_silences_nothing(text):
    assert comments(text) == ()


def test_several_may_stand_in_one_comment():
    found = comments("x = 1  # noqa: E501  # lintvalue: ignore[LV101]  # why\n")
    assert [(one.own, one.codes, one.column) for one in sorted(found, key=lambda o: o.column)] == [
        (False, ("E501",), 7),
        (True, ("LV101",), 21),
    ]


def test_a_comment_of_its_own_may_silence_the_whole_file():
    [found] = comments("import os\n# lintvalue: ignore-file\n")
    assert (found.row, found.whole_file, found.own) == (2, True, True)


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    b  # lintvalue: ignore\n",
        "call(\n    a,  # lintvalue: ignore\n)\n",
        "x = [\n    1,\n]  # lintvalue: ignore",
        "if a:  # lintvalue: ignore\n    b\n",
        "def f():\n    pass\n    # lintvalue: ignore\n",
        "x = 1\r\n\f\r\ny = 2  # lintvalue: ignore\r\n",
    ],
)
def test_a_comment_is_found_wherever_it_stands(text):
    [found] = comments(text)
    row = text.replace("\r\n", "\n").split("\n")[found.row - 1]
    assert row[found.column :].startswith("# lintvalue: ignore")
    assert row[found.column : found.end_column] == "# lintvalue: ignore"


def test_comments_come_in_source_order():
    rows = [one.row for one in comments("# noqa\n(\n# noqa\n)\nx = 1  # noqa\n")]
    assert rows == [1, 3, 5]
