"""Which files can matter, told from their bytes alone, and which ones imports tie to those."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.sources.words import mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

# An import over several lines has the library's name on its first.
_LIBRARY = re.compile(
    rb"(?m)^[^#\n]*\b(?:from|import|import_module\(|__import__\()[^\n]*"
    rb"(?:multiprocess|billiard|sharedctypes|shared_memory)"
)
_ITS_OWN = (b"get_lock", b"Synchronized", b"multiprocessing.")
_RENAMED = re.compile(rb"\bas[ \t]+(\w+)")
# The library, or a name for it, used other than for what it has: given away, or kept.
_BARE = rb"\b%s\b(?![ \t]*[.\w])"

# Kibibytes of files without any word of the library that are looked at nevertheless.
BUDGET = 1 << 10


def imports_library(data: bytes) -> bool:
    """Whether a text that mentions the library imports it, or uses what only it has."""
    return mentions(data, _ITS_OWN) or _LIBRARY.search(data) is not None


def aliases(data: bytes) -> frozenset[str]:
    """Other names that a text gives to the library, or to something from it."""
    return frozenset(
        name.decode()
        for line in _LIBRARY.finditer(data)
        for name in _RENAMED.findall(data[line.start() : _end_of_line(data, line.end())])
        if b"multiprocess" not in name and b"billiard" not in name
    )


def _end_of_line(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return len(data) if end < 0 else end


def hands_on(data: bytes) -> bool:
    """Whether others may get the library from here: under another name, or as a value."""
    if aliases(data) or b"get_context" in data:
        return True
    body = _LIBRARY.sub(b"", data)
    return any(re.search(_BARE % name, body) for name in (rb"multiprocess\w*", rb"billiard\w*"))


def closure(
    seeds: Iterable[str],
    neighbours: Callable[[str], frozenset[str]],
    weights: Mapping[str, int],
) -> frozenset[str]:
    """`seeds` and the files that a chain of imports, in any direction, ties to one of them.

    In a large project nearly everything is tied to everything. So chains are followed as long as
    the files at their ends, weighed by `weights`, stay within `BUDGET`: from there on only through
    files that weigh nothing.
    """
    reached = ring = frozenset(seeds)
    left = BUDGET
    while ring:
        ring = frozenset().union(*map(neighbours, ring)) - reached
        left -= sum(weights[path] for path in ring)
        if left < 0:
            ring = frozenset(path for path in ring if not weights[path])
        reached |= ring
    return reached


def tied(
    named: Iterable[str], among: frozenset[str], neighbours: Callable[[str], frozenset[str]]
) -> frozenset[str]:
    """The files of `among` that a chain of imports inside it ties to one of `named`."""
    reached = ring = frozenset(named) & among
    while ring:
        ring = frozenset().union(*map(neighbours, ring)) & among - reached
        reached |= ring
    return reached


def parts(
    among: frozenset[str], neighbours: Callable[[str], frozenset[str]]
) -> Iterator[frozenset[str]]:
    """The files of `among` in groups that no import inside it ties to each other."""
    left = among
    while left:
        part = tied((min(left),), left, neighbours)
        yield part
        left -= part
