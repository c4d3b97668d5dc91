"""Edits are made from the text as it is, and two that meet are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintvalue.fix import Overlap, apply, before
from lintvalue.model.edit import Edit
from lintvalue.model.span import Location, Span


def edit(line, column, end_line, end_column, content):
    return Edit(Location("app.py", Span(line, column, end_line, end_column)), content)


def test_edits_come_in_any_order():
    edits = (edit(2, 0, 2, 1, "B"), edit(1, 0, 1, 1, "A"), edit(1, 1, 1, 1, "!"))
    assert apply("a\nb\n", edits) == "A!\nB\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_end_at_each_kind_of_newline(newline):
    assert apply(f"a{newline}b", [edit(2, 0, 2, 1, "c")]) == f"a{newline}c"


@pytest.mark.parametrize("inside", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_rows_end_at_nothing_else(inside):
    assert apply(f"a{inside}b\nc", [edit(2, 0, 2, 1, "d")]) == f"a{inside}b\nd"


def test_columns_are_characters():
    assert apply("π😀x", [edit(1, 2, 1, 3, "y")]) == "π😀y"


def test_the_same_edit_twice_is_one():
    twice = [edit(1, 0, 1, 0, "x"), edit(1, 0, 1, 0, "x")]
    assert apply("a", twice) == "xa"


def test_an_insertion_stands_before_what_replaces_the_text_after_it():
    assert apply("abc", [edit(1, 1, 1, 2, "x"), edit(1, 1, 1, 1, "y")]) == "ayxc"


@pytest.mark.parametrize(
    "other",
    [edit(1, 2, 1, 4, ""), edit(1, 1, 1, 2, "")],
    ids=["overlapping", "inside"],
)
def test_edits_that_meet_are_refused(other):
    with pytest.raises(Overlap):
        apply("abcdef", [edit(1, 1, 1, 3, "x"), other])


@given(st.text("ab\n", max_size=30), st.data())
def test_every_kept_character_is_found_where_it_was(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [spliced(text, *pair, data.draw(st.text("xy\n", max_size=4))) for pair in pairs]
    new = apply(text, edits)
    kept = [at for at in range(len(text)) if not any(first <= at < last for first, last in pairs)]
    written = [at for at in range(len(new)) if new[at] in "ab"]
    wanted = [at for at in kept if text[at] in "ab"]
    assert [origin(text, new, edits, at) for at in written] == wanted


def spliced(text, first, last, content):
    return edit(*position(text, first), *position(text, last), content)


def position(text, offset):
    before_it = text[:offset]
    return before_it.count("\n") + 1, offset - (before_it.rfind("\n") + 1)


def origin(text, new, edits, at):
    span = before(text, new, edits, Span(*position(new, at), *position(new, at)))
    rows = text.split("\n")
    return sum(len(row) + 1 for row in rows[: span.line - 1]) + span.column


def test_what_an_edit_wrote_comes_from_its_beginning():
    edits = [edit(1, 2, 1, 4, "long\nnew")]
    assert before("abcdef", "ablong\nnewef", edits, Span(2, 1, 2, 4)) == Span(1, 2, 1, 5)
