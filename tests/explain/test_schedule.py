"""Orders are found only where the locks leave room for them."""

from __future__ import annotations

from lintvalue.explain.schedule import Act, losing
from lintvalue.model.explanation import Action


def update(*locks):
    """A load and a store, both under all of `locks`."""
    return [
        *(Act(Action.ACQUIRE, lock, lock) for lock in locks),
        Act(Action.LOAD, "cell"),
        Act(Action.COMPUTE, "cell"),
        Act(Action.STORE, "cell"),
        *(Act(Action.RELEASE, lock, lock) for lock in reversed(locks)),
    ]


def test_two_bare_updates_lose_one():
    moves = losing(update(), update())
    assert [move.value for move in moves if move.action is Action.STORE] == [1, 1]


def test_a_lock_in_common_leaves_no_such_order():
    assert losing(update("a"), update("a")) == ()
    assert losing(update("a", "b"), update("b")) == ()


def test_locks_that_differ_exclude_nothing():
    assert losing(update("a"), update("b"))


def test_a_lock_around_one_of_the_two_is_none():
    assert losing(update("a"), update())


def test_a_gap_between_two_sections_is_found():
    split = [*update("a")[:2], Act(Action.RELEASE, "a", "a"), Act(Action.ACQUIRE, "a", "a")]
    split += update("a")[2:]
    moves = losing(split, update("a"))
    assert [move.process for move in moves if move.action is Action.STORE] == [2, 1]


def test_who_holds_a_lock_may_take_it_once_more():
    again = [Act(Action.ACQUIRE, "a", "a"), *update("a"), Act(Action.RELEASE, "a", "a")]
    assert losing(again, update())


def test_plain_stores_alone_lose_nothing():
    store = [Act(Action.STORE, "cell", value=9)]
    assert losing(store, store) == ()
    assert losing(store, update()) == ()


def test_sections_that_overlap_like_links_of_a_chain_are_no_section():
    """Each holds some lock all the time, and yet both load before either of them stores."""
    chain = [
        Act(Action.ACQUIRE, "a", "a"),
        Act(Action.LOAD, "cell"),
        Act(Action.ACQUIRE, "b", "b"),
        Act(Action.RELEASE, "a", "a"),
        Act(Action.COMPUTE, "cell"),
        Act(Action.STORE, "cell"),
        Act(Action.RELEASE, "b", "b"),
    ]
    moves = losing(chain, chain)
    assert [move.value for move in moves if move.action is Action.STORE] == [1, 1]
    loads = [index for index, move in enumerate(moves) if move.action is Action.LOAD]
    stores = [index for index, move in enumerate(moves) if move.action is Action.STORE]
    assert max(loads) < min(stores)


def test_the_order_with_the_fewest_changes_of_turns_is_drawn():
    processes = [move.process for move in losing(update(), update())]
    assert processes == [1, 2, 2, 2, 1, 1]
