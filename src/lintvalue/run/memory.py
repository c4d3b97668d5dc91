"""What the last run knew of a project's files, and what is still true of it."""

from __future__ import annotations

import os
import time
from array import array
from typing import TYPE_CHECKING

from lintvalue.cache import place, table
from lintvalue.cache.store import Store, digest
from lintvalue.cache.table import Table
from lintvalue.crew.divide import divide
from lintvalue.sources.discover import STATE, states

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.model.settings import Options, Settings
    from lintvalue.run.places import Group
    from lintvalue.sources.discover import Found
    from lintvalue.sources.survey import Survey

# A file that changed less than this before it was read may change again within the same tick of the
# file system's clock.
_TICK = 100_000_000
_UNKNOWN = -1
_MANY = 2_000  # files: what two processes look at in half of the time


def store_of(group: Group, settings: Settings, options: Options) -> Store | None:
    """The project's cache, if there is to be one."""
    if not options.cache or group.stdin is not None:
        return None
    name = "\0".join((group.root, *(group.paths if group.alone else ())))
    return Store(place.folder(group.root, settings.cache_dir), name, _shaping(settings))


def _shaping(settings: Settings) -> str:
    from lintvalue.model.lean import replace  # noqa: PLC0415

    return repr(replace(settings, output_format="full", cache_dir=None))


def states_of(group: Group, found: Found, workers: int) -> array[int]:
    """STATE numbers for each file that is found."""
    many = len(found.files) > _MANY
    shares = divide(
        found.files, lambda share: states(group.root, share).tobytes(), workers if many else 1
    )
    return array("q", b"".join(shares))


class Memory:
    """One run's view of the store: the files as they are, beside the files as they were."""

    def __init__(self, store: Store, found: Found, states: array[int], request: str) -> None:
        self.store = store
        self._request = request
        self._known = store.answer(request)
        self._files = found.files
        self._states = states
        self._before = time.time_ns() - _TICK
        self._digest = digest(os.fsencode("\0".join(found.files)), states.tobytes())

    @property
    def unchanged(self) -> bool:
        """Whether no file has changed, come or gone since the same was asked."""
        return self._known.get("table") == self._digest

    def sources(self) -> list[str]:
        """The files that mattered."""
        known = self._known.get("sources")
        return [str(path) for path in known] if isinstance(known, list) else []

    def report(self, texts: str | None = None) -> str | None:
        """The report on the same files, or on files of which the same `texts` matter."""
        same = self.unchanged if texts is None else self._known.get("texts") == texts
        told = self._known.get("report")
        return told if same and isinstance(told, str) else None

    def survey(self) -> tuple[Survey, list[str]]:
        """What is still known of the files, and those of which nothing is."""
        from lintvalue.sources.survey import Survey  # noqa: PLC0415 - where nothing changed, nobody looks

        known = table.load(self.store)
        if known is None or known.paths != self._files:
            return Survey(), list(self._files)  # a name may mean another file now
        changed = self._changed(known)
        seen = Survey()
        for row, path in enumerate(known.paths):
            if row in changed:
                continue
            seen.sizes[path] = known.sizes[row]
            if known.kinds[row]:
                seen.kinds[path] = known.kinds[row]
            if known.links[row]:
                seen.links[path] = known.linked(row)
        return seen, [known.paths[row] for row in sorted(changed)]

    def _changed(self, known: Table) -> frozenset[int]:
        """The rows of files that are no longer as they were."""
        if known.states == self._states:
            return frozenset()
        pairs = zip(_rows(known.states), _rows(self._states), strict=True)
        return frozenset(row for row, (before, now) in enumerate(pairs) if before != now)

    def keep_survey(self, seen: Survey) -> None:
        table.keep(
            self.store,
            Table(
                self._files,
                self._settled(seen),
                array("q", [seen.sizes.get(path, 0) for path in self._files]),
                bytes([seen.kinds.get(path, 0) for path in self._files]),
                table.links_between(self._files, seen.links),
            ),
        )

    def _settled(self, seen: Survey) -> array[int]:
        """The states; of files that may still change unnoticed, or of which nothing is known, none."""
        states = self._states[:]
        for row, (path, state) in enumerate(zip(self._files, _rows(states), strict=True)):
            if path not in seen.sizes or max(state[0], state[2]) >= self._before:
                states[row * STATE : (row + 1) * STATE] = array("q", [_UNKNOWN] * STATE)
        if _UNKNOWN in states:
            self._digest = ""
        return states

    def keep_report(self, sources: list[str], texts: str, report: str) -> None:
        answer = {"table": self._digest, "texts": texts, "sources": sources, "report": report}
        if answer != self._known:
            self.store.keep_answer(self._request, answer)


def _rows(states: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return zip(*[iter(states)] * STATE, strict=True)
