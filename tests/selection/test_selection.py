"""Which findings stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lintvalue.model.facts import FileFacts, Suppression
from lintvalue.model.finding import Finding, Severity
from lintvalue.model.rule import Rule
from lintvalue.model.settings import Settings
from lintvalue.model.source import Source
from lintvalue.model.span import Location, Span
from lintvalue.model.statements import Block
from lintvalue.selection import chosen, fingerprints, split_rows, standing, unused


def rule(code: str, *, default: bool = True) -> Rule:
    return Rule(code, "name", "page", lambda _project: (), default=default)


RULES = (
    rule("LV101"),
    rule("LV102"),
    rule("LV105", default=False),
    rule("LV201"),
)


def finding(code: str = "LV101", path: str = "a.py", line: int = 3, end: int = 5) -> Finding:
    at = Location(path, Span(line, 4, end, 9))
    return Finding(code, "name", Severity.ERROR, at, "message", "v", "f", (), None, None)


def stands(one: Finding, *comments: Suppression, settings: Settings | None = None) -> bool:
    facts = {"a.py": FileFacts("a.py", Block(()), comments)}
    return standing([one], facts, RULES, settings or Settings()) == (one,)


def comment(row: int, *codes: str, own: bool = True, whole_file: bool = False) -> Suppression:
    return Suppression(row, 0, 5, codes, own, whole_file)


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        (Settings(), {"LV101", "LV102", "LV201"}),
        (Settings(select=("LV1",)), {"LV101", "LV102", "LV105"}),
        (Settings(select=("ALL",), ignore=("LV1",)), {"LV201"}),
        (Settings(select=("ALL",), ignore=("LV101",)), {"LV102", "LV105", "LV201"}),
        (Settings(select=("LV101",), ignore=("LV1",)), {"LV101"}),
        (Settings(select=("LV101",), ignore=("LV101",)), set()),
        (Settings(extend_select=("LV105",)), {"LV101", "LV102", "LV105", "LV201"}),
        (Settings(ignore=("LV",)), set()),
        (Settings(select=()), set()),
    ],
)
def test_the_longer_selector_wins(settings, codes):
    assert chosen(RULES, settings) == codes


def test_a_comment_counts_on_the_first_and_the_last_row_of_the_statement():
    assert not stands(finding(), comment(3))
    assert not stands(finding(), comment(5, "LV101"))
    assert stands(finding(), comment(4))
    assert stands(finding(), comment(2))


def test_a_comment_with_codes_silences_these_alone():
    assert not stands(finding(), comment(3, "LV201", "LV101"))
    assert stands(finding(), comment(3, "LV102"))
    assert stands(finding(), comment(3, "F401", own=False))


def test_noqa_counts_as_ours_does():
    assert not stands(finding(), comment(3, own=False))
    assert not stands(finding(), comment(3, "E501", "LV101", own=False))


def test_a_file_can_be_silenced_as_a_whole():
    assert not stands(finding(), comment(90, whole_file=True))


@pytest.mark.parametrize("pattern", ["a.py", "*.py", "*"])
def test_rules_can_be_ignored_for_files(pattern):
    settings = Settings(per_file_ignores=((pattern, ("LV1",)),))
    assert not stands(finding(), settings=settings)
    assert stands(finding("LV201"), settings=settings)


# Comments of no use

ALL_RULES = (rule("LV001", default=False), *RULES)


def of_no_use(*comments: Suppression, findings: tuple[Finding, ...] = (), codes=("LV001",)):
    """The rows of the comments that are reported."""
    facts = {"a.py": FileFacts("a.py", Block(()), comments)}
    settings = Settings(extend_select=codes)
    found = standing(findings, facts, ALL_RULES, settings)
    return [one.at.span.line for one in found if one.code == "LV001"]


def test_a_comment_that_silences_nothing_is_reported_if_that_is_asked_for():
    assert of_no_use(comment(3)) == [3]
    assert of_no_use(comment(3, "LV101")) == [3]
    assert of_no_use(comment(3), codes=()) == []


def test_a_comment_that_silences_something_is_not():
    assert of_no_use(comment(3), findings=(finding(),)) == []
    assert of_no_use(comment(5, "LV101", "LV203"), findings=(finding(),)) == []
    assert of_no_use(comment(3, "LV102"), findings=(finding(),)) == [3]
    assert of_no_use(comment(4), findings=(finding(),)) == [4]


def test_a_comment_for_a_rule_that_is_off_is_of_use_where_it_would_find_something():
    assert of_no_use(comment(3, "LV105"), findings=(finding("LV105"),)) == []


def test_comments_of_other_tools_are_never_reported():
    assert of_no_use(comment(3, own=False), comment(4, "LV101", own=False)) == []


def test_a_file_is_silenced_in_vain_if_nothing_is_found_in_it():
    assert of_no_use(comment(1, whole_file=True)) == [1]
    assert of_no_use(comment(1, whole_file=True), comment(9), findings=(finding(),)) == []


def test_only_its_own_code_silences_it():
    assert of_no_use(comment(3), comment(3, own=False)) == [3]
    assert of_no_use(comment(3, "LV101", "LV001")) == []
    assert of_no_use(comment(3), comment(3, "LV001", own=False)) == []


def test_it_stands_at_the_comment_and_says_it():
    facts = {"a.py": FileFacts("a.py", Block(()), (comment(3, "LV101", "LV203"),))}
    [found] = unused((), facts, ALL_RULES)
    assert found.at == Location("a.py", Span(3, 0, 3, 5))
    assert found.message.startswith("`# lintvalue: ignore[LV101, LV203]` silences nothing")


def test_a_fingerprint_survives_shifted_rows_and_other_blanks():
    text = "def f():\n    v.value += 1\n"
    moved = "import os\n\n\ndef f():\n        v.value  +=  1\n"
    before = fingerprints([finding(line=2, end=2)], {"a.py": Source("a.py", text)})
    after = fingerprints([finding(line=5, end=5)], {"a.py": Source("a.py", moved)})
    assert before == after


def test_equal_statements_have_fingerprints_of_their_own():
    source = Source("a.py", "v.value += 1\nv.value += 1\nv.value += 2\n")
    places = [finding(line=row, end=row) for row in (1, 2, 3)]
    names = fingerprints([*places, replace(places[0], code="LV102")], {"a.py": source})
    assert len(set(names)) == 4


def test_rows_are_those_that_python_counts():
    assert split_rows("a\r\nb\rc\nd\x0be\x85f\u2028g") == ["a", "b", "c", "d\x0be\x85f\u2028g"]
