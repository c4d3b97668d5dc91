"""Groups of files that have nothing to do with each other, resolved side by side."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from lintvalue.crew.cores import usable_cores
from lintvalue.crew.divide import divide
from lintvalue.model import codec
from lintvalue.model.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lintvalue.model.facts import FileFacts

    Group = Mapping[str, FileFacts]

_MUCH = 3_000  # rows that are worth another process
_NOTHING: Mapping[frozenset[str], Project] = MappingProxyType({})


def spread(
    groups: Sequence[Group],
    resolved: Callable[[Group], Project],
    jobs: int | None,
    known: Mapping[frozenset[str], Project] = _NOTHING,
) -> list[Project]:
    """What each group comes to, in the same order, unless it is known by the paths of its files."""
    paths = [frozenset(group) for group in groups]
    left = [group for group, key in zip(groups, paths, strict=True) if key not in known]
    fresh = iter(_side_by_side(left, resolved, jobs))
    return [known[key] if key in known else next(fresh) for key in paths]


def _side_by_side(
    groups: Sequence[Group], resolved: Callable[[Group], Project], jobs: int | None
) -> list[Project]:
    """The largest first, where there is much to do."""
    sizes = [sum(map(_rows, group.values())) for group in groups]
    jobs = min(jobs or usable_cores(), len(groups))
    if jobs < 2 or sum(sizes) - max(sizes) < _MUCH:
        return list(map(resolved, groups))

    def work(shares: Sequence[list[int]]) -> dict[int, str]:
        return {at: codec.dumps(resolved(groups[at])) for share in shares for at in share}

    found: dict[int, str] = {}
    for part in divide(_shares(sizes, jobs), work, jobs):
        found |= part
    return [codec.loads(found[at], Project) for at in range(len(groups))]


def _shares(sizes: Sequence[int], jobs: int) -> list[list[int]]:
    """Places in `sizes`, in as many shares of about the same size, one at least in each."""
    shares: list[list[int]] = [[] for _ in range(jobs)]
    loads = [0] * jobs
    for at in sorted(range(len(sizes)), key=lambda at: -sizes[at]):
        least = loads.index(min(loads))
        shares[least].append(at)
        loads[least] += sizes[at]
    return shares


def _rows(facts: FileFacts) -> int:
    statements = facts.body.statements
    return statements[-1].span.end_line if statements else 0
