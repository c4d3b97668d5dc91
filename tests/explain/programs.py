"""Small programs and the explanations of their lines."""

from __future__ import annotations

from textwrap import dedent

from cases import facts_of

from lintvalue.explain import explain
from lintvalue.model.explanation import Told
from lintvalue.model.settings import Settings
from lintvalue.model.source import Source
from lintvalue.resolve import resolve_traced
from lintvalue.rules import judge

HEAD = (
    "from multiprocessing import Array, Lock, Manager, Pool, Process, RawValue, RLock, Value\n"
    "from threading import Lock as ThreadLock, Thread\n"
)
HERE = "# here"


def explained(files, path="app.py"):
    """The explanation of the row that ends with `# here`, in one text or in texts by path."""
    if isinstance(files, str):
        files = {"app.py": HEAD + dedent(files)}
    sources = tuple(Source(name, dedent(text)) for name, text in sorted(files.items()))
    [place] = [
        (source.path, number)
        for source in sources
        for number, row in enumerate(source.text.split("\n"), start=1)
        if row.rstrip().endswith(HERE)
    ] or [(path, 1)]
    return explanation_of(sources, *place)


def explanation_of(sources, path, row):
    """The explanation of a row of one of the sources."""
    facts = {source.path: facts_of(source) for source in sources}
    project = resolve_traced(tuple(facts.values()), Settings(), path)
    found = tuple(Told(finding, "") for finding in judge(project))
    texts = {source.path: source for source in sources}
    return explain(project, facts, texts, found, path, row, lambda name: name)
