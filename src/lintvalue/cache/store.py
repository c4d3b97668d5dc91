"""What is kept of one project: the state of its files, what each says, what was reported."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING

from lintvalue.cache import file, place
from lintvalue.cache.identity import identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MOST_REPORTS = 8


def digest(*parts: str) -> str:
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(part.encode("utf-8", "surrogateescape"))
        made.update(b"\0")
    return made.hexdigest()


class Store:
    """One project's cache. Whatever is wrong with it is told once, and then there is none."""

    def __init__(self, folder: str, name: str, configuration: str) -> None:
        """The cache called `name` in `folder`; what another configuration made is not used."""
        self.warning: str | None = None
        self._folder = folder
        self._path = os.path.join(folder, f"{digest(name)}.json")
        self._identity = f"{identity()} {digest(configuration)}"
        self._changed = False
        self._values: dict[str, object] = {}
        self._file: file.Sections | None = None
        try:
            self._file = file.Sections(self._path, self._identity)
        except file.DamagedError as error:
            self._lost(error)

    def _lost(self, error: Exception) -> None:
        self.warning = self.warning or f"the cache {self._path} is not used: {error}"
        self._file = None

    def get(self, name: str) -> dict[str, object]:
        """A section; empty where there is none."""
        if name not in self._values:
            value: object = None
            if self._file is not None:
                try:
                    value = self._file.section(name)
                except file.DamagedError as error:
                    self._lost(error)
            self._values[name] = value if isinstance(value, dict) else {}
        return self._values[name]  # type: ignore[return-value] # set above

    def put(self, name: str, value: Mapping[str, object]) -> None:
        self._values[name] = dict(value)
        self._changed = True

    # What was reported

    def report(self, request: str, texts: str) -> str | None:
        """The report of the same request on the same texts."""
        kept = self.get("reports").get(request)
        if isinstance(kept, list) and len(kept) == 2 and kept[0] == texts:
            return str(kept[1])
        return None

    def keep_report(self, request: str, texts: str, report: str) -> None:
        reports = self.get("reports")
        reports.pop(request, None)
        reports[request] = [texts, report]
        for old in list(reports)[:-_MOST_REPORTS]:
            del reports[old]
        self._changed = True

    # Facts

    def facts(self, path: str, content: str) -> str | None:
        kept = self.get("facts").get(path)
        if isinstance(kept, list) and len(kept) == 2 and kept[0] == content:
            return str(kept[1])
        return None

    def keep_facts(self, facts: Iterable[tuple[str, str, str]]) -> None:
        """Path, content's digest, and facts of each file; others are forgotten."""
        self.put("facts", {path: [content, text] for path, content, text in facts})

    def save(self) -> None:
        if not self._changed:
            return
        names = ("state", "reports", "table", "links", "facts")
        sections = {name: self.get(name) for name in names}
        try:
            place.make(self._folder)
            file.write(self._path, self._identity, sections)
        except OSError as error:
            self._lost(error)
