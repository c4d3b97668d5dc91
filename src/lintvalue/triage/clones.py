"""Small functions that give back one of their own, copied for each place that calls them.

`delayed(work)(hits)` calls what this call of `delayed` has made, and nobody else does: what it gets, no
other one does.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from lintvalue.model.lean import names, replace
from lintvalue.triage.sketch import Access, Call, Function, Joint, Sketch, Taking, Wrapper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lintvalue.triage.slots import Slot

# How many numbers a function has in its sketch, if it is small, and how often such are copied at most.
_SMALL, _MOST = 80, 400
_NUMBERED = re.compile(r"(?<=[@#])\d+|(?<=<lambda )\d+")
_BUILT = (Access, Call, Function, Joint, Taking)
# What a sketch has besides that is not taken down for each place.
_ONCE = frozenset({"classes", "wrappers", "borrowed"})
# What tells more of functions, in no order.
_SETS = ("attributes", "properties", "returning")


def unfolded(
    sketches: Sequence[Sketch], called: Callable[[Call], set[str]], numbers: Iterator[int]
) -> list[Sketch]:
    """The same files, with calls of copies of what is `called`, and with these behind them."""
    wrappers = _Wrappers(sketches)
    copies: list[Sketch] = []
    found = []
    for one in sketches:
        calls = list(one.calls)
        for index, call in enumerate(calls if wrappers else ()):
            body = wrappers.only(called(call))
            if body is not None and len(copies) < _MOST:
                place = (next(numbers), "")
                copies.append(_copy(body, place, numbers))
                calls[index] = replace(call, function=(place,))
        found.append(replace(one, calls=calls) if copies else one)
    return [*found, *copies]


def _copy(body: _Body, place: Slot, numbers: Iterator[int]) -> Sketch:
    """A copy of a function that lies in a slot of its own."""
    start, end = body.wrapper.start, body.wrapper.end
    first, *_ = islice(numbers, end - start)
    shift = _Shift(start, end, first - start)
    copy = shift.sketch(body)
    copy.names.append((place, shift.value(body.wrapper.name)))
    return copy


class _Wrappers:
    """Small functions with a function in them, and what is said of them."""

    def __init__(self, sketches: Iterable[Sketch]) -> None:
        known = ((one, sketch) for sketch in sketches for one in sketch.wrappers)
        self._found = {one.name: (one, sketch) for one, sketch in known if _is_small(one)}
        self._bodies: dict[str, _Body] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def only(self, called: set[str]) -> _Body | None:
        """What is called, if that is one of these and nothing else."""
        if len(called) != 1 or not called <= self._found.keys():
            return None
        (name,) = called
        if name not in self._bodies:
            self._bodies[name] = _Body(*self._found[name])
        return self._bodies[name]


def _is_small(one: Wrapper) -> bool:
    return one.end - one.start <= _SMALL


class _Body:
    """What a sketch says of one wrapper: parts of lists, what is only its in sets, and keys of `finals`."""

    def __init__(self, wrapper: Wrapper, sketch: Sketch) -> None:
        self.wrapper, self.sketch = wrapper, sketch
        lists = {name: end for name, end in wrapper.behind.items() if name not in _ONCE}
        self.lists = {
            name: getattr(sketch, name)[wrapper.before[name] : end] for name, end in lists.items()
        }
        shift = _Shift(wrapper.start, wrapper.end, 1)
        self.sets = {name: shift.changing(getattr(sketch, name)) for name in _SETS}
        self.finals = shift.changing(sketch.finals)


class _Shift:
    """Gives new numbers to what has one in a range."""

    def __init__(self, start: int, end: int, by: int) -> None:
        self._start, self._end, self._by = start, end, by

    def sketch(self, body: _Body) -> Sketch:
        made = Sketch(body.sketch.number)
        for name, many in body.lists.items():
            setattr(made, name, [self.value(entry) for entry in many])
        for name in ("loops", "bodies"):
            many = getattr(made, name)
            setattr(made, name, [(self._number(start), self._number(end)) for start, end in many])
        made.interrupts = [(lock, who, self._sections(many)) for lock, who, many in made.interrupts]
        made.guarded = [(call, self._sections(many)) for call, many in made.guarded]
        for name, own in body.sets.items():
            setattr(made, name, {self.value(entry) for entry in own})
        made.finals = {self.value(key): self.value(body.sketch.finals[key]) for key in body.finals}
        return made

    def changing(self, entries: Iterable[Any]) -> list[Any]:
        """Those that have a number in the range."""
        return [one for one in entries if self.value(one) != one]

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
