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


# A module and what is imported of it; b"" and the modules of a plain import.
Line = tuple[bytes, bytes]


def lines(data: bytes) -> list[Line]:
    """All that a text may import, as it is written."""
    found: list[Line] = _FROM.findall(data)
    found.extend(
        (b"", line[1])
        for line in _PLAIN.finditer(data)
        # Not if it is the second half of `from name import`.
        if data[line.start() - 2 : line.start()] not in _BEHIND_A_NAME
    )
    return found


def targets(line: Line) -> tuple[str, ...]:
    """Dotted names, with their leading dots; `from a import b` may mean `a` and `a.b`."""
    module, names = line
    return tuple(_from(module, names) if module else _plain(names))


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
    """Turns what a text may import into files of the project. The same few lines stand in most files."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        # What stands beside a file comes first, so that only there a line means something of its own.
        self._beside: dict[str, set[str]] = defaultdict(set)
        for path in modules.paths:
            self._place(path.removesuffix(".py"))
        self._anywhere: dict[Line, tuple[str, Targets]] = {}
        self._here: dict[tuple[str, Line], Targets] = {}

    def _place(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        if name not in self._beside[folder]:
            self._beside[folder].add(name)
            if folder:
                self._place(folder)

    def links(self, path: str, data: bytes) -> Targets:
        """The files that the file `path` may import."""
        folder = path.rpartition("/")[0]
        beside = self._beside[folder]
        found: set[str] = set()
        for line in lines(data):
            head, files = self._anywhere.get(line) or self._find_anywhere(line)
            if not head or head in beside:
                files = self._find_here(folder, path, line)
            if files:
                found.update(files)
        found.discard(path)
        return tuple(sorted(found))

    def _find_anywhere(self, line: Line) -> tuple[str, Targets]:
        """The first part of what a line imports, if all share one, and the files that it may mean."""
        names = targets(line)
        heads = {name.partition(".")[0] for name in names}
        files = {self.modules.by_name.get(name) for name in names} - {None}
        head = heads.pop() if len(heads) == 1 else ""
        self._anywhere[line] = head, tuple(filter(None, files)) if head else ()
        return self._anywhere[line]

    def _find_here(self, folder: str, path: str, line: Line) -> Targets:
        known = self._here.get((folder, line))
        if known is None:
            files = {find(self.modules, path, name) for name in targets(line)}
            known = self._here[folder, line] = tuple(filter(None, files))
        return known


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
        for line in lines(data)
        for target in targets(line)
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
