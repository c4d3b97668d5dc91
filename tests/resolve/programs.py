"""Small programs for the tests of resolve: rows that lose updates end with `# lost`."""

from __future__ import annotations

from textwrap import dedent

import pytest
from cases import findings_in, project_of

from lintvalue.model.source import Source

_HEAD = (
    "from multiprocessing import Array, Lock, Manager, Pool, Process, RawValue, Semaphore, Value\n"
)


def sources(files):
    """One text, which is app.py and imports what it needs, or texts by path."""
    if isinstance(files, str):
        return (Source("app.py", _HEAD + dedent(files)),)
    return tuple(Source(path, dedent(text)) for path, text in sorted(files.items()))


def project(files):
    return project_of(sources(files))


def lost(files):
    """The rows that say that updates are lost."""
    return [
        f"{source.path}:{number} {row.strip()}"
        for source in sources(files)
        for number, row in _rows(source)
        if row.endswith("# lost")
    ]


def reported(files):
    """The rows in which an update is reported that no lock protects."""
    given = sources(files)
    rows = {source.path: dict(_rows(source)) for source in given}
    places = [
        (finding.at.path, finding.at.span.line)
        for finding in findings_in(given)
        if finding.code.startswith("LV10")
    ]
    return [f"{path}:{number} {rows[path][number].strip()}" for path, number in places]


def _rows(source):
    return list(enumerate(source.text.split("\n"), start=1))


def each(programs, not_yet=()):
    """The programs' names as parameters.

    Those in `not_yet` are known faults: one that comes out right fails its test until it is taken out.
    """
    faulty = pytest.mark.xfail(strict=True)
    return [pytest.param(name, marks=[faulty] if name in not_yet else []) for name in programs]
