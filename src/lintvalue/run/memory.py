"""What the last run knew of a project's files, and what is still true of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lintvalue.cache import place
from lintvalue.cache.store import Store, digest
from lintvalue.sources.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lintvalue.model.settings import Options, Settings
    from lintvalue.run.places import Group
    from lintvalue.sources.discover import Found, Stat

# A file that changed less than this before it was read may change again within the same tick of the
# file system's clock.
_TICK = 100_000_000
_UNKNOWN = [-1, -1, -1]


def store_of(group: Group, settings: Settings, options: Options) -> Store | None:
    """The project's cache, if there is to be one."""
    if not options.cache or group.stdin is not None:
        return None
    name = "\0".join((group.root, *(group.paths if group.alone else ())))
    return Store(place.folder(group.root, settings.cache_dir), name, _shaping(settings))


def _shaping(settings: Settings) -> str:
    from dataclasses import replace  # noqa: PLC0415

    return repr(replace(settings, output_format="full", cache_dir=None))


class Memory:
    """One run's view of the store: the files as they are, beside the files as they were."""

    def __init__(self, store: Store, found: Found) -> None:
        self.store = store
        self._now = {path: list(stat) for path, stat in found.stats.items()}
        self._digest = table_digest(found.stats)
        self._before = time.time_ns() - _TICK

    @property
    def unchanged(self) -> bool:
        """Whether no file has changed, come or gone."""
        return self.store.get("state").get("table") == self._digest

    @property
    def texts(self) -> str:
        """The digest of the texts that mattered."""
        return str(self.store.get("state").get("texts"))

    def sources(self) -> list[str]:
        known = self.store.get("state").get("sources")
        return [str(path) for path in known] if isinstance(known, list) else []

    def survey(self) -> tuple[Survey, list[str]]:
        """What is still known of the files, and those of which nothing is."""
        table, links = self.store.get("table"), self.store.get("links")
        seen = Survey()
        changed = []
        for path, stat in self._now.items():
            row = table.get(path)
            if not isinstance(row, list) or row[:3] != stat:
                changed.append(path)
                continue
            seen.sizes[path] = int(stat[1])
            if row[3]:
                seen.kinds[path] = int(row[3])
        if table.keys() == self._now.keys():
            for path in seen.sizes.keys() & links.keys():
                seen.links[path] = tuple(links[path])  # type: ignore[arg-type]
        else:
            changed = list(self._now)  # a name may mean another file now
            seen = Survey()
        return seen, changed

    def keep(self, seen: Survey, sources: list[str], texts: str) -> None:
        table = {
            path: [
                *(stat if max(stat[0], stat[2]) < self._before else _UNKNOWN),
                seen.kinds.get(path, 0),
            ]
            for path, stat in self._now.items()
            if path in seen.sizes
        }
        trusted = all(row[1] >= 0 for row in table.values()) and len(table) == len(self._now)
        self.store.put("table", table)
        self.store.put("links", seen.links)
        state = {"table": self._digest if trusted else "", "texts": texts, "sources": sources}
        self.store.put("state", state)


def table_digest(stats: Mapping[str, Stat]) -> str:
    return digest(repr(stats))
