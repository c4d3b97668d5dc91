"""Groups of files are asked about in an order in which what takes long is met early."""

from __future__ import annotations

from lintvalue.run.turns import in_turn


def turns(**sizes):
    """Names in turn, of groups given by the size of the whole and of what is asked about first."""
    return in_turn(sizes, lambda name: sizes[name][0], lambda name: sizes[name][1])


def test_the_largest_is_followed_by_the_small_ones_that_take_as_long_as_it():
    assert turns(a=(10, 10), b=(90, 90), c=(100, 100), d=(20, 20), e=(80, 80)) == [*"cdabe"]


def test_of_others_the_larger_come_first():
    assert turns(a=(70, 70), b=(90, 90), c=(100, 100), d=(80, 80)) == [*"cabd"]


def test_where_a_small_part_may_tell_all_it_is_asked_first():
    assert turns(a=(100, 100), b=(40, 5), c=(50, 12), d=(60, 30)) == [*"cbad"]


def test_there_may_be_none_or_one():
    assert turns() == []
    assert turns(a=(3, 3)) == ["a"]
    assert turns(a=(8, 1)) == ["a"]
