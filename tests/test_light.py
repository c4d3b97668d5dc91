"""What a worker loads has all that it needs of its dataclasses, and they are whole again behind it."""

from __future__ import annotations

import dataclasses
import gc

import pytest

from lintvalue.crew.light import load


def made():
    @dataclasses.dataclass(frozen=True)
    class Place:
        row: int
        column: int = 0

    @dataclasses.dataclass(frozen=True)
    class Node:
        place: Place = Place(1)

        def __eq__(self, other):
            return self is other

        def __hash__(self):
            return id(self)

    @dataclasses.dataclass(order=True)
    class Count:
        number: int

    return Place, Node, Count


def test_they_are_compared_and_hashed_as_ever():
    place, node, count = load(made)
    assert place(1) == place(1) != place(2)
    assert hash(place(1, 2)) == hash((1, 2))
    assert node() != node()
    assert len({node(), node()}) == 2
    assert count(1) < count(2)
    with pytest.raises(TypeError):
        hash(count(1))


def test_they_are_neither_frozen_nor_shown():
    place, _, _ = load(made)
    place(1).row = 2
    assert "row=" not in repr(place(1))


def test_what_derives_from_a_frozen_one_of_before_is_frozen():
    place, _, _ = made()

    def later():
        return dataclasses.dataclass(frozen=True)(type("Later", (place,), {"__annotations__": {}}))

    with pytest.raises(dataclasses.FrozenInstanceError):
        load(later)(1).row = 2


def test_all_is_as_before_afterwards():
    whole = dataclasses.dataclass
    with pytest.raises(ZeroDivisionError):
        load(lambda: 1 / 0)
    assert dataclasses.dataclass is whole
    assert gc.isenabled()
    gc.unfreeze()
