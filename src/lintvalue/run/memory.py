"""What the last run knew of a project's files, and what is still true of it."""

from __future__ import annotations

import os
import time
from array import array
from typing import TYPE_CHECKING

from lintvalue.cache import place, table
from lintvalue.cache.store import Store, digest
from lintvalue.cache.table import Table, joined, split
from lintvalue.crew.divide import divide
from lintvalue.model.lean import replace
from lintvalue.sources.discover import STATE, Found, states

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lintvalue.model.settings import Options, Settings
    from lintvalue.run.places import Group
    from lintvalue.sources.survey import Survey

# A file that changed less than this before it was read may change again within the same tick of the
# file system's clock.
_TICK = 100_000_000
_UNKNOWN = -1
# What the files are that were found, and by which folders.
_FINDING = ("paths", "watched", "watched states")
# Whether a folder's times tell that its listing has changed: POSIX says so of open, rename and unlink.
_PROMISED = os.name == "posix"
_MANY = 2_000  # files: what two processes look at in half of the time


def store_of(group: Group, settings: Settings, options: Options) -> Store | None:
    """The project's cache, if there is to be one."""
    if not options.cache or group.stdin is not None:
        return None
    name = "\0".join((group.root, *(group.paths if group.alone else ())))
    return Store(place.folder(group.root, settings.cache_dir), name, _shaping(settings))


def _shaping(settings: Settings) -> str:
    return repr(replace(settings, output_format="full", cache_dir=None))


class Memory:
    """One run's view of the store: the files as they are, beside the files as they were."""

    def __init__(self, store: Store, root: str, request: str) -> None:
        self.store = store
        self.root = root
        self._request = request
        self._known = store.answer(request)
        self._before = time.time_ns() - _TICK
        self._found = Found((), frozenset(), ())
        self._states = array("q")
        self._digest = self._kept = ""  # of the files as they are, and as they are told next time

    def found(self) -> Found | None:
        """The files that there were when the same was asked, if a walk would find the same again."""
        parts = [self.store.part(name) for name in _FINDING]
        if self._known.get("found") != digest(*parts):
            return None
        paths, watched, then = parts
        if states("", split(watched)).tobytes() != then:
            return None
        files, named = split(paths), self._known.get("named")
        return Found(files, frozenset(map(str, named) if isinstance(named, list) else files), ())

    def look(self, found: Found, workers: int) -> None:
        """Look at the files that are found."""
        shares = divide(
            found.files,
            lambda share: states(self.root, share).tobytes(),
            workers if len(found.files) > _MANY else 1,
        )
        self._found = found
        self._states = array("q", b"".join(shares))
        self._digest = self._kept = _digest(found.files, self._states)

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

    def surveyed(self) -> Table | None:
        """What was known of the files; nothing if others have come, since a name may mean those now."""
        known = table.load(self.store)
        return known if known is not None and known.paths == self._found.files else None

    def survey(self) -> tuple[Survey, list[str]]:
        """What is still known of the files, and those of which nothing is."""
        from lintvalue.sources.survey import Survey  # noqa: PLC0415 - where nothing changed, nobody looks

        known = self.surveyed()
        if known is None:
            return Survey(), list(self._found.files)
        changed = self.changed(known)
        seen = Survey()
        for row, path in enumerate(known.paths):
            if row in changed:
                continue
            seen.sizes[path] = known.sizes[row]
            if known.kinds[row]:
                seen.kinds[path] = known.kinds[row]
            linked = known.linked(row)
            if linked is not None:
                seen.links[path] = linked
        return seen, [known.paths[row] for row in sorted(changed)]

    def answers(self, known: Table) -> bool:
        """Whether the answer to the same question was found when the files were as they are known."""
        return self._known.get("table") == _digest(known.paths, known.states)

    def accept(self, known: Table) -> None:
        """The answer holds, though files have changed."""
        states = self._settled(known.paths)
        table.keep(self.store, replace(known, states=states))
        self._known = {**self._known, "table": self._digest}

    def changed(self, known: Table) -> frozenset[int]:
        """The rows of files that are no longer as they were."""
        if known.states == self._states:
            return frozenset()
        pairs = zip(_rows(known.states), _rows(self._states), strict=True)
        return frozenset(row for row, (before, now) in enumerate(pairs) if before != now)

    def keep_survey(self, seen: Survey) -> None:
        table.keep(
            self.store,
            Table(
                self._found.files,
                self._settled(seen.sizes),
                array("q", [seen.sizes.get(path, 0) for path in self._found.files]),
                bytes([seen.kinds.get(path, 0) for path in self._found.files]),
                bytes([path in seen.served for path in self._found.files]),
                table.links_between(self._found.files, seen.links),
            ),
        )

    def _settled(self, known: Iterable[str]) -> array[int]:
        """The states; of files that may still change unnoticed, or of which nothing is known, none."""
        states, known = self._states[:], frozenset(known)
        for row, (path, state) in enumerate(zip(self._found.files, _rows(states), strict=True)):
            if path not in known or max(state[0], state[2]) >= self._before:
                states[row * STATE : (row + 1) * STATE] = array("q", [_UNKNOWN] * STATE)
        self._kept = _digest(self._found.files, states)
        return states

    def keep_report(self, sources: list[str], texts: str, report: str) -> None:
        self._keep({"texts": texts, "sources": sources, "report": report})

    def keep_found(self) -> None:
        """Keep what a walk found, where all else is known."""
        self._keep(self._known)

    def _keep(self, told: Mapping[str, object]) -> None:
        found = self._found
        named = None if len(found.named) == len(found.files) else sorted(found.named)
        answer = {**told, "table": self._kept, "named": named, "found": self._finding()}
        if answer != self.store.answer(self._request):
            self.store.keep_answer(self._request, answer)

    def _finding(self) -> str:
        """A digest of all that a walk depends on, which is kept; "" where it may change unnoticed."""
        watched = dict(self._found.watched)
        if not _PROMISED or self.store.folder in watched:  # what is kept here would change it
            return ""
        if watched:  # there was a walk
            if any(
                max(written, changed) >= self._before for written, _, changed in watched.values()
            ):
                return ""
            then = array("q", [number for state in watched.values() for number in state])
            self.store.keep_part("watched", joined(watched))
            self.store.keep_part("watched states", then.tobytes())
        parts = [self.store.part(name) for name in _FINDING]
        return digest(*parts) if parts[0] == joined(self._found.files) else ""


def _digest(paths: Iterable[str], states: array[int]) -> str:
    return digest(joined(paths), states.tobytes())


def _rows(states: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return zip(*[iter(states)] * STATE, strict=True)
