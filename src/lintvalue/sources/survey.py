"""One look at each file of a project: is there a word of ours, and may it make something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field
from lintvalue.model.library import MADE
from lintvalue.sources.makers import makes
from lintvalue.sources.ties import hands_on, imports_library
from lintvalue.sources.words import folded, mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lintvalue.sources.linker import Targets

# A start makes something. A handle may give the library to files that do not name it; a user may
# start processes. What only mentions the library is no more to us than any other file.
START, HANDLE, USER, MENTION = 4, 3, 2, 1

Plain = tuple[dict[str, int], dict[str, int]]


@dataclass(slots=True)
class Survey:
    """What is known of each file, by path; plain data, so that it travels between processes."""

    kinds: dict[str, int] = field(default_factory=dict)  # of files with a word of ours
    sizes: dict[str, int] = field(default_factory=dict)
    links: dict[str, Targets] = field(default_factory=dict)  # of files that somebody asked about
    served: frozenset[str] = frozenset()  # what a chain of imports ties to the library

    def add(self, other: Survey) -> None:
        self.kinds |= other.kinds
        self.sizes |= other.sizes
        self.links |= other.links

    def plain(self) -> Plain:
        return self.kinds, self.sizes

    def weight(self, path: str) -> int:
        """KiB of a file that does not use the library; in steps that small edits keep."""
        return 0 if self.kinds.get(path, 0) >= USER else weighed(self.sizes[path])

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
) -> Survey:
    """Look at `paths`."""
    made = Survey()
    for path in paths:
        data = folded(read(path))
        made.sizes[path] = len(data)
        if mentions(data, words):
            made.kinds[path] = kind_of(data, factories)
    return made


def kind_of(data: bytes, factories: tuple[bytes, ...]) -> int:
    """What a file with a word of ours is good for."""
    if mentions(data, factories):
        return START
    if not imports_library(data):
        return MENTION
    if mentions(data, MADE) and makes(data):
        return START
    return HANDLE if hands_on(data) else USER
