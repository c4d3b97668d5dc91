"""Each labelled case, in every way in which its findings have to be the same."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cases import (
    ASKED_FOR,
    NOT_YET,
    Mark,
    all_cases,
    facts_of,
    found_in,
    not_yet,
    project_of,
    silenced,
)

from lintvalue.model.codec import dumps, loads
from lintvalue.model.facts import FileFacts

CASES = all_cases()
WRONG = not_yet()
RIGHT = [case for case in CASES if case.name not in WRONG]
LIBRARY = re.compile(r"(?<![\w.])multiprocessing\b")
SUBMODULES = ("shared_memory", "sharedctypes", "managers", "synchronize", "pool", "context")

every_case = pytest.mark.parametrize("case", CASES, ids=str)


def changed(change):
    """The cases that `change` changes."""
    variants = [(case, case.with_texts(change)) for case in CASES]
    return [(case, variant) for case, variant in variants if case != variant]


def in_each(variants):
    ids = [str(case) for case, _ in variants]
    return pytest.mark.parametrize(("case", "variant"), variants, ids=ids)


# As they are


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, marks=[pytest.mark.xfail(strict=True)] if case.name in WRONG else [], id=str(case)
        )
        for case in CASES
    ],
)
def test_what_is_found_is_what_the_case_says(case):
    assert found_in(case) == case.expected


def test_the_table_of_cases_not_yet_right_names_cases_once_and_in_order():
    names = [case.name for case in CASES]
    assert [name for name in names if name in WRONG] == WRONG, NOT_YET


def test_there_are_cases_of_every_topic():
    topics = {case.topic for case in CASES}
    assert topics >= {"atomicity", "costs", "inherit", "locks", "making", "project", "safe"}
    assert topics >= {"sharing", "suppress", "syntax"}


# Comments that silence


@pytest.mark.parametrize("case", RIGHT, ids=str)
def test_nothing_is_found_where_comments_silence_it(case):
    assert found_in(case.with_texts(silenced)) == set()


# Other names of the library, other ways to import it


def _renamed(package, absent):
    """The library's word replaced, in texts that use nothing which the package does not have."""

    def change(text):
        used = any(re.search(rf"(?:\.|import .*){name}\b", text) for name in absent)
        return text if used else LIBRARY.sub(package, text)

    return change


@in_each(changed(_renamed("torch.multiprocessing", SUBMODULES)))
def test_torch_is_the_same_library(case, variant):
    assert found_in(variant) == found_in(case)


@in_each(changed(_renamed("billiard", ("shared_memory",))))
def test_billiard_is_the_same_library(case, variant):
    assert found_in(variant) == found_in(case)


@in_each(changed(_renamed("multiprocess", ())))
def test_multiprocess_is_the_same_library(case, variant):
    assert found_in(variant) == found_in(case)


def _as_module(text):
    """`from multiprocessing import Value` as `import multiprocessing as shared_mp`."""
    return _restyled(text, _module_style)


def _as_names(text):
    """`import multiprocessing as mp` as `from multiprocessing import Value as Value_`."""
    return _restyled(text, _names_style)


