"""What the last run knew of a project's files, and what is still true of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lintvalue.cache import place
from lintvalue.cache.store import Store, digest
from lintvalue.sources.survey import Survey

if TYPE_CHECKING:
    from lintvalue.model.settings import Options, Settings
    from lintvalue.run.places import Group
    from lintvalue.sources.discover import Found

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
    from lintvalue.model.lean import replace  # noqa: PLC0415

    return repr(replace(settings, output_format="full", cache_dir=None))


class Memory:
    """One run's view of the store: the files as they are, beside the files as they were."""

    def __init__(self, store: Store, found: Found, request: str) -> None:
        self.store = store
        self._request = request
        self._known = store.answer(request)
        self._now = {path: list(stat) for path, stat in found.stats.items()}
        self._digest = digest(repr(found.stats))
        self._before = time.time_ns() - _TICK

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

    def keep_survey(self, seen: Survey) -> None:
        table = {path: self._row(path, seen) for path in self._now.keys() & seen.sizes.keys()}
        trusted = all(row[1] >= 0 for row in table.values()) and len(table) == len(self._now)
        self.store.put("table", table)
        self.store.put("links", seen.links)
        if not trusted:
            self._digest = ""

    def _row(self, path: str, seen: Survey) -> list[int]:
        stat = self._now[path]
        settled = max(stat[0], stat[2]) < self._before
        return [*(stat if settled else _UNKNOWN), seen.kinds.get(path, 0)]

    def keep_report(self, sources: list[str], texts: str, report: str) -> None:
        answer = {"table": self._digest, "texts": texts, "sources": sources, "report": report}
        if answer != self._known:
            self.store.keep_answer(self._request, answer)
