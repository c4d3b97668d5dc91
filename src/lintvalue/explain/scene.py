"""Everything that an explanation looks at: the project, its trace, its texts, and the line asked for."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from lintvalue.explain.calls import links
from lintvalue.explain.lines import function_at
from lintvalue.model.lean import dataclass
from lintvalue.model.trace import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lintvalue.model.explanation import Hop
    from lintvalue.model.facts import FileFacts
    from lintvalue.model.project import Project
    from lintvalue.model.source import Source
    from lintvalue.model.span import Location
    from lintvalue.model.trace import Access, Runner, Scope, Trace

# Calls that are followed from a line to what it touches: a helper, an accessor, what they call.
_DEEPEST = 4
_LONGEST_CODE = 160
# `hits`, `self.hits`, `table["hits"]`: what is short enough to be a name.
_NAME = re.compile(r"[\w.]+(?:\[[^\[\]]{1,30}\])?")


@dataclass(frozen=True, slots=True)
class Reached:
    """An access that a line makes: at `place` in it, through calls of `functions`, outermost first.

    `activation` is that of the line's own function.
    """

    access: Access
    activation: int
    place: Location
    functions: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """`at` are the statements on the line."""

    project: Project
    trace: Trace
    facts: Mapping[str, FileFacts]
    sources: Mapping[str, Source]
    at: tuple[Location, ...]
    seen: Callable[[str], str]  # a path of the project as the user sees it

    def covers(self, place: Location) -> bool:
        """Whether a place lies in a statement on the line."""
        return any(covers(at, place) for at in self.at)

    # Texts

    def rows(self, path: str) -> list[str]:
        source = self.sources.get(path)
        text = source.text if source else ""
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def code(self, at: Location) -> str:
        """The source at a place, on one line."""
        rows = self.rows(at.path)[at.span.line - 1 : at.span.end_line]
        if not rows:
            return ""
        rows[-1] = rows[-1][: at.span.end_column]
        rows[0] = rows[0][at.span.column :]
        text = " ".join(" ".join(row.split()) for row in rows)
        return text if len(text) <= _LONGEST_CODE else text[: _LONGEST_CODE - 1] + "…"

    def row(self, at: Location) -> str:
        """The source of the row in which a place begins, without the blanks around it."""
        rows = self.rows(at.path)
        text = rows[at.span.line - 1].strip() if at.span.line <= len(rows) else ""
        return text if len(text) <= _LONGEST_CODE else text[: _LONGEST_CODE - 1] + "…"

    def function(self, at: Location) -> str:
        facts = self.facts.get(at.path)
        return function_at(facts, at.span) if facts else ""

    # Accesses

    @cached_property
    def reached(self) -> tuple[Reached, ...]:
        """What the line loads and stores, itself and in what it calls."""
        return self.touching(*self.at)

    def touching(self, *places: Location) -> tuple[Reached, ...]:
        """What the statements at `places` load and store, themselves and in what they call."""
        found = dict.fromkeys(
            Reached(access, access.activation, access.at, ())
            for access in self.trace.accesses
            if any(covers(at, access.at) for at in places)
        )
        for callee, caller, place in self._called_at(places):
            for access, functions in self._inside(callee, ()):
                found[Reached(access, caller, place, functions)] = None
        return tuple(sorted(found, key=lambda one: (one.place, one.access.at, one.access.stores)))

    def _called_at(self, places: Sequence[Location]) -> Iterator[tuple[int, int, Location]]:
        """Calls at `places`: who is called, by whom, where."""
        for callee, known in enumerate(self.trace.activations):
            for caller, place in known.callers:
                launched = self.trace.activations[caller].launch
                if not launched and any(covers(at, place) for at in places):
                    yield callee, caller, place

    def _inside(
        self, activation: int, functions: tuple[str, ...]
    ) -> Iterator[tuple[Access, tuple[str, ...]]]:
        """What an activation and those that it calls touch, and through which functions."""
        path = (*functions, self.trace.activations[activation].scope.function)
        for access in self._accesses_of.get(activation, ()):
            yield access, path
        if len(path) < _DEEPEST:
            for callee in self._callees.get(activation, ()):
                yield from self._inside(callee, path)

    @cached_property
    def _accesses_of(self) -> Mapping[int, Sequence[Access]]:
        found: dict[int, list[Access]] = {}
        for access in self.trace.accesses:
            found.setdefault(access.activation, []).append(access)
        return found

    @cached_property
    def _callees(self) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        for callee, known in enumerate(self.trace.activations):
            for caller in dict.fromkeys(caller for caller, _ in known.callers):
                found.setdefault(caller, []).append(callee)
        return found

    @cached_property
    def links(self) -> Mapping[Scope, Sequence[tuple[Scope, Hop]]]:
        """See `calls.links`."""
        return links(self)

    # Names

    def object_name(self, number: int) -> str:
        """What the line calls an object, else what it was first called, else what it is."""
        known = self.project.objects[number]
        return self.spelled.get(number, ("", None))[0] or known.name or f"the {known.kind}"

    def cell_name(self, number: int, cell: str) -> str:
        """`hits.value`, `cells[i]`."""
        return self.object_name(number) + (cell if cell.startswith("[") else f".{cell}")

    @cached_property
    def spelled(self) -> Mapping[int, tuple[str, Location]]:
        """The shortest expression on the line for each object, and where it stands."""
        found: dict[int, tuple[str, Location]] = {}
        for met in self.trace.met:
            text = self.code(met.at) if self.covers(met.at) and met.objects else ""
            if _NAME.fullmatch(text):
                for number in met.objects:
                    found[number] = min(
                        (text, met.at), found.get(number, (text, met.at)), key=_shortness
                    )
        return found

    def lock_name(self, number: int) -> str:
        """What the file calls a lock, else what it is called where it is made, else what it is.

        An object's own is `name.get_lock()`.
        """
        lock = self.project.locks[number]
        if lock.owner is not None:
            return f"{self.object_name(lock.owner)}.get_lock()"
        if number in self.lock_names:
            return self.lock_names[number]
        row = self.rows(lock.made.path)[lock.made.span.line - 1]
        name = _assigned(row, lock.made.span.column)
        return name or f"the {lock.kind} made at {self.short(lock.made, self.at[0].path)}"

    @cached_property
    def lock_names(self) -> Mapping[int, str]:
        """What the line's function calls each lock, else what others in the file do."""
        here = self.function(self.at[0]) if self.at else ""
        found: dict[int, tuple[bool, int, str]] = {}
        for met in self.trace.met:
            text = self.code(met.at) if len(met.locks) == 1 else ""
            if _NAME.fullmatch(text):
                [number] = met.locks
                rank = (self.function(met.at) != here, len(text), text)
                found[number] = min(rank, found.get(number, rank))
        return {number: text for number, (_, _, text) in found.items()}

    def runner(self, number: int) -> Runner:
        return self.trace.runners[number]

    def short(self, at: Location, path: str) -> str:
        """A place as it is told beside places of the file `path`."""
        row = at.span.line
        return f"row {row}" if at.path == path else f"{self.seen(at.path)}:{row}"

    def who(self, number: int, place: Location) -> str:
        """Who runs code at `place`, in words."""
        runner = self.runner(number)
        if runner.made is None:
            unseen = runner.origin is Origin.UNSEEN
            function = self.function(place) or "it"
            return f"whoever calls `{function}`" if unseen else str(runner.origin)
        return f"{_nouns(runner)} made at {self.short(runner.made, place.path)}"

    def launched(self, made: Location) -> str:
        """What is made at a place to run code: `a process`, `the workers of a pool`."""
        found = [runner for runner in self.trace.runners if runner.made == made]
        return str(found[0].origin) if found else "a process"


def _nouns(runner: Runner) -> str:
    if runner.origin is Origin.POOL:
        return "the workers of the pool"
    noun = "thread" if runner.origin is Origin.THREAD else "process"
    return f"the {noun}{'' if not runner.several else 's' if noun == 'thread' else 'es'}"


def _shortness(one: tuple[str, Location]) -> tuple[int, Location]:
    return len(one[0]), one[1]


def covers(at: Location, place: Location) -> bool:
    return at.path == place.path and at.span.encloses(place.span)


def _assigned(row: str, column: int) -> str:
    """The name in `name = ` before a column."""
    before = row[:column].rstrip()
    if not before.endswith("="):
        return ""
    target = before[:-1].partition(":")[0].strip()
    return target if _NAME.fullmatch(target) else ""
