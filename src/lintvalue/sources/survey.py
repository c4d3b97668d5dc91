"""One look at each file of a project: is there a word of ours, may it make something, what does it import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field
from lintvalue.model.library import MADE
from lintvalue.sources.imports import Linker
from lintvalue.sources.makers import makes
from lintvalue.sources.ties import hands_on, imports_library
from lintvalue.sources.words import folded, mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lintvalue.model.modules import Modules
    from lintvalue.sources.imports import Targets

# A start makes something. A handle may give the library to files that do not name it; a user may
# start processes. What only mentions the library is no more to us than any other file.
# A candidate may be a start; that takes a closer look.
CANDIDATE, START, HANDLE, USER, MENTION = 5, 4, 3, 2, 1


Plain = tuple[dict[str, int], dict[str, int], dict[str, "Targets"]]


@dataclass(slots=True)
class Survey:
    """What is known of each file, by path; plain data, so that it travels between processes."""

    kinds: dict[str, int] = field(default_factory=dict)  # of files with a word of ours
    sizes: dict[str, int] = field(default_factory=dict)
    links: dict[str, Targets] = field(default_factory=dict)
    served: frozenset[str] = frozenset()  # what a chain of imports ties to the library

    def add(self, other: Survey) -> None:
        self.kinds |= other.kinds
        self.sizes |= other.sizes
        self.links |= other.links

    def plain(self) -> Plain:
        return self.kinds, self.sizes, self.links

    def weights(self) -> dict[str, int]:
        """Bytes of each file, but for those that use the library; in steps that small edits keep."""
        kinds = self.kinds
        return {
            path: 0 if kinds.get(path, 0) >= USER else weighed(size)
            for path, size in self.sizes.items()
        }

    def of_kind(self, kind: int) -> list[str]:
        return [path for path, one in self.kinds.items() if one == kind]


def weighed(size: int) -> int:
    """A size rounded up, so that small edits keep it, and that only empty files weigh nothing."""
    return (size + 1023) // 1024


def survey(
    paths: Iterable[str],
    read: Callable[[str], bytes],
    words: tuple[bytes, ...],
    factories: tuple[bytes, ...],
    modules: Modules | None,
) -> Survey:
    """Look at `paths`. Where `modules` says which there are, imports are told, and which are starts."""
    made = Survey()
    linker = None if modules is None else Linker(modules)
    for path in paths:
        data = folded(read(path))
        made.sizes[path] = len(data)
        if mentions(data, words):
            kind = kind_of(data, factories)
            made.kinds[path] = kind if modules is None else settled(kind, data)
        if linker is not None and (links := linker.links(path, data)):
            made.links[path] = links
    return made


def kind_of(data: bytes, factories: tuple[bytes, ...]) -> int:
    """What a file with a word of ours is good for."""
    if mentions(data, factories):
        return START
    if not imports_library(data):
        return MENTION
    return CANDIDATE if mentions(data, MADE) else _lesser(data)


def settled(kind: int, data: bytes) -> int:
    """The kind of a file that may have been a candidate."""
    if kind != CANDIDATE:
        return kind
    return START if makes(data) else _lesser(data)


def _lesser(data: bytes) -> int:
    return HANDLE if hands_on(data) else USER
