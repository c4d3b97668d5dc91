"""Each pair of fixtures/fixes, fixed as a whole: the exact text, and what has to hold for it."""

from __future__ import annotations

import codecs
import io
import json
import re
import subprocess
import tokenize

import pytest
from fixes import got, pairs, put

from lintvalue.model.settings import Repairs
from lintvalue.report import render
from lintvalue.run.analysis import analyse
from lintvalue.run.check import check
from lintvalue.run.diff import diff
from lintvalue.run.fix import fix

PAIRS = [*pairs("hold_lock"), *pairs("use_counter")]
REFUSED = pairs("refused")
every_pair = pytest.mark.parametrize("pair", PAIRS, ids=str)


def _crlf(text):
    return text.replace("\n", "\r\n").encode()


def _cr(text):
    return text.replace("\n", "\r").encode()


def _bom(text):
    return codecs.BOM_UTF8 + text.encode()


def _no_last_newline(text):
    return text.removesuffix("\n").encode()


def _tabs(text):
    return re.sub(r"(?m)^(?: {4})+", lambda found: "\t" * (len(found[0]) // 4), text).encode()


def _two_spaces(text):
    return re.sub(r"(?m)^(?: {4})+", lambda found: found[0][::2], text).encode()


VARIANTS = [str.encode, _crlf, _cr, _bom, _no_last_newline, _tabs, _two_spaces]


@every_pair
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.__name__)
def test_the_result_is_the_text_written_out_in_any_layout(pair, variant, tmp_path):
    put(tmp_path, {name: variant(text) for name, text in pair.before.items()})
    outcome = fix([str(tmp_path)], pair.options)
    assert got(tmp_path) == {name: variant(text) for name, text in pair.after.items()}
    assert not outcome.report.findings


@every_pair
def test_there_is_something_to_fix_and_nothing_left_afterwards(pair, tmp_path):
    put(tmp_path, {name: text.encode() for name, text in pair.before.items()})
    assert analyse([str(tmp_path)], pair.options)[0].findings
    put(tmp_path, {name: text.encode() for name, text in pair.after.items()})
    assert not analyse([str(tmp_path)], pair.options)[0].findings


@every_pair
def test_a_second_fix_changes_nothing(pair, tmp_path):
    put(tmp_path, {name: text.encode() for name, text in pair.after.items()})
    outcome = fix([str(tmp_path)], pair.options)
    assert got(tmp_path) == {name: text.encode() for name, text in pair.after.items()}
    assert (outcome.found, outcome.changes) == (0, False)


@every_pair
def test_what_comes_out_compiles_and_keeps_every_comment(pair):
    for name, text in pair.after.items():
        compile(text, name, "exec")
        assert _comments(text) == _comments(pair.before[name])


def _comments(text):
    found = tokenize.generate_tokens(io.StringIO(text).readline)
    return [item.string for item in found if item.type == tokenize.COMMENT]


@every_pair
@pytest.mark.parametrize("variant", [_crlf, _bom, _no_last_newline], ids=lambda one: one.__name__)
def test_git_takes_the_diff(pair, variant, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = {name: variant(text) for name, text in pair.before.items()}
    put(tmp_path, before)
    outcome = fix(["."], pair.options, dry=True)
    assert got(tmp_path) == before
    command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=diff(outcome), check=True)
    assert got(tmp_path) == {name: variant(text) for name, text in pair.after.items()}


@pytest.mark.parametrize("pair", REFUSED, ids=str)
def test_what_no_recipe_repairs_stays_byte_for_byte_and_is_told_why(pair, tmp_path):
    put(tmp_path, {name: text.encode() for name, text in pair.before.items()})
    outcome = fix([str(tmp_path)], pair.options)
    assert got(tmp_path) == {name: text.encode() for name, text in pair.before.items()}
    rows = pair.before["app.py"].split("\n")
    wanted = [
        (number, row.partition("# refused: ")[2])
        for number, row in enumerate(rows, start=1)
        if "# refused: " in row
    ]
    assert [declined.at.span.line for declined in outcome.declined] == [row for row, _ in wanted]
    for declined, (_, phrase) in zip(outcome.declined, wanted, strict=True):
        assert phrase in declined.reason
    assert len(outcome.report.findings) == outcome.found == len(wanted)


@every_pair
def test_the_edits_that_check_tells_in_json_are_those_of_a_fix(pair, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, {name: text.encode() for name, text in pair.before.items()})
    found = json.loads(render(check(["."], pair.options, repairs=Repairs.EXACT), "json"))
    fixes = [entry["fix"]["edits"] for entry in found if entry["fix"]]
    for name, text in pair.before.items():
        own = [[edit for edit in edits if edit["filename"] == name] for edits in fixes]
        (tmp_path / name).write_bytes(_edited(text, own).encode())
    fix(["."], pair.options)  # what takes a second round
    assert got(tmp_path) == {name: text.encode() for name, text in pair.after.items()}


def _edited(text, fixes):
    """As an editor does it that fixes all: a fix that meets another one is left for later."""
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def offset(at):
        return starts[at["row"] - 1] + at["column"] - 1

    taken = set()
    for edits in fixes:
        own = {(offset(e["location"]), offset(e["end_location"]), e["content"]) for e in edits}
        if not any(
            one[0] <= other[1] and other[0] <= one[1] for one in own for other in taken - own
        ):
            taken |= own
    for start, end, content in sorted(taken, reverse=True):
        text = text[:start] + content + text[end:]
    return text
