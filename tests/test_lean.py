"""Lean dataclasses do what the standard library's do."""

from __future__ import annotations

import dataclasses

import pytest

from lintvalue.model import lean


def classes(module):
    """The same classes, made by the one module and by the other."""

    @module.dataclass(frozen=True, slots=True, order=True)
    class Point:
        """A doc."""

        x: int
        y: int = 2
        name: str = ""

        @property
        def far(self):
            return self.x + self.y

    @module.dataclass(slots=True)
    class Path:
        start: Point
        points: list = module.field(default_factory=list)
        names: dict = module.field(default_factory=dict)
        width: int = 1

    return Point, Path


LEAN, WHOLE = classes(lean), classes(dataclasses)


def outcome(ask, point, path):
    """What a question about the classes gives, or the error that it raises."""
    try:
        return ask(point, path)
    except TypeError as error:
        return str(error).rpartition("__init__")[2]


QUESTIONS = {
    "defaults": lambda point, _: (point(1).y, point(1, name="a").name, point(1, 4).far),
    "docstrings": lambda point, _: point.__doc__,
    "equality": lambda point, _: (point(1) == point(1, 2), point(1) != point(2), point(1) == 1),
    "order": lambda point, _: (point(1) < point(2), point(2) <= point(2), point(3) > point(4)),
    "no order": lambda _, path: path(1) < path(2),
    "hashes": lambda point, _: (hash(point(1, 2, "a")) == hash((1, 2, "a")), len({point(1)})),
    "no hashes": lambda _, path: hash(path(1)),
    "mutable defaults": lambda _, path: (path(1).points is path(1).points, path(1, [2]).points),
    "equality of mutable ones": lambda _, path: (path(1) == path(1), path(1) == path(2)),
    "replacing": lambda point, path: (
        lean.replace(point(1), y=5).y,
        lean.replace(path(1), points=[3]).points,
    ),
    "names": lambda point, path: (lean.names(point), lean.names(path(1)), lean.names(3)),
    "patterns": lambda point, _: point.__match_args__,
    "a missing argument": lambda point, _: point(),
    "an unknown argument": lambda point, _: point(1, z=2),
    "too many arguments": lambda point, _: point(1, 2, "", 3),
    "no other attributes": lambda point, _: (hasattr(point(1), "__dict__"), point.__slots__),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_both_give_the_same(ask):
    assert outcome(ask, *LEAN) == outcome(ask, *WHOLE)


def test_they_are_shown_by_their_fields():
    assert repr(LEAN[0](1, name="a")) == "Point(x=1, y=2, name='a')"


def test_functions_of_the_standard_library_work_on_them():
    point, path = LEAN
    assert dataclasses.is_dataclass(point)
    assert dataclasses.replace(point(1), y=7) == point(1, 7)
    assert [one.name for one in dataclasses.fields(path)] == ["start", "points", "names", "width"]


def test_a_hash_is_computed_once():
    asked = []

    class Part:
        def __hash__(self):
            asked.append(1)
            return 7

    @lean.hash_once
    @lean.dataclass(frozen=True, slots=True)
    class Key:
        part: Part
        number: int = 0

    key = Key(Part())
    assert hash(key) == hash(key) == hash((key.part, 0))
    assert asked == [1, 1]  # once for the key, once for the tuple
    assert lean.replace(key, number=1) != key == lean.replace(key)
