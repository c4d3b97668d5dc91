"""Whether something can be wrong in a group of files, of which no more is read than that takes."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.triage.apart import involved, wanted
from lintvalue.triage.clones import unfolded
from lintvalue.triage.flow import Flow
from lintvalue.triage.graph import TooMuch
from lintvalue.triage.named import Named
from lintvalue.triage.pieces import File, Refused, mentions, starts
from lintvalue.triage.slots import last
from lintvalue.triage.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lintvalue.triage.apart import Wanted
    from lintvalue.triage.sketch import Sketch

# How much of all is read in vain at most: at first, and over all turns, until all is read.
_MOST_AT_FIRST, _MOST = 0.35, 0.15


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may be wrong, "" if nothing is, and the files that may have a part in it."""

    reason: str
    paths: frozenset[str]


def doubt(
    texts: Mapping[str, bytes],
    own: Callable[[str, str], str | None],
    makes: Callable[[bytes], bool],
    patience: float = 1.0,
) -> Doubt:
    """What may be wrong in files of one project that are tied to each other.

    `own` tells which file of the project another one, by its path, means by the dotted name of a module;
    `makes`, whether a text, or a part of one, may make something shared. With more `patience`, less is
    read that has nothing to do with what is made, though it may take longer.
    """
    try:
        asked = _Asked(texts, own, makes)
        return Doubt(asked.doubt(patience), asked.read)
    except Refused as refused:
        return Doubt(f"{refused} can't be read", frozenset(texts))
    except (TooMuch, RecursionError):
        return Doubt("more than can be followed", frozenset(texts))


class _Asked:
    """One question on some files, of which those are read that make something, and what is tied to it."""

    def __init__(
        self,
        texts: Mapping[str, bytes],
        own: Callable[[str, str], str | None],
        makes: Callable[[bytes], bool],
    ) -> None:
        self._own = own
        self._numbers = count()
        self._files = {path: File(path, text) for path, text in texts.items()}
        for file in self._files.values():
            if makes(file.text):
                file.open(makes)

    def doubt(self, patience: float) -> str:
        whole = sum(len(file.text) for file in self._files.values())
        most, tried = patience * _MOST_AT_FIRST * whole, 0
        while True:
            tried += whole - self._left()
            if tried > most:
                self._read_all()
            found = self._ask()
            if found is not None:
                return found
            most = patience * _MOST * whole

    @property
    def read(self) -> frozenset[str]:
        """The files of which something was, and the packages that they are in."""
        found = {path for path, file in self._files.items() if file.is_open}
        folders = {path[: at + 1] for path in found for at, one in enumerate(path) if one == "/"}
        return frozenset(
            found | {f"{folder}__init__.py" for folder in folders} & self._files.keys()
        )

    def _left(self) -> int:
        return sum(file.left for file in self._files.values())

    def _ask(self) -> str | None:
        """What may be wrong in what was read; None if more was read in the meantime."""
        sketches = self._sketches()
        if any(one.doubt for one in sketches):
            self._read_all()
            return "something that can't be followed"
        named = Named(sketches)
        first = unfolded(sketches, named.called, self._numbers)
        flow = Flow(first)
        try:
            if self._left() and self._read(wanted(first, flow)):
                return None
            found = Verdict(first, flow).doubt()
            if not found:
                return ""
            if self._left() and self._read(involved(first, flow)):
                return None
            again = unfolded(
                sketches, lambda call: named.called(call) or flow.called(call), self._numbers
            )
        finally:
            flow.let_go()
        return found if len(again) == len(first) else _judged(again)

    def _sketches(self) -> list[Sketch]:
        """What was read of each file, with what is known of those that it imports from."""
        found = []
        whole = not self._left()
        for one in self._trusted():
            one.outer = [x.slot for x in one.borrowed if self._is_closed(x.path)]
            beyond = () if whole else one.borrowed
            one.beyond = [x.slot for x in beyond if x.path not in self._files]
            found.append(one)
        return found

    def _trusted(self) -> list[Sketch]:
        """No property may run between a test and what it has shown: files where one may are read once more."""
        opened = {path: file for path, file in self._files.items() if file.is_open}
        own = {path: partial(self._own, path) for path in opened}
        sketches = {path: file.sketch(self._numbers, own[path]) for path, file in opened.items()}
        run = {last(name) for one in sketches.values() for name in one.properties}
        for path, one in sketches.items():
            if not run.isdisjoint(one.crossed):
                opened[path].distrust()
        return [file.sketch(self._numbers, own[path]) for path, file in opened.items()]

    def _is_closed(self, path: str) -> bool:
        return path in self._files and not self._files[path].is_open

    def _read(self, more: Wanted) -> bool:
        """Read what is wanted; whether there was anything."""

        def leads(text: bytes) -> bool:
            return mentions(text, more.mentioned) or (more.starting and starts(text))

        found = False
        for path, file in self._files.items():
            if not file.is_open and (path in more.files or leads(file.text)):
                file.open(leads)
                found = True
            found |= file.more(lambda name, text: name in more.defined or leads(text))
        if more.open and not found:
            self._read_all()
        return found or more.open

    def _read_all(self) -> None:
        for file in self._files.values():
            if not file.is_open:
                file.open(lambda _: True)
            file.more(lambda _, __: True)


def _judged(sketches: Sequence[Sketch]) -> str:
    flow = Flow(sketches)
    try:
        return Verdict(sketches, flow).doubt()
    finally:
        flow.let_go()
