"""A project before and after its repairs, and how places of the one are found in the other."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.fix import before
from lintvalue.model.lean import dataclass, replace
from lintvalue.run.places import shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from lintvalue.model.edit import Declined, Repair
    from lintvalue.model.finding import Finding
    from lintvalue.model.source import Source
    from lintvalue.model.span import Location, Span
    from lintvalue.run.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Round:
    """Repairs that were made at once, and the texts around them."""

    old: Mapping[str, Source]
    new: Mapping[str, Source]
    repairs: tuple[Repair, ...]

    def origin(self, at: Location) -> Location:
        edits = [edit for one in self.repairs for edit in one.edits if edit.at.path == at.path]
        if not edits:
            return at
        old, new = self.old[at.path].text, self.new[at.path].text
        return replace(at, span=before(old, new, edits, at.span))


@dataclass(frozen=True, slots=True)
class Mended:
    """One project before and after. `unwritten` are files that stayed as they were."""

    first: Analysis
    last: Analysis
    declined: tuple[Declined, ...] = ()
    rounds: tuple[Round, ...] = ()
    unwritten: frozenset[str] = frozenset()

    @property
    def changed(self) -> tuple[str, ...]:
        pairs = sorted(self.last.sources.items())
        return tuple(path for path, source in pairs if source != self.first.sources[path])

    @property
    def remaining(self) -> tuple[Finding, ...]:
        """Which of the first findings remain, at their first places."""
        left = {_identity(one.code, self.origin(one.at)) for one in self.last.findings}
        return tuple(one for one in self.first.findings if _identity(one.code, one.at) in left)

    def origin(self, at: Location) -> Location:
        """Where in the first texts stood what is in the last ones at a place."""
        for one in reversed(self.rounds):
            at = at if at.path in self.unwritten else one.origin(at)
        return at

    def told_as_first(self, paths: Container[str]) -> Mended:
        """The same, where places in `paths` are those of the first texts."""
        moved = (
            replace(one, at=self.origin(one.at)) if one.at.path in paths else one
            for one in self.declined
        )
        return replace(self, declined=tuple(moved))


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the findings of one file, as the user sees its path; 0 and 0 if it had none."""

    path: str
    fixed: int
    remaining: int


def tallies(projects: Iterable[Mended]) -> tuple[Tally, ...]:
    """One for each file that had findings or was changed; what two projects have counts once."""
    seen: dict[str, dict[tuple[str, Span], bool]] = defaultdict(dict)
    for one in projects:
        root, left = os.fspath(one.first.root), set(one.remaining)
        for path in one.changed:
            seen.setdefault(shown(root, path), {})
        for finding in one.first.findings:
            found = seen[shown(root, finding.at.path)]
            found[finding.code, finding.at.span] = finding in left
    counts = ((path, sum(found.values()), len(found)) for path, found in sorted(seen.items()))
    return tuple(Tally(path, whole - remaining, remaining) for path, remaining, whole in counts)


def _identity(code: str, at: Location) -> tuple[str, str, int, int]:
    return code, at.path, at.span.line, at.span.column
