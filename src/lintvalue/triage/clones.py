"""Small functions that give back one of their own, copied for each place that calls them.

`delayed(work)(hits)` calls what this call of `delayed` has made, and nobody else does: what it gets, no
other one does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lintvalue.model.lean import names, replace
from lintvalue.triage.sketch import Access, Call, Function, Joint, Sketch, Taking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lintvalue.triage.flow import Flow

# How many numbers a function has in its sketch, if it is small, and how often such are copied at most.
_SMALL, _MOST = 80, 400
_NUMBERED = re.compile(r"(?<=[@#])\d+|(?<=<lambda )\d+")
_BUILT = (Access, Call, Function, Joint, Taking)
# What a sketch has besides that is not taken down for each place.
_ONCE = frozenset({"members", "classes", "named", "properties", "returning", "nested", "loops"})


def unfolded(sketches: Sequence[Sketch], flow: Flow, free: int) -> list[Sketch]:
    """The same files, with copies, and with calls of these; no files if there is nothing to copy.

    No number from `free` on is used by any of them.
    """
    bodies = {name: body for one in sketches for name, body in _wrappers(one)}
    copies: list[Sketch] = []
    found = []
    for one in sketches:
        calls = list(one.calls)
        for index, call in enumerate(calls):
            body = _only(flow.called(call), bodies)
            if body is not None and len(copies) < _MOST:
                place = (free, "")
                copies.append(_copy(body, place))
                calls[index] = replace(call, function=(place,))
                free += 1 + body.end - body.start
        found.append(replace(one, calls=calls))
    return [*found, *copies] if copies else []


def _only(called: set[str], bodies: Mapping[str, _Body]) -> _Body | None:
    """The body of what is called, if that is one small function and nothing else."""
    return bodies.get(*called) if len(called) == 1 else None


def _copy(body: _Body, place: tuple[int, str]) -> Sketch:
    """A copy of a function that lies in a slot of its own, with the numbers behind that."""
    shift = _Shift(body.start, body.end, place[0] + 1 - body.start)
    copy = shift.sketch(body)
    copy.names.append((place, shift.value(body.name)))
    return copy


class _Body:
    """What a sketch says of one function, and of those in it."""

    def __init__(self, sketch: Sketch, function: Function) -> None:
        self.number = sketch.number
        self.name = function.name
        self.start, self.end = _number(function.name), function.end
        inside = _Shift(self.start, self.end, 1)
        self.entries = {
            name: [one for one in getattr(sketch, name) if inside.value(one) != one]
            for name in names(Sketch)
            if isinstance(getattr(sketch, name), list) and name not in _ONCE
        }
        # Where the function itself lies is known to others.
        self.entries["names"] = [x for x in self.entries["names"] if inside.value(x[0]) != x[0]]
        self.loops = [loop for loop in sketch.loops if self.start <= loop[0] < self.end]
        self.returning = {name for name in sketch.returning if inside.value(name) != name}
        self.nested = [pair for pair in sketch.nested if inside.value(pair[0]) != pair[0]]


def _wrappers(sketch: Sketch) -> Iterator[tuple[str, _Body]]:
    """Small functions with a function in them that nobody has decorated."""
    outer = {name for name, _ in sketch.nested}
    for one in sketch.functions:
        plain = one.name in outer and not one.decorated and "@" in one.name
        if plain and one.end - _number(one.name) <= _SMALL:
            yield one.name, _Body(sketch, one)


def _number(name: str) -> int:
    return int(name.rpartition("@")[2])


class _Shift:
    """Gives new numbers to what has one in a range."""

    def __init__(self, start: int, end: int, by: int) -> None:
        self._start, self._end, self._by = start, end, by

    def sketch(self, body: _Body) -> Sketch:
        made = Sketch(body.number)
        for name, many in body.entries.items():
            setattr(made, name, [self.value(one) for one in many])
        made.loops = [(self._number(start), self._number(end)) for start, end in body.loops]
        made.interrupts = [(lock, who, self._sections(many)) for lock, who, many in made.interrupts]
        made.guarded = [(call, self._sections(many)) for call, many in made.guarded]
        made.returning = {self.value(name) for name in body.returning}
        made.nested = [self.value(pair) for pair in body.nested]
        return made

    def value(self, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            return (
                _NUMBERED.sub(self._text, value)
                if "@" in value or "#" in value or "<l" in value
                else value
            )
        if isinstance(value, tuple):
            if len(value) == 2 and isinstance(value[0], int) and isinstance(value[1], str):
                return self._number(value[0]), value[1]
            return tuple(map(self.value, value))
        if isinstance(value, dict):
            return {key: self.value(one) for key, one in value.items()}
        if isinstance(value, _BUILT):
            return self._built(value)
        return value

    def _built(self, value: Any) -> Any:
        changed = {name: self.value(getattr(value, name)) for name in names(value)}
        for name in ("scope", "end", "at", "section"):
            if name in changed:
                changed[name] = self._number(changed[name])
        return type(value)(**changed)

    def _sections(self, sections: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(map(self._number, sections))

    def _number(self, number: int) -> int:
        return number + self._by if self._start <= number < self._end else number

    def _text(self, match: re.Match[str]) -> str:
        return str(self._number(int(match[0])))
