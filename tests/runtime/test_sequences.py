"""Random sequences of operations: a Counter answers as the article's class does."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.article import LockedNumber

from lintvalue.runtime import Counter, ShardedCounter

WHOLE = [*"bBhHiIlLqQ"]
edges = [sign * (2**bits + off) for bits in (7, 8, 15, 16, 31, 32, 63, 64) for sign in (1, -1) for off in (-1, 0, 1)]  # fmt: skip
numbers = st.integers(-9, 9) | st.integers(-(2**70), 2**70) | st.sampled_from(edges)
small = st.integers(-9, 9) | st.integers(-(10**9), 10**9)
floats = st.floats(width=32) | st.integers(-(2**60), 2**60)


class Halves:
    """A function for update(), with a repr that tells which."""

    def __init__(self, add):
        self.add = add

    def __call__(self, value):
        return value // 2 + self.add

    def __repr__(self):
        return f"value // 2 + {self.add}"


def operations(number):
    one = st.tuples(number)
    return st.lists(
        st.tuples(st.sampled_from(["increment", "decrement"]), st.just(()) | one)
        | st.tuples(st.sampled_from(["set", "exchange"]), one)
        | st.tuples(st.just("compare_and_set"), st.tuples(number, number))
        | st.tuples(st.just("increment_below"), one | st.tuples(number, number))
        | st.tuples(st.just("update"), st.tuples(number.map(Halves)))
        | st.just(("compare_and_set", "the value")),
        max_size=12,
    )


def sizes(small_size, full_size=10_000):
    return pytest.mark.parametrize(
        "examples", [small_size, pytest.param(full_size, marks=pytest.mark.slow)]
    )


def for_all(examples, strategy, check):
    """Check as many examples of the strategy."""
    quiet = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    quiet(given(strategy)(check))()


def same(one, other):
    return one == other or (one != one and other != other)  # noqa: PLR0124 - NaN


def check_against(counter, model, steps):
    for name, arguments in steps:
        if arguments == "the value":
            arguments = (model.value(), 1)  # noqa: PLW2901
        answer, expected = getattr(counter, name)(*arguments), getattr(model, name)(*arguments)
        assert same(answer, expected), (name, arguments)
        assert same(counter.value(), model.value()), (name, arguments)


@sizes(200)
def test_sequences(examples):
    """Where 64 bits are enough, all answers and all values are equal."""

    def check(steps):
        check_against(Counter(3), LockedNumber(3), steps)

    for_all(examples, operations(small), check)


@sizes(40, 1_000)
@pytest.mark.parametrize("typecode", WHOLE)
def test_typecodes(examples, typecode):
    """With a typecode it wraps where the Value wraps."""

    def check(steps):
        check_against(Counter(3, typecode=typecode), LockedNumber(3, typecode), steps)

    for_all(examples, operations(numbers), check)


@sizes(40, 1_000)
@pytest.mark.parametrize("typecode", "fd")
def test_floats(examples, typecode):
    """It is rounded where the Value is, and keeps what is no number."""

    def check(steps):
        counter, model = Counter(0.5, typecode=typecode), LockedNumber(0.5, typecode)
        check_against(counter, model, [one for one in steps if one[0] != "compare_and_set"])

    for_all(examples, operations(floats), check)


@sizes(200)
def test_overflow(examples):
    """What does not fit into 64 bits raises and changes nothing; all else is exact."""

    def check(steps):
        counter, value = Counter(), 0
        for n in steps:
            try:
                value = counter.increment(n)
            except OverflowError:
                assert not -(2**63) <= value + n < 2**63
            else:
                assert counter.value() == value
            assert counter.value() == value

    for_all(examples, st.lists(numbers, max_size=12), check)


@sizes(100, 1_000)
def test_sharded(examples):
    """A ShardedCounter that nobody else changes is the sum of what was added."""

    def check(changes):
        counter = ShardedCounter(5)
        for n in changes:
            counter.increment(n)
        assert counter.value() == 5 + sum(changes)

    for_all(examples, st.lists(small, max_size=30), check)


def test_nan_is_replaced():
    """A float that is no number is equal to nothing, but compare_and_set and update get past it."""
    counter = Counter(math.nan, typecode="d")
    assert not counter.compare_and_set(1.0, 2.0)
    assert counter.compare_and_set(math.nan, 3.0)
    counter.set(math.nan)
    assert counter.update(lambda _: 4.0) == 4.0
