"""Which files can matter: those with a word of the library, and what imports tie to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_NAME = rb"[\w.\x80-\xff]+"
# Also finds imports that only stand in a string: one file too many does no harm.
_IMPORT = re.compile(
    rb"\bfrom[ \t]+(" + _NAME + rb")[ \t]+import[ \t]*(\([^)]*\)|[^\n;]*)|\bimport[ \t]+([^\n;]+)"
)
_IDENTIFIER = re.compile(_NAME)

# An import over several lines has the library's name on its first.
_LIBRARY = re.compile(
    rb"(?m)^[^#\n]*\b(?:from|import|import_module\(|__import__\()[^\n]*"
    rb"(?:multiprocess|billiard|sharedctypes|shared_memory)"
)

Parts = tuple[str, ...]
Neighbours = Mapping[str, set[str]]

# Bytes of files without any word of the library that are parsed nevertheless.
BUDGET = 1 << 20


def mentions(data: bytes, words: Sequence[bytes]) -> bool:
    # Literal searches: one regular expression of alternatives takes several times as long.
    return any(word in data for word in words)


def imports_library(data: bytes) -> bool:
    """Whether a text that mentions the library imports it, or uses what only it has."""
    return _LIBRARY.search(data) is not None or b"get_lock" in data or b"Synchronized" in data


def closure(
    seeds: Iterable[str], neighbours: Neighbours, weights: Mapping[str, int]
) -> frozenset[str]:
    """`seeds` and the files that a chain of imports, in any direction, ties to one of them.

    In a large project nearly everything is tied to everything. So chains are followed as long as
    the files at their ends, weighed by `weights`, stay within `BUDGET`: from there on only through
    files that weigh nothing.
    """
    reached = ring = frozenset(seeds)
    left = BUDGET
    while ring:
        ring = frozenset().union(*(neighbours.get(path, ()) for path in ring)) - reached
        left -= sum(weights[path] for path in ring)
        if left < 0:
            ring = frozenset(path for path in ring if not weights[path])
        reached |= ring
    return reached


def tied(named: Iterable[str], among: frozenset[str], neighbours: Neighbours) -> frozenset[str]:
    """The files of `among` that a chain of imports inside it ties to one of `named`."""
    reached = ring = frozenset(named) & among
    while ring:
        ring = frozenset().union(*(neighbours.get(path, ()) for path in ring)) & among - reached
        reached |= ring
    return reached


def neighbourhood(files: Sequence[str], read: Callable[[str], bytes]) -> Neighbours:
    """The files that each file imports or is imported by."""
    modules = _modules(files)
    neighbours: dict[str, set[str]] = defaultdict(set)
    for path in files:
        for target in imported(read(path)):
            for other in _resolve(target, path, modules):
                neighbours[path].add(other)
                neighbours[other].add(path)
    return neighbours


def _modules(files: Iterable[str]) -> Mapping[str, list[tuple[Parts, str]]]:
    modules: dict[str, list[tuple[Parts, str]]] = defaultdict(list)
    for path in files:
        parts = module_parts(path)
        if parts:
            modules[parts[-1]].append((parts, path))
    return modules


def module_parts(path: str) -> Parts:
    """`src/app/jobs.py` is ("src", "app", "jobs"); a package is its folder."""
    parts = tuple(path.removesuffix(".py").split("/"))
    return parts[:-1] if parts[-1] == "__init__" else parts


def imported(data: bytes) -> Iterator[str]:
    """What a text may import, dotted, with its leading dots; `from a import b` may mean both."""
    for found in _IMPORT.finditer(data.replace(b"\\\n", b" ").replace(b"\\\r\n", b" ")):
        module, names, plain = found.groups()
        if plain is not None:
            yield from (_text(piece) for piece in _first_names(plain))
            continue
        stem = _text(module)
        yield stem
        joint = "" if stem.endswith(".") else "."
        yield from (stem + joint + _text(name) for name in _IDENTIFIER.findall(names))


def _first_names(names: bytes) -> Iterator[bytes]:
    for piece in names.split(b","):
        found = _IDENTIFIER.search(piece)
        if found is not None:
            yield found[0]


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _resolve(
    target: str, path: str, modules: Mapping[str, list[tuple[Parts, str]]]
) -> Iterator[str]:
    dotted = target.lstrip(".")
    level = len(target) - len(dotted)
    parts = tuple(part for part in dotted.split(".") if part)
    if level:
        folders = tuple(path.split("/"))[:-1]
        parts = folders[: len(folders) - level + 1] + parts
    if not parts:
        return
    for other, file in modules.get(parts[-1], ()):
        if (other == parts) if level else (other[-len(parts) :] == parts):
            yield file
