"""The reader of the labelled cases, on small folders."""

from __future__ import annotations

import pytest
from cases import Mark, all_cases, not_yet, silenced


def written(root, **files):
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path = path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return all_cases(root)


def test_each_file_of_a_topic_is_a_case(tmp_path):
    cases = written(tmp_path, locks__two="", safe__one="")
    assert [(case.name, case.topic) for case in cases] == [
        ("locks/two", "locks"),
        ("safe/one", "safe"),
    ]
    assert [source.path for case in cases for source in case.sources] == ["two.py", "one.py"]


def test_each_folder_of_project_is_a_case_with_paths_from_that_folder(tmp_path):
    [case] = written(tmp_path, project__shop__main="", project__shop__app__stock="")
    assert case.name == "project/shop"
    assert [source.path for source in case.sources] == ["app/stock.py", "main.py"]


def test_a_mark_says_the_file_the_row_and_each_code(tmp_path):
    [case] = written(tmp_path, t__a="x = 1\ny = 2  # expect: LV101, LV203\nz = 3  # expect: LV102")
    assert case.expected == {
        Mark("a.py", 2, "LV101"),
        Mark("a.py", 2, "LV203"),
        Mark("a.py", 3, "LV102"),
    }
    assert case.notes == set()


def test_related_places_are_told_from_findings(tmp_path):
    [case] = written(tmp_path, t__a="x = 1  # note: LV103\n")
    assert (case.expected, case.notes) == (set(), {Mark("a.py", 1, "LV103")})


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_are_counted_as_python_counts_them(newline, tmp_path):
    text = newline.join(["a = '\x0b\u2028'", "\x0c", "b = 1  # expect: LV101", ""])
    [case] = written(tmp_path, t__a=text)
    assert case.expected == {Mark("a.py", 3, "LV101")}


def test_a_comment_may_stand_before_and_after_a_mark(tmp_path):
    [case] = written(tmp_path, t__a="x = 1  # noqa: E701  # expect: LV101  # why not\n")
    assert case.expected == {Mark("a.py", 1, "LV101")}


@pytest.mark.parametrize(
    "comment",
    [
        "# expect LV101",
        "# expect: lv101",
        "# expect: LV101 LV102",
        "#expect: LV101",
        "# note: here",
    ],
)
def test_what_only_looks_like_a_mark_is_an_error(comment, tmp_path):
    [case] = written(tmp_path, t__a=f"x = 1  {comment}\n")
    with pytest.raises(ValueError, match=r"a\.py:1: not a mark"):
        _ = case.expected


def test_a_folder_without_python_is_an_error(tmp_path):
    (tmp_path / "project" / "empty").mkdir(parents=True)
    with pytest.raises(ValueError, match="has no Python file"):
        all_cases(tmp_path)


def test_marks_become_comments_that_silence():
    text = "x = 1  # expect: LV101, LV102\ny = 2  # note: LV103\n"
    assert silenced(text) == "x = 1  # lintvalue: ignore[LV101, LV102]\ny = 2  # note: LV103\n"


def test_some_topics_ask_for_more_than_the_default(tmp_path):
    costs, results, safe = written(tmp_path, costs__a="", results__a="", safe__a="")
    assert costs.settings.extend_select == ("LV401",)
    assert results.settings.extend_select == ("LV105",)
    assert safe.settings.extend_select == ()


def test_the_table_of_cases_not_yet_right_has_one_name_a_row(tmp_path):
    path = tmp_path / "table.txt"
    path.write_text("# why\n\nlocks/a\nsafe/b\n")
    assert not_yet(path) == ["locks/a", "safe/b"]
