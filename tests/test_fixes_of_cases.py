"""Every labelled case, fixed in each style: what comes out is sound, and the rest is told with a reason."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter

import pytest
from cases import all_cases, facts_of

from lintvalue.model.edit import Style
from lintvalue.model.settings import Options
from lintvalue.run import analysis
from lintvalue.run.fix import fix

STYLES = {"default": None, "lock": Style.LOCK, "counter": Style.COUNTER}
TRIED = [case for case in all_cases() if case.expected]


@pytest.fixture(autouse=True)
def extracted_here(monkeypatch):
    """Facts are read in this process and kept, which takes a fraction of the time."""
    monkeypatch.setattr(
        analysis, "gather", lambda sources, *_: [facts_of(source) for source in sources]
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", TRIED, ids=str)
def test_what_comes_out_is_sound(case, style, tmp_path):
    for source in case.sources:
        path = tmp_path / source.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(source))
    options = Options(
        (("fix_style", STYLES[style]), ("extend_select", case.settings.extend_select)),
        isolated=True,
    )
    outcome = fix([str(tmp_path)], options)
    after = _texts(tmp_path)

    assert not outcome.report.problems
    _all_that_is_left_has_a_reason(outcome)
    _texts_are_sound({source.path: _bytes(source) for source in case.sources}, after)

    again = fix([str(tmp_path)], options)
    assert _texts(tmp_path) == after
    assert not again.changes
    assert _marks(again) == _marks(outcome)
    assert Counter(code for code, _ in _marks(outcome)) <= Counter(m.code for m in case.expected)


def _bytes(source):
    return (b"\xef\xbb\xbf" if source.bom else b"") + source.text.encode(source.encoding)


def _texts(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.py")}


def _marks(outcome):
    found = [judged.finding for judged in outcome.report.findings]
    return sorted((one.code, one.at) for one in found)


def _all_that_is_left_has_a_reason(outcome):
    left = {judged.finding.at for judged in outcome.report.findings}
    assert {one.at for one in outcome.declined} == left
    assert all(one.reason for one in outcome.declined)
    assert outcome.fixed == outcome.found - len(outcome.report.findings)


def _texts_are_sound(before, after):
    assert before.keys() == after.keys()
    for path, data in before.items():
        tree = _tree(data)
        if tree is None:  # newer than the Python that runs this
            continue
        assert _tree(after[path]) is not None, path
        assert _comments(after[path]) == _comments(data)
        assert _prose(_tree(after[path])) == _prose(tree)


def _tree(data):
    try:
        return ast.parse(data)
    except SyntaxError:
        return None


def _comments(data):
    tokens = tokenize.tokenize(io.BytesIO(data).readline)
    return [item.string for item in tokens if item.type == tokenize.COMMENT]


def _prose(tree):
    """All strings but typecodes, which a Counter has none of."""
    parts = (part.value for part in ast.walk(tree) if isinstance(part, ast.Constant))
    return Counter(part for part in parts if isinstance(part, str) and len(part) > 1)
