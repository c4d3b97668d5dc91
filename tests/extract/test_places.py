"""Where statements and expressions stand: rows from 1, columns from 0 in code points."""

from __future__ import annotations

import pytest

from lintvalue.extract import extract
from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.source import Source
from lintvalue.model.span import Span


def statements(text):
    facts = extract(Source("a.py", text))
    assert facts.problem is None
    return facts.body.statements


def test_a_statement_spans_its_own_tokens():
    first, second = statements("x = 1  # one\ny.value += 2 ; z\n")[:2]
    assert first.span == Span(1, 0, 1, 5)
    assert second.span == Span(2, 0, 2, 12)


def test_the_target_and_the_object_in_it_have_places_of_their_own():
    [augment] = statements("self.hits.value += 1\n")
    assert augment.target.span == Span(1, 0, 1, 15)
    assert augment.target.value.span == Span(1, 0, 1, 9)
    assert (augment.operator, augment.value.span) == ("+=", Span(1, 19, 1, 20))


def test_a_tab_is_one_column():
    [condition] = statements("if x:\n\tv.value += 1\n")
    assert condition.body.statements[0].span == Span(2, 1, 2, 13)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_newline_ends_a_row(newline):
    [condition] = statements(newline.join(["if x:", "    y = 1", "    v.value += 1", ""]))
    assert [one.span for one in condition.body.statements] == [Span(2, 4, 2, 9), Span(3, 4, 3, 16)]


def test_mixed_newlines_end_rows_each_on_its_own():
    assert [one.span.line for one in statements("a\r\nb\nc\r\n")] == [1, 2, 3]


@pytest.mark.parametrize("blank", ["\f\n", "\f    # comment\n", "\f"])
def test_a_form_feed_ends_no_row(blank):
    *_, last = statements(f"a = 1\n{blank}b = 2\n")
    assert last.span.line == 2 + blank.count("\n")


@pytest.mark.parametrize("odd", ["\x0b", "\x1c", "\x85", "\u2028"])
def test_what_ends_rows_elsewhere_ends_none_in_a_string(odd):
    _, second = statements(f"a = '{odd}'\nb = 2\n")
    assert second.span == Span(2, 0, 2, 5)


def test_columns_count_characters_not_bytes():
    [first, second] = statements('x = "é𝒳"; zähler.value += 1\n')
    assert first.span == Span(1, 0, 1, 8)
    assert second.span == Span(1, 10, 1, 27)
    assert second.target.value.id == "zähler"


def test_a_continued_statement_ends_on_a_later_row():
    [assign] = statements("mean.value = (\n    mean.value\n    + 1\n)\n")
    assert assign.span == Span(1, 0, 4, 1)
    assert assign.value.span == Span(2, 4, 3, 7)


def test_parentheses_and_blanks_around_an_expression_are_not_part_of_it():
    [assign] = statements("x = ( (  y.value ) )\n")
    assert assign.value.span == Span(1, 9, 1, 16)


HEADERS = [
    ("if a[b:c] : pass\n", Span(1, 0, 1, 11)),
    ("while (a or\n    b):\n    pass\n", Span(1, 0, 2, 7)),
    ("for a in {1: 2}:  # a: b\n    pass\n", Span(1, 0, 1, 16)),
    ("async def f():\n    pass\n", Span(1, 0, 1, 14)),
    ("def f(a: int = 1, *b: str, c: int, **d: {1: 2}) -> x[1:2]:\n    pass\n", Span(1, 0, 1, 58)),
    ("def f(  # not: here\n    a,\n):\n    pass\n", Span(1, 0, 3, 2)),
    ("def f(a, /):\n    pass\n", Span(1, 0, 1, 12)),
    ("class A(B[1:2], metaclass=C):\n    pass\n", Span(1, 0, 1, 29)),
    ("class A():\n    pass\n", Span(1, 0, 1, 10)),
    ("class A:\n    pass\n", Span(1, 0, 1, 8)),
    ("with a, b as c:\n    pass\n", Span(1, 0, 1, 15)),
    (
        "with (a.get_lock() as x,\n      b.get_lock(),  # b: also\n      ):\n    pass\n",
        Span(1, 0, 3, 8),
    ),
    ("with (yield): pass\n", Span(1, 0, 1, 13)),
    ("try :\n    pass\nfinally:\n    pass\n", Span(1, 0, 1, 5)),
    ("match a, {1: 2} :\n    case _:\n        pass\n", Span(1, 0, 1, 17)),
]


