"""Which files can matter."""

from __future__ import annotations

import pytest

from lintvalue.sources.triage import (
    BUDGET,
    closure,
    imported,
    imports_library,
    neighbourhood,
    tied,
)

FILES = {
    "src/app/__init__.py": b"",
    "src/app/main.py": b"from .jobs import add\nimport multiprocessing\n",
    "src/app/jobs.py": b"from . import deeper\n",
    "src/app/deeper.py": b"",
    "cli.py": b"import os, app.main as m\n",
    "alone.py": b"import os\n",
    "tools/main.py": b"import alone\n",
}
NEIGHBOURS = neighbourhood(list(FILES), FILES.__getitem__)


def test_files_that_imports_tie_to_a_candidate_matter_in_both_directions():
    weights = {path: len(text) for path, text in FILES.items()}
    reached = closure(["src/app/main.py"], NEIGHBOURS, weights)
    assert reached == {
        "src/app/__init__.py",
        "src/app/main.py",
        "src/app/jobs.py",
        "src/app/deeper.py",
        "cli.py",
    }


def test_beyond_the_budget_chains_go_on_through_files_of_the_library_alone():
    weights = dict.fromkeys(FILES, BUDGET + 1) | {"src/app/jobs.py": 0, "src/app/deeper.py": 0}
    reached = closure(["src/app/main.py"], NEIGHBOURS, weights)
    assert reached == {"src/app/main.py", "src/app/jobs.py", "src/app/deeper.py"}


def test_named_files_are_resolved_against_what_imports_tie_to_them_alone():
    among = frozenset(FILES)
    assert tied(["alone.py"], among, NEIGHBOURS) == {"alone.py", "tools/main.py"}
    assert tied(["alone.py"], among - {"tools/main.py"}, NEIGHBOURS) == {"alone.py"}


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
    ("text", "names"),
    [
        (b"import a.b as c, d\n", {"a.b", "d"}),
        (b"from a import b, c as d\n", {"a", "a.b", "a.c", "a.as", "a.d"}),
        (b"from . import b\n", {".", ".b"}),
        (b"from ..x import (\n    b,\n    c,\n)\n", {"..x", "..x.b", "..x.c"}),
        (b"from a import \\\n    b\n", {"a", "a.b"}),
        (b"if x: import a; import b\n", {"a", "b"}),
    ],
)
def test_names_that_an_import_may_mean(text, names):
    assert set(imported(text)) == names
