"""Which files can matter."""

# ruff: noqa: RUF001

from __future__ import annotations

import ast

import pytest

from lintvalue.model.modules import link
from lintvalue.sources.linker import Graph, Linker, has_library
from lintvalue.sources.survey import HANDLE, MENTION, START, USER, survey
from lintvalue.sources.ties import BUDGET, closure, imports_library, is_over, tied
from lintvalue.sources.words import folded

FILES = {
    "src/app/__init__.py": b"",
    "src/app/main.py": b"from .jobs import add\nimport multiprocessing\n",
    "src/app/jobs.py": b"from . import deeper\n",
    "src/app/deeper.py": b"",
    "cli.py": b"import os, app.main as m\n",
    "alone.py": b"import os\n",
    "tools/main.py": b"import alone\n",
}
LINKER = Linker(link(FILES))
GRAPH = Graph({path: LINKER.links(path, text) for path, text in FILES.items()})


def test_rows_end_as_python_ends_them():
    """A comment ends at a lone carriage return, too."""
    assert imports_library(folded(b"# what\rfrom multiprocessing import Value\r"))
    assert folded(b"a\r\nb\rc\n") == b"a\nb\nc\n"


def test_files_that_imports_tie_to_a_candidate_matter_in_both_directions():
    weights = {path: len(text) for path, text in FILES.items()}
    reached = closure(["src/app/main.py"], GRAPH.neighbours, weights.__getitem__)
    assert reached == {
        "src/app/__init__.py",
        "src/app/main.py",
        "src/app/jobs.py",
        "src/app/deeper.py",
        "cli.py",
    }


def test_beyond_the_budget_chains_go_on_through_files_of_the_library_alone():
    weights = dict.fromkeys(FILES, BUDGET + 1) | {"src/app/jobs.py": 0, "src/app/deeper.py": 0}
    reached = closure(["src/app/main.py"], GRAPH.neighbours, weights.__getitem__)
    assert reached == {"src/app/main.py", "src/app/jobs.py", "src/app/deeper.py"}


def test_where_the_budget_is_used_up_at_once_only_what_weighs_nothing_has_to_be_known():
    """Who imports a start, and what others import, is left out."""
    weights = dict.fromkeys(FILES, BUDGET) | {"src/app/main.py": 0, "src/app/jobs.py": 0}
    imports = {path: GRAPH.imported_by(path) for path in FILES}
    users = {path: imports[path] for path in ("src/app/main.py", "src/app/jobs.py")}
    assert not is_over(["src/app/main.py"], users, weights.__getitem__)
    weights["src/app/__init__.py"] = weights["src/app/deeper.py"] = BUDGET + 1
    assert is_over(["src/app/jobs.py"], users, weights.__getitem__)
    for seeds in (["src/app/jobs.py"], ["src/app/main.py", "src/app/jobs.py"]):
        few = closure(seeds, Graph(users).neighbours, weights.__getitem__)
        assert few == closure(seeds, GRAPH.neighbours, weights.__getitem__) == set(users)


def test_named_files_are_resolved_against_what_imports_tie_to_them_alone():
    among = frozenset(FILES)
    assert tied(["alone.py"], among, GRAPH.neighbours) == {"alone.py", "tools/main.py"}
    assert tied(["alone.py"], among - {"tools/main.py"}, GRAPH.neighbours) == {"alone.py"}


@pytest.mark.parametrize(
    "text",
    [
        b"import multiprocessing as mp\n",
        b"    from multiprocessing import (\n        Value,\n    )\n",
        b"from torch import multiprocessing\n",
        b"mp = importlib.import_module('multiprocessing')\n",
        b"with counter.get_lock():\n",
    ],
)
def test_a_text_that_imports_or_uses_the_library(text):
    assert imports_library(text)


@pytest.mark.parametrize("text", [b"WORDS = ['multiprocessing']\n", b"# import multiprocessing\n"])
def test_a_text_that_only_speaks_of_the_library(text):
    assert not imports_library(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"import multiprocessing as mp\nmp.Value('i')\n", START),
        (b"from multiprocessing import Lock as L\n", START),
        (b"import multiprocessing\ndef f(ctx):\n    return ctx.Array('i', 3)\n", START),
        (b"import multiprocessing, threading\nx = threading.Lock()\n", USER),
        (b"import multiprocessing\nmultiprocessing.Process(target=f)\n", USER),
        (b"import multiprocessing\nf(multiprocessing)\n", HANDLE),
        (b"from multiprocessing import get_context\nf(get_context('spawn'))\n", HANDLE),
        (b"import multiprocessing as mp\n", HANDLE),
        (b"# multiprocessing has Value\n", MENTION),
        (b"from multiprocessing import Value\ndef f(:\n", START),  # what ast cannot parse
    ],
)
def test_what_a_file_with_a_word_of_ours_is_good_for(text, kind):
    assert survey(["a.py"], lambda _path: text, (b"multiprocess",), ()).kinds == {"a.py": kind}


@pytest.mark.parametrize(
    "data",
    [
        "from ｍultiprocessing import Value\n".encode(),
        "# coding: utf-8\nimport 𝓶ultiprocessing\n".encode(),
        "# -*- coding: latin-1 -*-\nimport multiprocessing # é\n".encode("latin-1"),
    ],
)
def test_words_are_found_as_python_reads_them(data):
    assert b"multiprocessing" in folded(data)


@pytest.mark.parametrize("text", ["größer", "… ™ ½ 1\N{NO-BREAK SPACE}000", "数値 が", "\ufffd"])
def test_a_text_that_needs_no_folding_stays_the_same_object(text):
    """What no identifier can have need not be folded, either."""
    data = f"x = {text!r}\n".encode()
    assert folded(data) is data


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ﬁle", "file"),
        ("µ", "μ"),
        ("xª", "xa"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "café"),
        ("\N{HANGUL CHOSEONG KIYEOK}\N{HANGUL JUNGSEONG A}", "가"),
    ],
)
def test_names_are_folded_as_python_does(text, name):
    (row,) = ast.parse(text).body
    assert row.value.id == name
    assert folded(text.encode()) == name.encode()


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        (b"import multiprocessing as mp\n", False, True),
        (b"from multiprocessing import Value\n", False, True),
        (b"from multiprocessing.sharedctypes import Value\n", False, True),
        (b"from torch import multiprocessing\n", True, True),
        (b"from torch.multiprocessing import Value\n", True, True),
        (b"from . import multiprocessing\n", False, False),
        (b"mp = import_module('multiprocessing')\n", True, True),
        (b"hits.get_lock()\n", True, True),
        (b"import os\n", False, False),
    ],
)
def test_a_module_of_the_projects_is_not_the_library(text, own, other):
    """`own`: within a project that has a package of that name."""
    modules = link(["multiprocessing/__init__.py", "a.py"])
    assert has_library(modules, "a.py", text) is own
    assert has_library(link(["a.py"]), "a.py", text) is other