@pytest.mark.parametrize(("text", "span"), HEADERS)
def test_a_header_ends_with_its_colon(text, span):
    [one] = statements(text)
    assert one.span == span


def test_a_decorator_is_not_part_of_a_header():
    [define, define_class] = statements("@d\ndef f():\n    pass\n\n@d\nclass A:\n    pass\n")
    assert define.span == Span(2, 0, 2, 8)
    assert define_class.span == Span(6, 0, 6, 8)
    assert [one.id for one in define.function.decorators] == ["d"]


def test_handlers_and_cases_have_headers_too():
    [attempt, match] = statements(
        "try:\n    pass\nexcept (A, B) as error :\n    pass\nexcept:\n    pass\n"
        "match a:\n    case {'k': v} if v[1:]:\n        pass\n    case _ : pass\n"
    )
    assert [one.span for one in attempt.handlers] == [Span(3, 0, 3, 24), Span(5, 0, 5, 7)]
    assert [one.span for one in match.cases] == [Span(8, 4, 8, 27), Span(10, 4, 10, 12)]


def test_an_async_with_and_an_async_for_begin_with_async():
    [define] = statements(
        "async def f():\n    async with a:\n        pass\n    async for b in c:\n        pass\n"
    )
    inside = define.function.body.statements
    assert [one.span for one in inside] == [Span(2, 4, 2, 17), Span(4, 4, 4, 21)]
    assert all(one.asynchronous for one in inside)


def test_an_elif_is_an_if_in_the_else_branch_with_a_place_of_its_own():
    [condition] = statements("if a:\n    pass\nelif b:\n    pass\nelse:\n    c\n")
    assert condition.orelse is not None
    [second] = condition.orelse.statements
    assert isinstance(second, s.If)
    assert second.span == Span(3, 0, 3, 7)


def test_a_suite_on_its_header_s_row_is_inline():
    [condition, other] = statements("if a: b; c.value += 1\nif a:\n    b\n")
    assert condition.body.inline
    assert [one.span for one in condition.body.statements] == [Span(1, 6, 1, 7), Span(1, 9, 1, 21)]
    assert not other.body.inline


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ('f"{v.value}"', (3, 10)),
        ('f"{v.value!r:>{w}} {x}"', (3, 10)),
        ('f"é {v.value = }"', (5, 12)),
        ("f'''\\\n{v.value}'''", (1, 8)),
        ('rf"{v.value}"', (4, 11)),
        ('"a" f"{v.value}"', (7, 14)),
        ('f"{ {v.value: 1} }"', (5, 12)),
    ],
)
def test_an_expression_in_an_f_string_stands_where_it_is_written(text, columns):
    [evaluate] = statements(f"{text}\n")
    [read] = [node for node in _walk(evaluate.value) if isinstance(node, e.Attribute)]
    assert (read.span.column, read.span.end_column) == columns


def test_an_f_string_may_hold_strings_with_its_own_quotes():
    """As from Python 3.12 on, whichever Python runs the check."""
    [evaluate] = statements('f"{f"{v.value}"}"\n')
    [read] = [node for node in _walk(evaluate.value) if isinstance(node, e.Attribute)]
    assert read.span == Span(1, 6, 1, 13)


def _walk(node):
    yield node
    match node:
        case e.Combined():
            children = node.parts
        case e.Mapping():
            children = tuple(part for item in node.items for part in item if part)
        case _:
            children = ()
    for child in children:
        yield from _walk(child)
