"""From one look at each file to those that shared memory can reach."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lintvalue.crew.divide import divide
from lintvalue.model.library import MADE
from lintvalue.model.modules import link
from lintvalue.run.turns import in_turn
from lintvalue.sources.linker import Graph, Linker, find, has_library, links
from lintvalue.sources.makers import makes, may_make
from lintvalue.sources.survey import HANDLE, MENTION, START, USER
from lintvalue.sources.ties import closure, is_over, parts, tied
from lintvalue.sources.words import folded, mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lintvalue.model.modules import Modules
    from lintvalue.run.ahead import Ahead, Told
    from lintvalue.sources.discover import Found
    from lintvalue.sources.linker import Targets
    from lintvalue.sources.survey import Survey

# What is worth another process: bytes to be parsed, bytes to be read, and files.
_MUCH, _MUCH_TO_READ, _MANY = 200_000, 4_000_000, 2_000


def reach(
    found: Found,
    seen: Survey,
    read: Callable[[str], bytes],
    factories: tuple[bytes, ...],
    *,
    all_rules: bool,
    jobs: int = 1,
    ahead: Ahead | None = None,
) -> frozenset[str]:
    """The files that can matter to what is found in the named ones, by some of the rules or all.

    Where several processes ask about them, `ahead` is given what they doubt.
    """
    modules = link(found.files)
    genuine = _genuine(seen, modules, read, factories, jobs)
    starts, handles = seen.of_kind(START), seen.of_kind(HANDLE)
    if not starts and not handles:
        return frozenset()
    texts = _Texts(read)
    ties = _Ties(seen, modules, read, jobs)
    starts += _borrowers(ties.around(handles), seen, texts)
    around = ties.around(starts)
    served = seen.served = tied(genuine, around, ties.neighbours)
    wanted = tied(found.named, served, ties.neighbours)
    if all_rules or factories:
        return wanted
    groups = [sorted(part) for part in parts(wanted, ties.neighbours)]
    making = frozenset(starts)
    ordered = in_turn(groups, texts.size, lambda one: texts.size(making.intersection(one)))
    return _doubtful(ordered, modules, texts, jobs, ahead)


def _genuine(
    seen: Survey,
    modules: Modules,
    read: Callable[[str], bytes],
    factories: tuple[bytes, ...],
    jobs: int,
) -> frozenset[str]:
    """The users of the library itself. What they import is noted, and that all others only mention it:
    they have a module of the project's that is called like it. Users whose imports are known have been
    found to be genuine before.
    """
    users = frozenset(path for path, kind in seen.kinds.items() if kind >= USER)
    new = sorted(users.difference(seen.links))

    def work(share: Sequence[str]) -> dict[str, Targets]:
        return {
            path: links(modules, path, data)
            for path in share
            if mentions(data := folded(read(path)), factories) or has_library(modules, path, data)
        }

    much = sum(seen.sizes[path] for path in new) > _MUCH_TO_READ
    for found in divide(new, work, jobs if much else 1):
        seen.links |= found
    genuine = users.intersection(seen.links)
    seen.kinds |= dict.fromkeys(users - genuine, MENTION)
    return genuine


class _Ties:
    """The imports of one project: those of the library's users, and of other files once they matter."""

    def __init__(
        self, seen: Survey, modules: Modules, read: Callable[[str], bytes], jobs: int
    ) -> None:
        self._seen = seen
        self._modules = modules
        self._read = read
        self._jobs = jobs
        self._graph = Graph(seen.links)

    def neighbours(self, path: str) -> frozenset[str]:
        return self._graph.neighbours(path)

    def around(self, seeds: Sequence[str]) -> frozenset[str]:
        """`seeds` and what chains of imports tie to them, as far as these are followed."""
        if seeds and not is_over(seeds, self._seen.links, self._seen.weight):
            self._complete()
        return closure(seeds, self.neighbours, self._seen.weight)

    def _complete(self) -> None:
        known = self._seen.links
        left = [path for path in self._seen.sizes if path not in known]
        linker = Linker(self._modules)

        def work(share: Sequence[str]) -> dict[str, Targets]:
            return {path: linker.links(path, folded(self._read(path))) for path in share}

        for made in divide(left, work, self._jobs if len(left) > _MANY else 1):
            known |= made
        self._graph = Graph(known)


def _doubtful(
    groups: list[list[str]], modules: Modules, texts: _Texts, jobs: int, ahead: Ahead | None
) -> frozenset[str]:
    """The files of those groups in which something may be found."""
    from lintvalue.triage import doubt  # noqa: PLC0415 - there is something to look at

    own = partial(find, modules)

    def doubtful(paths: Sequence[str]) -> list[str]:
        found = doubt({path: texts.read(path) for path in paths}, own, may_make)
        return sorted(found.paths) if found.reason else []

    def work(share: Sequence[list[str]]) -> tuple[list[str], list[Told]]:
        left = list(filter(None, map(doubtful, share)))
        told = ahead.judge(left, modules) if ahead is not None and jobs > 1 else []
        return [path for one in left for path in one], told

    jobs = jobs if sum(map(texts.size, groups)) > _MUCH else 1
    found = divide(groups, work, jobs)
    if ahead is not None:
        ahead.keep([one for _, told in found for one in told], modules)
    return frozenset(path for paths, _ in found for path in paths)


def _borrowers(around: Iterable[str], seen: Survey, texts: _Texts) -> list[str]:
    """Files that make something with what others hand them, `around` those."""
    return [
        path
        for path in around
        if seen.kinds.get(path) != START
        and mentions(texts.read(path), MADE)
        and makes(texts.read(path))
    ]


class _Texts:
    """Texts as Python reads them, kept while they are asked for again and again."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._known: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = folded(self._read(path))
        return known

    def size(self, paths: Iterable[str]) -> int:
        return sum(len(self.read(path)) for path in paths)
