"""What texts import, and which files that means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintvalue.model.modules import link
from lintvalue.sources.imports import lines, targets
from lintvalue.sources.linker import Linker, links

MANY = 200_000


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b"import a.b as c, d\n", {"a", "a.b", "d"}),
        (b"from a import b, c as d\n", {"a", "a.b", "a.c", "a.as", "a.d"}),
        (b"from . import b\n", {".", ".b"}),
        (b"from ..x import (\n    b,\n    c,\n)\n", {"..x", "..x.b", "..x.c"}),
        (b"from a import \\\n    b, \\\n    c\n", {"a", "a.b", "a.c"}),
        (b"if x: import a; import b\n", {"a", "b"}),
        (b"try:\n\timport a\n", {"a"}),
        (b"import\\\n    a\n", {"a"}),
        (b"from.a import b\n", {".a", ".a.b"}),
        (b"from .import b\n", {".", ".b"}),
        (b"from a import(b)\n", {"a", "a.b"}),
        (b"from a import (\n    b,  # see (c)\n    d,\n)\n", {"a", "a.b", "a.see", "a.c", "a.d"}),
        (b"x.import_from(a)\nfrom_ = reimport\n", set()),
    ],
)
def test_names_that_an_import_may_mean(text, names):
    assert {name for line in lines(text) for name in targets(line)} == names


@pytest.mark.parametrize(
    "text", [b"from.", b"from ", b"from x import (", b"from x import (\n", b"import ", b"import a,"]
)
def test_no_text_takes_time_with_the_square_of_its_length(text):
    """With it, this would go on for hours."""
    lines(text * MANY)


NAMES = st.sampled_from(["a", "b", "src", "a_"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
FILES = st.tuples(PATHS, st.sampled_from([".py", "/__init__.py"])).map("".join)
MODULES = st.tuples(
    st.sampled_from(["", ".", "..", "...", "...."]), st.lists(NAMES, max_size=3).map(".".join)
).map("".join)
LINES = st.one_of(
    st.tuples(MODULES.filter(bool), st.lists(NAMES, min_size=1).map(", ".join)).map(
        lambda parts: f"from {parts[0]} import {parts[1]}"
    ),
    st.lists(PATHS, min_size=1).map(lambda names: "import " + ", ".join(names).replace("/", ".")),
)


@given(st.frozensets(FILES, min_size=1), st.lists(LINES, min_size=1))
def test_many_files_are_linked_as_one_is(paths, rows):
    modules = link(paths)
    linker = Linker(modules)
    text = "\n".join(rows).encode()
    for path in sorted(paths):
        assert linker.links(path, text) == links(modules, path, text)
