"""Which file of a project imports which: told from bytes, since most files are never parsed."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lintvalue.model.modules import Modules

_NAME = rb"[\w.\x80-\xff]+"
_GAP = rb"[ \t\\\r\n]"  # a line may go on behind a backslash
_REST = rb"[^\n;\\]*(?:\\\r?\n[^\n;\\]*)*"
# Each begins with a literal, which is searched for many times faster than an alternative. They also
# find imports that only stand in a string: one file too many does no harm.
_FROM = re.compile(
    rb"from[ \t]"
    + _GAP
    + rb"*("
    + _NAME
    + rb")"
    + _GAP
    + rb"+import\b"
    + _GAP
    + rb"*(\([^)]*\)|"
    + _REST
    + rb")"
)
_PLAIN = re.compile(rb"import[ \t]" + _GAP + rb"*(" + _REST + rb")")
# What may stand between `from name` and `import`, if it is written as usual.
_BEHIND_A_NAME = frozenset(
    bytes((character, 32))
    for character in b"._abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)
_IDENTIFIER = re.compile(_NAME)

Targets = tuple[str, ...]


class Imports:
    """What texts may import. The same few lines stand in most files of a project."""

    def __init__(self) -> None:
        self._of_from: dict[tuple[bytes, bytes], Targets] = {}
        self._of_plain: dict[bytes, Targets] = {}

    def of(self, data: bytes) -> set[str]:
        """Dotted names, with their leading dots; `from a import b` may mean `a` and `a.b`."""
        found: set[str] = set()
        for line in _FROM.findall(data):
            known = self._of_from.get(line)
            if known is None:
                known = self._of_from[line] = tuple(_from(*line))
            found.update(known)
        for line in _PLAIN.finditer(data):
            if data[line.start() - 2 : line.start()] in _BEHIND_A_NAME:
                continue  # the second half of `from name import`
            names = line[1]
            known = self._of_plain.get(names)
            if known is None:
                known = self._of_plain[names] = tuple(_plain(names))
            found.update(known)
        return found


def _from(module: bytes, names: bytes) -> Iterator[str]:
    stem = _text(module)
    joint = "" if stem.endswith(".") else "."
    yield stem
    yield from (stem + joint + _text(name) for name in _IDENTIFIER.findall(names))


def _plain(names: bytes) -> Iterator[str]:
    for piece in names.split(b","):
        found = _IDENTIFIER.search(piece)
        if found is not None:
            # `import a.b` also runs `a`.
            parts = _text(found[0]).split(".")
            yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


class Linker:
    """Turns what a text may import into files of the project."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._imports = Imports()
        self._known: dict[tuple[str, str], str | None] = {}

    def links(self, path: str, data: bytes) -> Targets:
        """The files that the file `path` may import."""
        folder = path.rpartition("/")[0]
        found = (self._find(folder, path, target) for target in self._imports.of(data))
        return tuple(sorted({other for other in found if other is not None and other != path}))

    def targets(self, data: bytes) -> set[str]:
        return self._imports.of(data)

    def _find(self, folder: str, path: str, target: str) -> str | None:
        key = (folder, target)
        if key not in self._known:
            self._known[key] = find(self.modules, path, target)
        return self._known[key]


def find(modules: Modules, path: str, target: str) -> str | None:
    """The file that `target`, dotted, with its leading dots, means in the file `path`."""
    dotted = target.lstrip(".")
    level = len(target) - len(dotted)
    return modules.relative(level, dotted, path) if level else modules.find(dotted, path)


# The names under which the library can be imported, and what shows it without an import.
_LIBRARIES = ("multiprocessing", "multiprocess", "billiard", "torch.multiprocessing")
_SHOWN = re.compile(rb"\.get_lock\b|import(?:_module|__)\([^)]*(?:multiprocess|billiard|torch)")


def has_library(linker: Linker, path: str, data: bytes) -> bool:
    """Whether a text has the library itself, not a module of the project's that is called like it."""
    if _SHOWN.search(data):
        return True
    return any(
        find(linker.modules, path, target) is None
        for target in linker.targets(data)
        if target.startswith(_LIBRARIES)
        and not any(find(linker.modules, path, above) for above in _above(target))
    )


def _above(target: str) -> Iterator[str]:
    while "." in target:
        target = target.rpartition(".")[0]
        yield target


class Graph:
    """The imports of one project: which files each file imports, and is imported by."""

    def __init__(self, links: Mapping[str, Targets]) -> None:
        self._links = links
        self._importers: dict[str, list[str]] = defaultdict(list)
        for path, others in links.items():
            for other in others:
                self._importers[other].append(path)

    def imported_by(self, path: str) -> Targets:
        return self._links.get(path, ())

    def importers(self, path: str) -> Sequence[str]:
        return self._importers.get(path, ())

    def neighbours(self, path: str) -> frozenset[str]:
        return frozenset((*self.imported_by(path), *self.importers(path)))
