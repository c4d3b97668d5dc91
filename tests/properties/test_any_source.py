"""Any text at all: there is an answer, and it speaks of places in that text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import hypothesmith
import pytest
from cases import all_cases, findings_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintvalue.extract import extract
from lintvalue.model.source import Source
from lintvalue.model.span import Span

_some = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TEXTS = [source.text for case in all_cases() for source in case.sources]


def spans(value):
    """All spans in a value."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from spans(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from spans(getattr(value, field.name))


def judge(text):
    """Judge a text; all places are inside it."""
    source = Source("app.py", text)
    facts = extract(source)
    findings = findings_in([source]) if facts.problem is None else []
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for span in {*spans(facts), *spans(findings)}:
        assert 1 <= span.line <= span.end_line <= len(rows), (span, text)
        assert 0 <= span.column <= len(rows[span.line - 1]), (span, text)
        assert 0 <= span.end_column <= len(rows[span.end_line - 1]), (span, text)
    return facts


@pytest.mark.filterwarnings("ignore")
@_some
@given(st.one_of(hypothesmith.from_grammar(), hypothesmith.from_node()))
def test_any_python_has_an_answer(text):
    judge(text)


@st.composite
def mangled(draw):
    """A case with some of its words or rows left out, doubled, or put in each other's place."""
    text = draw(st.sampled_from(TEXTS))
    separator = draw(st.sampled_from(("\n", "\n", " ", ".", ", ", "(")))
    parts = text.split(separator)
    places = st.integers(0, len(parts) - 1)
    for _ in range(draw(st.integers(1, 4))):
        one, other = draw(places), draw(places)
        match draw(st.integers(0, 3)):
            case 0:
                parts[one] = parts[other]
            case 1:
                parts[one], parts[other] = parts[other], parts[one]
            case 2:
                parts[one] = ""
            case _:
                parts[one] += separator + parts[one]
    return separator.join(parts)


@_some
@given(mangled())
def test_any_text_has_an_answer(text):
    judge(text)


@pytest.mark.slow
def test_thousands_of_texts_have_an_answer():
    parsed = []

    @settings(_some, max_examples=3000)
    @given(mangled())
    def run(text):
        parsed.append(judge(text).problem is None)

    run()
    assert sum(parsed) > 1000, "too few of them are Python"
