"""The texts of one project that can matter."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from lintvalue.cache.store import digest
from lintvalue.crew.cores import usable_cores
from lintvalue.crew.divide import divide
from lintvalue.model.lean import dataclass, field
from lintvalue.model.library import WORDS
from lintvalue.model.source import Problem
from lintvalue.run.ahead import Ahead, Known
from lintvalue.run.places import shown
from lintvalue.sources.discover import relative
from lintvalue.sources.read import SIZE_LIMIT, Unreadable, Vanished, decode, read_bytes
from lintvalue.sources.survey import Survey, survey
from lintvalue.sources.words import mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lintvalue.model.settings import Settings
    from lintvalue.model.source import Source
    from lintvalue.run.memory import Memory
    from lintvalue.run.places import Group
    from lintvalue.sources.discover import Found
    from lintvalue.sources.survey import Plain

FEW = 400  # files up to this number are read by one process


@dataclass(frozen=True, slots=True)
class Texts:
    """`sources` are the texts that can matter; problems' paths are as the user sees them."""

    sources: Mapping[str, Source]
    named: frozenset[str]
    problems: tuple[Problem, ...]
    contents: Mapping[str, str] = field(default_factory=dict)  # a digest of each text's bytes
    every: tuple[str, ...] = ()  # the paths of all files, whether they can matter or not
    known: Known = field(default_factory=Known)  # what of this has been judged already


class Reader:
    """Reads the files of one project, keeping what it could not read."""

    def __init__(self, root: str, words: tuple[bytes, ...]) -> None:
        self.unreadable: dict[str, str] = {}
        self.gone: set[str] = set()
        self.stdin: dict[str, bytes] = {}
        self._prefix = os.path.join(root, "")
        self._words = words

    def read(self, path: str) -> bytes:
        if path in self.stdin:
            return self.stdin[path]
        if path in self.unreadable or path in self.gone:
            return b""
        try:
            return read_bytes(self._prefix + path, self._words)
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
        return {path: one for path, one in sources.items() if path not in self.gone}


def texts(
    group: Group,
    found: Found,
    settings: Settings,
    jobs: int | None,
    memory: Memory | None = None,
    also: tuple[bytes, ...] = (),
    *,
    all_rules: bool = True,
    judge: bool = False,
) -> Texts:
    """The texts that can matter to some rules or to all, and named ones with a word in `also`.

    With a `memory`, only what has changed and what matters is read. With `judge`, some may be judged
    while others are still asked about.
    """
    factories = factory_words(settings)
    reader = Reader(group.root, (*WORDS, *factories, *also))
    if group.stdin is not None:
        reader.stdin[relative(group.root, group.stdin)] = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    ahead = Ahead(reader.decode, _novelty(memory), settings) if judge else None
    if memory is not None and memory.unchanged:
        wanted = memory.sources()
        seen = None
    else:
        seen, wanted = _search(
            found, reader, factories, jobs, memory, all_rules=all_rules, ahead=ahead
        )
        if also:
            noted = {path for path in found.named if mentions(reader.read(path), also)}
            wanted = sorted(noted.union(wanted))
    known = ahead.known if ahead is not None else Known()
    left = [path for path in wanted if path not in reader.gone and path not in known.sources]
    sources = dict(sorted({**known.sources, **reader.decode(left)}.items()))
    named = found.named - reader.gone
    problems = _problems(group.root, found, reader)
    contents = {path: content(one) for path, one in sources.items()} if memory else {}
    if memory is not None and seen is not None and not reader.unreadable:
        memory.keep_survey(seen)
    return Texts(sources, named, problems, contents, found.files, known)


def _novelty(memory: Memory | None) -> Callable[[Source], bool]:
    """Whether a text's facts are not kept from an earlier run."""
    if memory is None:
        return lambda _one: True
    store = memory.store
    store.get("facts")  # read before forks have the same file open, and one place in it with us
    return lambda one: store.facts(one.path, content(one)) is None


def _search(
    found: Found,
    reader: Reader,
    factories: tuple[bytes, ...],
    jobs: int | None,
    memory: Memory | None,
    *,
    all_rules: bool,
    ahead: Ahead | None,
) -> tuple[Survey, list[str]]:
    """A look at all files that are not known yet, and the files that can matter."""
    seen, left = memory.survey() if memory is not None else (Survey(), list(found.files))
    seen.add(look(left, reader, factories, jobs))
    wanted = matter(found, seen, reader, factories, all_rules=all_rules, jobs=jobs, ahead=ahead)
    return seen, sorted(wanted)


def content(source: Source) -> str:
    """A digest of all that a text's facts depend on."""
    return digest(source.path, source.text, source.encoding)


def digest_of(contents: Mapping[str, str]) -> str:
    return digest(*(f"{path} {one}" for path, one in sorted(contents.items())))


def look(
    files: Sequence[str],
    reader: Reader,
    factories: tuple[bytes, ...],
    jobs: int | None,
) -> Survey:
    """Read all files once, in several processes where there are many."""
    words = (*WORDS, *factories)
    if len(files) <= FEW:
        return survey(files, reader.read, words, factories)

    def work(share: Sequence[str]) -> tuple[Plain, dict[str, str], list[str]]:
        made = survey(share, reader.read, words, factories)
        return (made.plain(), reader.unreadable, list(reader.gone))

    whole = Survey()
    for plain, unreadable, gone in divide(files, work, jobs or usable_cores()):
        whole.add(Survey(*plain))
        reader.unreadable |= unreadable
        reader.gone.update(gone)
    return whole


def matter(
    found: Found,
    seen: Survey,
    reader: Reader,
    factories: tuple[bytes, ...],
    *,
    all_rules: bool,
    jobs: int | None = None,
    ahead: Ahead | None = None,
) -> frozenset[str]:
    """The files that can matter to what is found in the named ones."""
    if not seen.kinds:
        return frozenset()
    from lintvalue.run.reach import reach  # noqa: PLC0415 - there is something to follow

    jobs = jobs or usable_cores()
    return reach(found, seen, reader.read, factories, all_rules=all_rules, jobs=jobs, ahead=ahead)


def factory_words(settings: Settings) -> tuple[bytes, ...]:
    names = (*settings.value_factories, *settings.lock_factories)
    return tuple(name.rpartition(".")[2].encode() for name in names)


def _problems(root: str, found: Found, reader: Reader) -> tuple[Problem, ...]:
    listed = [Problem(shown(root, one.path), one.message) for one in found.problems]
    unread = [
        Problem(shown(root, path), message)
        for path, message in sorted(reader.unreadable.items())
        if path in found.named
    ]
    return (*listed, *unread)
