"""From one look at each file to those that shared memory can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.crew.divide import divide
from lintvalue.model.library import MADE
from lintvalue.model.modules import link
from lintvalue.sources.imports import Graph, Linker, find, has_library
from lintvalue.sources.makers import makes
from lintvalue.sources.survey import HANDLE, MENTION, START, USER, settled
from lintvalue.sources.ties import closure, parts, tied
from lintvalue.sources.words import folded, mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lintvalue.model.modules import Modules
    from lintvalue.sources.discover import Found
    from lintvalue.sources.survey import Survey

_MUCH = 200_000  # bytes that are worth another process


def reach(
    found: Found,
    seen: Survey,
    modules: Modules | None,
    read: Callable[[str], bytes],
    factories: tuple[bytes, ...],
    *,
    all_rules: bool,
    jobs: int = 1,
) -> frozenset[str]:
    """The files that can matter to what is found in the named ones, by some of the rules or all."""
    texts = _Texts(read)
    modules = modules or link(found.files)
    linker = Linker(modules)
    users = [path for path, kind in seen.kinds.items() if kind >= USER]
    genuine = {
        path
        for path in users
        if mentions(texts.read(path), factories) or has_library(linker, path, texts.read(path))
    }
    if not genuine:
        return frozenset()  # what looks like the library is the project's own
    for path in users:
        kind = settled(seen.kinds[path], texts.read(path)) if path in genuine else MENTION
        seen.kinds[path] = kind
    starts, handles = seen.of_kind(START), seen.of_kind(HANDLE)
    if not starts and not handles:
        return frozenset()
    if not seen.links:
        seen.links |= {path: linker.links(path, texts.read(path)) for path in found.files}
    graph = Graph(seen.links)
    weights = seen.weights()
    starts += _borrowers(handles, seen, graph, weights, texts)
    around = closure(starts, graph.neighbours, weights)
    served = seen.served = tied(genuine, around, graph.neighbours)
    wanted = tied(found.named, served, graph.neighbours)
    if all_rules or factories:
        return wanted
    groups = [sorted(part) for part in parts(wanted, graph.neighbours)]
    return _doubtful(groups, frozenset(starts), linker, texts, jobs)


def _doubtful(
    groups: list[list[str]], starts: frozenset[str], linker: Linker, texts: _Texts, jobs: int
) -> frozenset[str]:
    """The files of those groups in which something may be found."""
    from lintvalue.triage import doubt  # noqa: PLC0415 - there is something to look at

    def own(path: str, module: str) -> bool:
        return find(linker.modules, path, module) is not None

    def doubtful(paths: Iterable[str]) -> bool:
        return bool(doubt({path: texts.read(path) for path in paths}, own))

    def work(share: Sequence[list[str]]) -> list[str]:
        # Where something is wrong, the files that make things often show it alone.
        left = (one for one in share if doubtful(starts.intersection(one)) or doubtful(one))
        return [path for one in left for path in one]

    sizes = {one[0]: sum(len(texts.read(path)) for path in one) for one in groups}
    groups.sort(key=lambda one: -sizes[one[0]])
    jobs = jobs if sum(sizes.values()) > _MUCH else 1
    shares = [one for start in range(jobs) for one in groups[start::jobs]]
    return frozenset(path for found in divide(shares, work, jobs) for path in found)


def _borrowers(
    handles: list[str], seen: Survey, graph: Graph, weights: Mapping[str, int], texts: _Texts
) -> list[str]:
    """Files that make something with what others hand them."""
    if not handles:
        return []
    around = closure(handles, graph.neighbours, weights)
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
