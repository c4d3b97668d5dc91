"""Counters with the numbers of a Value's cell, and Counters around a Value that exists."""

from __future__ import annotations

import ctypes
import math
import multiprocessing
from decimal import Decimal
from fractions import Fraction

import pytest
from runtime.processes import run

from lintvalue.runtime import Counter

# What the largest number of each cell becomes when one is added, and the smallest when one is taken.
WHOLE = {
    "b": (2**7 - 1, -(2**7)),
    "B": (2**8 - 1, 0),
    "h": (2**15 - 1, -(2**15)),
    "H": (2**16 - 1, 0),
    "i": (2**31 - 1, -(2**31)),
    "I": (2**32 - 1, 0),
    "q": (2**63 - 1, -(2**63)),
    "Q": (2**64 - 1, 0),
}


class TestWrapping:
    """A Value wraps round, so a Counter with its typecode does."""

    @pytest.mark.parametrize(("typecode", "ends"), WHOLE.items())
    def test_increment_and_decrement(self, typecode, ends):
        """Both return what is stored."""
        largest, smallest = ends
        counter = Counter(largest, typecode=typecode)
        assert [counter.increment(), counter.value()] == [smallest, smallest]
        assert [counter.decrement(), counter.value()] == [largest, largest]

    @pytest.mark.parametrize(("typecode", "ends"), WHOLE.items())
    def test_storing(self, typecode, ends):
        """Every way to store wraps, and the initial value does."""
        largest, smallest = ends
        counter = Counter(largest + 1, typecode=typecode)
        assert counter.value() == smallest
        counter.set(smallest - 1)
        assert counter.value() == largest
        assert counter.exchange(largest + 2) == largest
        assert counter.compare_and_set(smallest + 1, largest + 1)
        assert counter.update(lambda value: value - 1) == largest
        assert counter.increment_below(largest + 1)
        assert counter.value() == smallest

    def test_only_whole_numbers(self):
        """A float is refused, as a Value refuses it."""
        counter = Counter(typecode="i")
        for change in (counter.increment, counter.decrement, counter.set, counter.exchange):
            with pytest.raises(TypeError):
                change(1.0)
        with pytest.raises(TypeError):
            Counter(1.5, typecode="i")
        assert counter.increment() == 1


class TestFloats:
    def test_double(self):
        """A "d" has the numbers of Python's float."""
        counter = Counter(0.0, typecode="d")
        assert [counter.increment(0.1), counter.increment(0.2)] == [0.1, 0.1 + 0.2]
        assert counter.increment_below(1) is False
        assert counter.increment_below(1.5)
        assert counter.decrement(math.inf) == -math.inf

    def test_single(self):
        """An "f" is rounded, and what increment returns is what value() does."""
        counter = Counter(0.1, typecode="f")
        assert counter.value() == ctypes.c_float(0.1).value != 0.1
        assert counter.increment(0.1) == counter.value() == ctypes.c_float(0.2).value
        assert Counter(1e300, typecode="f").value() == math.inf

    def test_other_numbers(self):
        """What is no float and becomes one is taken, and a text is not."""
        counter = Counter(typecode="d")
        assert counter.increment(Fraction(1, 2)) == 0.5
        assert counter.increment(Decimal("0.25")) == 0.75
        assert counter.increment() == 1.75
        with pytest.raises(TypeError):
            counter.increment("1")
        with pytest.raises(OverflowError):
            counter.increment(10**400)
        assert counter.value() == 1.75


class TestTypecode:
    @pytest.mark.parametrize("ctype", [ctypes.c_int, ctypes.c_size_t, ctypes.c_double])
    def test_ctypes(self, ctype):
        """A ctypes type is as good as its letter, as it is for a Value."""
        assert Counter(7, typecode=ctype).increment() == 8

    @pytest.mark.parametrize(
        "typecode", ["c", "u", "?", "ii", "", 3, int, ctypes.c_bool, ctypes.c_char_p]
    )
    def test_no_number(self, typecode):
        """What is no number cannot be counted."""
        with pytest.raises(TypeError, match="typecode must be one of b, B, h"):
            Counter(typecode=typecode)

    def test_in_another_process(self, ctx):
        """A Counter of any kind of number stays what it is."""
        counters = [Counter(2**31 - 1, ctx=ctx, typecode="i"), Counter(ctx=ctx, typecode="d")]
        run(ctx, increment_all, (counters, 0.5))
        assert [counter.value() for counter in counters] == [-(2**31), 0.5]


def increment_all(counters, fraction):
    counters[0].increment()
    counters[1].increment(fraction)


def add_both_ways(value, counter, times):
    for _ in range(times):
        counter.increment()
        with value.get_lock():
            value.value += 1


class TestWrap:
    """Counter.wrap(value): the same memory, the same lock."""

    def test_beside_old_code(self, ctx):
        """Old code that holds the Value's lock and the Counter exclude each other."""
        value = ctx.Value("i", 5)
        counter = Counter.wrap(value)
        run(ctx, add_both_ways, *[(value, counter, 500)] * 3)
        assert value.value == counter.value() == 5 + 2 * 3 * 500

    def test_a_value_with_a_lock_of_its_own(self):
        """A Lock will do as well as an RLock."""
        value = multiprocessing.Value("h", 1, lock=multiprocessing.Lock())
        assert Counter.wrap(value).increment(2) == 3
        assert value.get_obj().value == 3
        assert Counter.wrap(value).get_lock() is value.get_lock()

    def test_numbers_are_the_value_s(self):
        """What the Value wraps, wraps; what it stores, is read."""
        value = multiprocessing.Value("i", 2**31 - 1)
        assert Counter.wrap(value).increment() == value.value == -(2**31)
        value.value = 7
        assert Counter.wrap(value).value() == 7
        assert Counter.wrap(multiprocessing.Value("d", 0.5)).increment(0.25) == 0.75

    def test_neighbours_are_left_alone(self):
        """Only the bytes of the Value are changed."""
        values = [multiprocessing.Value("b", 1) for _ in range(9)]
        assert Counter.wrap(values[4]).increment(-2) == -1
        assert [value.value for value in values] == [1, 1, 1, 1, -1, 1, 1, 1, 1]

    @pytest.mark.parametrize(
        "other",
        [
            lambda: multiprocessing.RawValue("i", 1),
            lambda: multiprocessing.Value("i", 1, lock=False),
            lambda: multiprocessing.Array("i", 3),
            lambda: multiprocessing.Value("c", b"x"),
            lambda: Counter(1),
            lambda: 1,
        ],
    )
    def test_what_cannot_be_wrapped(self, other):
        """Without a lock or without a number there is nothing to wrap."""
        with pytest.raises(TypeError, match=r"can be wrapped|counts numbers"):
            Counter.wrap(other())
