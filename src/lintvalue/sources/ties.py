"""Which files can matter, told from their bytes alone, and which ones imports tie to those."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.sources.words import mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_WORDS = (b"multiprocess", b"billiard", b"sharedctypes", b"shared_memory")
# From the start of a row; an import over several rows has the library's name on its first.
_LIBRARY = re.compile(
    rb"[^#\n]*\b(?:from|import|import_module\(|__import__\()[^\n]*"
    rb"(?:multiprocess|billiard|sharedctypes|shared_memory)"
)
_ITS_OWN = (b"get_lock", b"Synchronized", b"multiprocessing.")
_RENAMED = re.compile(rb"\bas[ \t]+(\w+)")
# The library, or a name for it, used other than for what it has: given away, or kept.
_BARE = re.compile(rb"\b(?:multiprocess|billiard)\w*\b(?![ \t]*[.\w])")

# Kibibytes of files without any word of the library that are looked at nevertheless.
BUDGET = 1 << 10


def imports_library(data: bytes) -> bool:
    """Whether a text that mentions the library imports it, or uses what only it has."""
    return mentions(data, _ITS_OWN) or any(
        _LIBRARY.match(data, start, end) for start, end in _rows(data)
    )


def hands_on(data: bytes) -> bool:
    """Whether others may get the library from here: under another name, or as a value."""
    return b"get_context" in data or any(_hands_on(data, start, end) for start, end in _rows(data))


def _hands_on(data: bytes, start: int, end: int) -> bool:
    line = _LIBRARY.match(data, start, end)
    if line is None:
        return _BARE.search(data, start, end) is not None
    renamed = any(
        b"multiprocess" not in name and b"billiard" not in name
        for name in _RENAMED.findall(data, start, end)
    )
    return renamed or _BARE.search(data[line.end() : end]) is not None


def _rows(data: bytes) -> frozenset[tuple[int, int]]:
    """Where the rows with a word of the library begin and end."""
    found = set()
    for word in _WORDS:
        end = 0
        while (at := data.find(word, end)) >= 0:
            start = data.rfind(b"\n", end, at) + 1 or end
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            found.add((start, end))
    return frozenset(found)


def closure(
    seeds: Iterable[str],
    neighbours: Callable[[str], frozenset[str]],
    weight: Callable[[str], int],
) -> frozenset[str]:
    """`seeds` and the files that a chain of imports, in any direction, ties to one of them.

    In a large project nearly everything is tied to everything. So chains are followed as long as
    the files at their ends, weighed by `weight`, stay within `BUDGET`: from there on only through
    files that weigh nothing.
    """
    reached = ring = frozenset(seeds)
    left = BUDGET
    while ring:
        ring = frozenset().union(*map(neighbours, ring)) - reached
        left -= sum(map(weight, ring))
        if left < 0:
            ring = frozenset(path for path in ring if not weight(path))
        reached |= ring
    return reached


def is_over(
    seeds: Iterable[str], imports: Mapping[str, Iterable[str]], weight: Callable[[str], int]
) -> bool:
    """Whether what `seeds` import weighs more than `BUDGET`: who imports them then makes no difference
    to their closure, and only what imports files that weigh nothing does.
    """
    seeds = frozenset(seeds)
    near = frozenset().union(*(imports[path] for path in seeds)) - seeds
    return sum(map(weight, near)) > BUDGET


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
