"""The texts of one project that can matter."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lintvalue.model.library import MADE, WORDS
from lintvalue.model.source import Problem
from lintvalue.run.places import shown
from lintvalue.sources.discover import discover, relative
from lintvalue.sources.read import SIZE_LIMIT, Unreadable, Vanished, decode, read_bytes
from lintvalue.sources.triage import closure, imports_library, mentions, neighbourhood, tied

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lintvalue.model.settings import Settings
    from lintvalue.model.source import Source
    from lintvalue.run.places import Group
    from lintvalue.sources.discover import Found


@dataclass(frozen=True, slots=True)
class Texts:
    """`sources` are the texts that can matter; problems' paths are as the user sees them."""

    sources: Mapping[str, Source]
    named: frozenset[str]
    problems: tuple[Problem, ...]


class _Reader:
    """Reads the files of one project, keeping what it could not read."""

    def __init__(self, root: str, found: Found, words: tuple[bytes, ...]) -> None:
        self.unreadable: dict[str, str] = {}
        self.gone: set[str] = set()
        self.stdin: dict[str, bytes] = {}
        self._root = root
        self._named = found.named
        self._words = words

    def read(self, path: str) -> bytes:
        if path in self.stdin:
            return self.stdin[path]
        if path in self.unreadable or path in self.gone:
            return b""
        try:
            return read_bytes(os.path.join(self._root, path), self._words)
        except Vanished:
            self.gone.add(path)
        except Unreadable as error:
            self.unreadable[path] = str(error)
        return b""

    def decode(self, paths: Iterable[str]) -> Mapping[str, Source]:
        sources = {}
        for path in paths:
            try:
                sources[path] = decode(path, self.read(path))
            except Unreadable as error:
                self.unreadable[path] = str(error)
        return sources


def texts(group: Group, settings: Settings, also: tuple[bytes, ...] = ()) -> Texts:
    """The texts that can matter, and named ones with one of the words in `also`."""
    found = discover(group.root, group.paths, settings, alone=group.alone)
    words = (*WORDS, *_factory_words(settings))
    reader = _Reader(group.root, found, (*words, *also))
    if group.stdin is not None:
        reader.stdin[relative(group.root, group.stdin)] = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    matter = _matter(found, reader, words) | {
        path for path in found.named if also and mentions(reader.read(path), also)
    }
    sources = reader.decode(path for path in sorted(matter) if path not in reader.gone)
    sources = {path: one for path, one in sources.items() if path not in reader.gone}
    return Texts(sources, found.named - reader.gone, _problems(group.root, found, reader))


def _matter(found: Found, reader: _Reader, words: tuple[bytes, ...]) -> frozenset[str]:
    seeds = []
    weights = {}
    for path in found.files:
        data = reader.read(path)
        ours = mentions(data, words)
        weights[path] = 0 if ours else len(data)
        if ours and _makes(data, words[len(WORDS) :]):
            seeds.append(path)
    if not seeds:
        return frozenset()
    neighbours = neighbourhood(found.files, reader.read)
    return tied(found.named, closure(seeds, neighbours, weights), neighbours)


def _makes(data: bytes, factories: tuple[bytes, ...]) -> bool:
    """Whether a text may make or receive what is shared."""
    return mentions(data, factories) or (mentions(data, MADE) and imports_library(data))


def _factory_words(settings: Settings) -> tuple[bytes, ...]:
    names = (*settings.value_factories, *settings.lock_factories)
    return tuple(name.rpartition(".")[2].encode() for name in names)


def _problems(root: str, found: Found, reader: _Reader) -> tuple[Problem, ...]:
    listed = [Problem(shown(root, one.path), one.message) for one in found.problems]
    unread = [
        Problem(shown(root, path), message)
        for path, message in sorted(reader.unreadable.items())
        if path in found.named
    ]
    return (*listed, *unread)