def _restyled(text, style):
    """The text with its one import of the library written in another way, where that is safe."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    rows = re.split(r"(?<=\n)", text)
    edits = _imports(tree, rows, style)
    if edits is None or any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree)):
        return text  # the places of names in f-strings are not told before 3.12
    for node, new in sorted(edits, key=lambda edit: _start(edit[0]), reverse=True):
        row = rows[node.lineno - 1].encode()
        row = row[: node.col_offset] + new.encode() + row[node.end_col_offset :]
        rows[node.lineno - 1] = row.decode()
    return "".join(rows)


def _start(node):
    return node.lineno, node.col_offset


def _imports(tree, rows, style):
    found = [node for node in ast.walk(tree) if _is_of_library(node)]
    if len(found) != 1 or found[0] not in tree.body or "\r" in "".join(rows):
        return None
    [node] = found
    alone = rows[node.lineno - 1].strip() == ast.unparse(node)
    return style(tree, node) if alone else None


def _is_of_library(node):
    match node:
        case ast.Import():
            return any(alias.name.startswith("multiprocessing") for alias in node.names)
        case ast.ImportFrom():
            return (node.module or "").startswith("multiprocessing")
    return False


def _module_style(tree, node):
    if not isinstance(node, ast.ImportFrom) or node.module != "multiprocessing":
        return None
    names = {alias.asname or alias.name: alias.name for alias in node.names}
    uses = _uses(tree, set(names))
    if uses is None or set(names.values()) & {"*", *SUBMODULES}:
        return None
    edits = [(use, f"shared_mp.{names[use.id]}") for use in uses]
    return [(node, "import multiprocessing as shared_mp"), *edits]


def _names_style(tree, node):
    if not isinstance(node, ast.Import) or node.names[0].name != "multiprocessing":
        return None
    [alias, *more] = node.names
    bound = alias.asname or alias.name
    attributes = [
        part
        for part in ast.walk(tree)
        if isinstance(part, ast.Attribute)
        and isinstance(part.value, ast.Name)
        and part.value.id == bound
    ]
    uses = _uses(tree, {bound})
    members = sorted({part.attr for part in attributes})
    if more or not members or uses is None or len(uses) != len(attributes):
        return None
    if set(members) & set(SUBMODULES) or any(part.lineno != part.end_lineno for part in attributes):
        return None
    listed = ", ".join(f"{name} as {name}_" for name in members)
    return [
        (node, f"from multiprocessing import {listed}"),
        *((part, f"{part.attr}_") for part in attributes),
    ]


def _uses(tree, names):
    """Where the names are loaded; None where one is also bound, or stands in a text."""
    parts = list(ast.walk(tree))
    bound = {part.id for part in parts if isinstance(part, ast.Name) and _is_bound(part)}
    bound |= {part.arg for part in parts if isinstance(part, ast.arg)}
    bound |= {part.name for part in parts if isinstance(part, (ast.FunctionDef, ast.ClassDef))}
    texts = [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
    quoted = {name for name in names if any(text.startswith(name) for text in texts)}
    if (bound | quoted) & names:
        return None
    return [part for part in parts if isinstance(part, ast.Name) and part.id in names]


def _is_bound(part):
    return not isinstance(part.ctx, ast.Load)


@in_each(changed(_as_module))
def test_names_may_be_reached_through_the_module(case, variant):
    assert found_in(variant) == found_in(case)


@in_each(changed(_as_names))
def test_names_may_be_imported_one_by_one_under_other_names(case, variant):
    assert found_in(variant) == found_in(case)


def test_other_ways_to_import_are_tried_on_many_cases():
    assert len(changed(_as_module)) > 40
    assert len(changed(_as_names)) > 20


# The same facts by other ways


@pytest.mark.parametrize("case", [c for c in CASES if len(c.sources) > 1], ids=str)
def test_the_order_of_the_files_makes_no_difference(case):
    assert project_of(case.sources[::-1]) == project_of(case.sources)


@every_case
def test_facts_are_the_same_after_a_journey_as_text(case):
    for source in case.sources:
        facts = facts_of(source)
        assert facts.problem is None
        assert loads(dumps(facts), FileFacts) == facts


def _compiles(text):
    try:
        compile(text, "case.py", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


# Type parameters, and f-strings that reuse their quotes, came with the same Python.
KNOWS_3_12 = _compiles("def same[T](x: T) -> T: ...")


@every_case
def test_it_is_python(case):
    """What needs 3.12 says so in its name, and is no Python for those before it."""
    needed = case.name.endswith("_py312")
    for source in case.sources:
        assert _compiles(source.text) is (KNOWS_3_12 or not needed)


# Through the command line


def _sample():
    """Two cases of each topic, and all projects."""
    topics = {case.topic: [c for c in RIGHT if c.topic == case.topic] for case in RIGHT}
    for topic in ASKED_FOR:
        del topics[topic]
    return [
        c for topic, cases in topics.items() for c in cases[: None if topic == "project" else 2]
    ]


def _mark_of(entry):
    return Mark(entry["filename"], entry["location"]["row"], entry["code"])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_finds_the_same_with_any_number_of_workers(jobs):
    sample = _sample()
    command = ["check", "--isolated", "--jobs", jobs, "--output-format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "lintvalue", *command, *(case.place for case in sample)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    found = {_mark_of(entry) for entry in json.loads(done.stdout)}
    root = Path("fixtures/cases")
    assert found == {
        Mark((root / _folder(case) / mark.path).as_posix(), mark.row, mark.code)
        for case in sample
        for mark in case.expected
    }
    assert done.returncode == 1


def _folder(case):
    return case.name if case.topic == "project" else case.topic
