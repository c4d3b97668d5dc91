"""Which file of a project imports which."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.model.modules import above
from lintvalue.sources.imports import (
    from_lines,
    lines,
    names_in,
    plain_lines,
    run_by,
    targets,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lintvalue.model.modules import Modules

Targets = tuple[str, ...]


def links(modules: Modules, path: str, data: bytes) -> Targets:
    """As `Linker.links`, for a few files: there is nothing to prepare."""
    found = {find(modules, path, target) for line in lines(data) for target in targets(line)}
    return tuple(sorted(filter(None, found - {path})))


def find(modules: Modules, path: str, target: str) -> str | None:
    """The file that `target`, dotted, with its leading dots, means in the file `path`."""
    dotted = target.lstrip(".")
    level = len(target) - len(dotted)
    return modules.relative(level, dotted, path) if level else modules.find(dotted, path)


# What a module means: its file, and the files of modules in it by their names.
Meaning = tuple[str | None, dict[bytes, str]]


class Linker:
    """Which files each of many may import. The same few lines stand in most of them."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        # Names of modules by those of what they lie in: dotted ones, and paths without suffixes.
        self._below: dict[str, list[str]] = defaultdict(list)
        self._in_folder: dict[str, list[str]] = defaultdict(list)
        for name in modules.by_name:
            self._below[name.rpartition(".")[0]].append(name)
        for path in modules.paths:
            self._list(path.removesuffix(".py"))
        # With the first parts of the names: where one stands beside a file, it means something else.
        self._anywhere: dict[bytes, tuple[str, Meaning]] = {}
        self._run_anywhere: dict[bytes, tuple[frozenset[str], Targets]] = {}
        self._place = _Place(self, "")

    def _list(self, stem: str) -> None:
        folder = stem.rpartition("/")[0]
        is_new = folder not in self._in_folder
        self._in_folder[folder].append(stem)
        if is_new and folder:
            self._list(folder)

    def links(self, path: str, data: bytes) -> Targets:
        """The files that the file `path` may import. Those of one folder had better follow each other."""
        folder = path.rpartition("/")[0]
        if folder != self._place.folder:
            self._place = _Place(self, folder)
        place = self._place
        found: set[str | None] = set()
        for module, names in from_lines(data):
            head, meaning = self._anywhere.get(module) or self.look_up(module)
            file, inside = place.meaning(module) if head in place.beside else meaning
            found.add(file)
            if inside:
                found.update(map(inside.get, names_in(names)))
        for modules in plain_lines(data):
            heads, files = self._run_anywhere.get(modules) or self._look_up_plain(modules)
            found.update(files if place.beside.isdisjoint(heads) else place.run_by(modules))
        found -= {None, path}
        return tuple(sorted(filter(None, found)))

    def look_up(self, module: bytes) -> tuple[str, Meaning]:
        """What a module means, but for what stands beside the file that names it; "" as the first part
        of relative ones.
        """
        dotted, by_name = text(module), self.modules.by_name
        inside = {_last(name, "."): by_name[name] for name in self._below.get(dotted, ())}
        self._anywhere[module] = dotted.partition(".")[0], (by_name.get(dotted), inside)
        return self._anywhere[module]

    def _look_up_plain(self, modules: bytes) -> tuple[frozenset[str], Targets]:
        by_name, dotted = self.modules.by_name, tuple(run_by(modules))
        heads = frozenset(name.partition(".")[0] for name in dotted)
        self._run_anywhere[modules] = (
            heads,
            tuple(by_name[name] for name in dotted if name in by_name),
        )
        return self._run_anywhere[modules]

    def at(self, stem: str) -> Meaning:
        """What a path without a suffix means."""
        found = {_last(one, "/"): self.modules.file(one) for one in self.within(stem)}
        return self.modules.file(stem), {name: path for name, path in found.items() if path}

    def within(self, folder: str) -> Sequence[str]:
        """The paths, without suffixes, of modules in a folder, and of folders that have any."""
        return self._in_folder.get(folder, ())


class _Place:
    """What import lines mean in the files of one folder, where what stands beside a file comes first."""

    def __init__(self, linker: Linker, folder: str) -> None:
        self.folder = folder
        self.beside = frozenset(one.rpartition("/")[2] for one in linker.within(folder)) | {""}
        self._linker = linker
        self._meanings: dict[bytes, Meaning] = {}
        self._run: dict[bytes, Targets] = {}

    def meaning(self, module: bytes) -> Meaning:
        if module not in self._meanings:
            self._meanings[module] = self._meaning(module)
        return self._meanings[module]

    def _meaning(self, module: bytes) -> Meaning:
        stem = text(module)
        dotted = stem.lstrip(".")
        if len(dotted) < len(stem):
            return self._linker.at(above(len(stem) - len(dotted), dotted, self.folder))
        _, (elsewhere, there) = self._linker.look_up(module)
        file, here = self._linker.at(above(1, dotted, self.folder))
        return file or elsewhere, there | here

    def run_by(self, modules: bytes) -> Targets:
        if modules not in self._run:
            find = self._linker.modules.find
            found = {find(name, f"{self.folder}/") for name in run_by(modules)}
            self._run[modules] = tuple(filter(None, found))
        return self._run[modules]


def _last(name: str, joint: str) -> bytes:
    return name.rpartition(joint)[2].encode("utf-8", "surrogateescape")


# The names under which the library can be imported, and what shows it without an import.
_LIBRARIES = ("multiprocessing", "multiprocess", "billiard", "torch.multiprocessing")
_SHOWN = (
    re.compile(rb"\.get_lock\b"),
    re.compile(rb"import(?:_module|__)\([^)]*(?:multiprocess|billiard|torch)"),
)


def has_library(modules: Modules, path: str, data: bytes) -> bool:
    """Whether a text has the library itself, not a module of the project's that is called like it."""
    if any(shown.search(data) for shown in _SHOWN):
        return True
    return any(
        find(modules, path, target) is None
        for line in lines(data)
        for target in targets(line)
        if target.startswith(_LIBRARIES)
        and not any(find(modules, path, package) for package in _above(target))
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
