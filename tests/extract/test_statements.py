"""What is kept of statements and expressions, and in which form."""

from __future__ import annotations

import pytest

from lintvalue.crew import on_deep_stack
from lintvalue.extract import extract
from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.source import Source
from lintvalue.model.statements import Imported


def facts(text):
    found = extract(Source("a.py", text))
    assert found.problem is None
    return found


def only(text):
    [one] = facts(text).body.statements
    return one


def value(text):
    return only(f"{text}\n").value


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a.b", [Imported("a.b", None, None)]),
        ("import a.b as c, d", [Imported("a.b", None, "c"), Imported("d", None, None)]),
        ("from a import b as c, d", [Imported("a", "b", "c"), Imported("a", "d", None)]),
        ("from . import b", [Imported("", "b", None, 1)]),
        ("from ...a.b import (c,)", [Imported("a.b", "c", None, 3)]),
        ("from a import *", [Imported("a", "*", None)]),
    ],
)
def test_imports_keep_modules_names_and_dots(text, names):
    assert only(f"{text}\n").names == tuple(names)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a = b = c", s.Assign),
        ("a: int = 1", s.Annotated),
        ("a: int", s.Annotated),
        ("a.value -= 1", s.Augment),
        ("a", s.Evaluate),
        ("raise A from b", s.Raise),
        ("assert a, b", s.Assert),
        ("del a, b", s.Delete),
        ("global a, b", s.Scope),
        ("type A = int", s.TypeAlias),
        ("class A(B, metaclass=C): pass", s.DefineClass),
        ("with a as b, c: pass", s.With),
        ("try: pass\nexcept* A: pass", s.Try),
    ],
)
def test_each_statement_has_a_form(text, kind):
    assert isinstance(only(f"{text}\n"), kind)


def test_pass_is_nothing():
    assert facts("pass; pass\n").body.statements == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a.b", e.Attribute),
        ("a[b]", e.Subscript),
        ("a(b)", e.Call),
        ("[a]", e.Sequence),
        ("{a: b}", e.Mapping),
        ("a if b else c", e.Choice),
        ("a or b", e.Choice),
        ("a + b", e.Combined),
        ("not a", e.Combined),
        ("lambda: a", e.Lambda),
        ("[a for a in b]", e.Comprehension),
        ("(a := b)", e.Walrus),
        ("f'{a}'", e.Combined),
        ("b''", e.Combined),
        ("1", e.Literal),
        ("None", e.Literal),
    ],
)
def test_each_expression_has_a_form(text, kind):
    assert isinstance(value(text), kind)


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("1_000", 1000),
        ("0x10", 16),
        ("'a' 'b'", "ab"),
        ("True", True),
        ("None", None),
        ("1.5", 1.5),
    ],
)
def test_a_literal_keeps_its_value(text, constant):
    found = value(text)
    assert (found.value, type(found.value)) == (constant, type(constant))


def test_the_key_of_a_cell_is_kept_as_text_without_blanks():
    assert value("cells[ i + 1 ]").text == value("cells[i+1]").text == "i+1"
    assert value("cells[1, 2]").text != value("cells[12]").text
    assert value("cells['a b']").text != value("cells['ab']").text


def test_arguments_keep_keywords_and_stars():
    call = value("f(a, *b, c=d, **e)")
    assert [(one.value.id, one.keyword, one.star) for one in call.arguments] == [
        ("a", None, 0),
        ("b", None, 1),
        ("d", "c", 0),
        ("e", None, 2),
    ]


@pytest.mark.parametrize(
    ("text", "operator"), [("a == b", "=="), ("a is not b", "is not"), ("a in b", "in")]
)
def test_a_comparison_keeps_its_operator(text, operator):
    assert value(text).operator == operator


def test_a_chain_of_one_operator_has_all_its_operands_at_one_level():
    """On a stack as deep as that on which a run extracts; the tree itself leans left.

    Python 3.12 has a limit of its own for recursion through C, which LibCST meets at about 1,000.
    """
    found = on_deep_stack(lambda: value(" + ".join(["a"] * 700)))
    assert [one.id for one in found.parts] == ["a"] * 700


def test_parameters_keep_their_kinds():
    function = only("def f(a, /, b, *c, d: int, e=1, **g): pass\n").function
    assert [(one.name, one.kind) for one in function.parameters] == [
        ("a", "positional-only"),
        ("b", "positional"),
        ("c", "star"),
        ("d", "keyword-only"),
        ("e", "keyword-only"),
        ("g", "double-star"),
    ]
    annotated, default = function.parameters[3:5]
    assert (annotated.annotation.id, default.default.value) == ("int", 1)


def test_names_are_dotted_inside_their_module():
    outer = only("class A:\n    def f(self):\n        def g(): pass\n        h = lambda: 1\n")
    [method] = outer.definition.body.statements
    inner, assigned = method.function.body.statements
    assert method.function.qualified == "A.f"
    assert inner.function.qualified == "A.f.<locals>.g"
    assert assigned.value.function.qualified == "A.f.<locals>.<lambda>"


@pytest.mark.parametrize(
    ("body", "generator"),
    [
        ("yield", True),
        ("x = yield a", True),
        ("return lambda: (yield)", False),
        ("return a", False),
    ],
)
def test_a_generator_has_a_yield_of_its_own(body, generator):
    assert only(f"def f():\n    {body}\n").function.generator is generator


def test_patterns_keep_what_they_compare_and_what_they_bind():
    match = only(
        "match a:\n    case {'k': v, **rest}: pass\n    case Color.RED | 3 as n: pass\n"
        "    case Point(x=px): pass\n    case [first, *more]: pass\n    case other: pass\n"
    )
    assert [case.captures for case in match.cases] == [
        ("rest", "v"),
        ("n",),
        ("px",),
        ("first", "more"),
        ("other",),
    ]
    assert [len(case.parts) for case in match.cases] == [1, 2, 1, 0, 0]
    assert [case.irrefutable for case in match.cases] == [False, False, False, False, True]


def test_the_layout_of_the_file_is_kept_for_the_fixes():
    found = facts("if a:\r\n\tb\r\n")
    assert (found.indent, found.newline) == ("\t", "\r\n")
