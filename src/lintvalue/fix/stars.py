"""Star imports: the files among which names go about without being named."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.fix.places import within
from lintvalue.fix.tokens import mentions
from lintvalue.model import statements as s

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lintvalue.fix.survey import Survey
    from lintvalue.model.facts import FileFacts

_KNOWN = frozenset({"multiprocessing", "torch.multiprocessing"})  # they have no Counter


def is_free(survey: Survey, path: str, name: str) -> bool:
    """Whether a name that the file binds anew means nothing where a star may carry it, or come from."""
    around = _around(survey, path)
    return "" not in around and all(
        mentions(survey.texts[other], name) == 0 for other in around if other != path
    )


def _around(survey: Survey, path: str) -> frozenset[str]:
    """The files that star imports tie to one; "" where one of them is not of the project."""
    edges: Mapping[str, set[str]] = defaultdict(set)
    for other, facts in survey.facts.items():
        for target in _targets(survey, facts):
            edges[other].add(target)
            if target:
                edges[target].add(other)
    reached, ring = {path}, {path}
    while ring:
        ring = set().union(*(edges[one] for one in ring)) - reached
        reached |= ring
    return frozenset(reached)


def _targets(survey: Survey, facts: FileFacts) -> Iterator[str]:
    """The files from which one imports everything."""
    statements = (one for outer in facts.body.statements for one in within(outer))
    items = (item for one in statements if isinstance(one, s.Import) for item in one.names)
    for item in items:
        if item.name == "*" and item.module not in _KNOWN:
            find = survey.modules
            found = (
                find.relative(item.level, item.module, facts.path)
                if item.level
                else find.find(item.module, facts.path)
            )
            yield found or ""
