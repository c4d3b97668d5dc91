"""Groups of files that have nothing to do with each other, resolved side by side."""

from __future__ import annotations

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


def spread(
    groups: Sequence[Group], resolved: Callable[[Group], Project], jobs: int | None
) -> list[Project]:
    """What each group comes to, in the same order; the largest first, where there is much to do."""
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
