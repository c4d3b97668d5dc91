"""What is kept of one project: the state of its files, what each says, what was reported."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from lintvalue.cache import file, place, table
from lintvalue.cache.identity import identity
from lintvalue.model.hashes import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MOST_ANSWERS = 8
PARTS = (
    "answers", "paths", "watched", "watched states", "states", "sizes", "kinds", "served", "links",
    "facts",
)  # fmt: skip


def digest(*parts: str | bytes) -> str:
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part)
        made.update(b"\0")
    return made.hexdigest()


class Store:
    """One project's cache. Whatever is wrong with it is told once, and then there is none."""

    def __init__(self, folder: str, name: str, configuration: str) -> None:
        """The cache called `name` in `folder`; what another configuration made is not used."""
        self.warning: str | None = None
        self.folder = folder
        self._path = os.path.join(folder, f"{digest(name)}.json")
        self._identity = f"{identity()} {digest(configuration)}"
        self._values: dict[str, dict[str, object]] = {}
        self._changed: dict[str, bytes | None] = {}  # None: its value has changed
        self._file: file.Sections | None = None
        try:
            self._file = file.Sections(self._path, self._identity)
        except file.DamagedError as error:
            self._lost(error)

    def _lost(self, error: Exception) -> None:
        self.warning = self.warning or f"the cache {self._path} is not used: {error}"
        self._file = None

    def part(self, name: str) -> bytes:
        """A part as it is kept; b"" where there is none."""
        changed = self._changed.get(name)
        if changed is not None:
            return changed
        if self._file is None:
            return b""
        try:
            return self._file.section(name) or b""
        except file.DamagedError as error:
            self._lost(error)
            return b""

    def keep_part(self, name: str, data: bytes) -> None:
        self._changed[name] = data

    def get(self, name: str) -> dict[str, object]:
        """The value of a part that is JSON; empty where there is none."""
        if name not in self._values:
            try:
                value = json.loads(self.part(name) or b"{}")
            except (ValueError, RecursionError) as error:
                self._lost(error)
                value = {}
            self._values[name] = value if isinstance(value, dict) else {}
        return self._values[name]

    def put(self, name: str, value: Mapping[str, object]) -> None:
        self._values[name] = dict(value)
        self._changed[name] = None

    # What was asked and answered

    def answer(self, request: str) -> dict[str, object]:
        """What is kept of the last run that asked for the same; empty if there was none."""
        kept = self.get("answers").get(request)
        return kept if isinstance(kept, dict) else {}

    def keep_answer(self, request: str, answer: Mapping[str, object]) -> None:
        answers = self.get("answers")
        answers.pop(request, None)
        answers[request] = dict(answer)
        for old in list(answers)[:-_MOST_ANSWERS]:
            del answers[old]
        self._changed["answers"] = None

    # Facts

    def facts(self, path: str, content: str) -> str | None:
        kept = self.get("facts").get(path)
        if isinstance(kept, list) and len(kept) == 2 and kept[0] == content:
            return str(kept[1])
        return None

    def keep_facts(self, facts: Iterable[tuple[str, str, str]]) -> None:
        """Path, content's digest, and facts of each file; those of files that are gone go, too."""
        known = frozenset(table.split(self.part("paths")))
        kept = {path: one for path, one in self.get("facts").items() if path in known}
        self.put("facts", kept | {path: [content, text] for path, content, text in facts})

    def save(self) -> None:
        if not self._changed:
            return
        sections = {name: self._bytes(name) for name in PARTS}
        try:
            place.make(self.folder)
            file.write(self._path, self._identity, sections)
        except OSError as error:
            self._lost(error)

    def _bytes(self, name: str) -> bytes:
        if name in self._changed and self._changed[name] is None:
            return json.dumps(self._values[name], separators=(",", ":")).encode()
        return self.part(name)
