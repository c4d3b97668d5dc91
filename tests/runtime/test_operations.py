"""What each operation of a Counter does and returns, and what it refuses."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lintvalue.runtime import Counter

LOWEST, HIGHEST = -9_223_372_036_854_775_808, 9_223_372_036_854_775_807


class TestOperations:
    def test_increment_and_decrement(self):
        """Both return the new value."""
        counter = Counter(10)
        assert [counter.increment(), counter.increment(5), counter.decrement()] == [11, 16, 15]
        assert [counter.decrement(20), counter.increment(-1), counter.value()] == [-5, -6, -6]

    def test_set_and_exchange(self):
        """Both store any number, and exchange returns what was there before."""
        counter = Counter(1)
        counter.set(5)
        assert [counter.exchange(9), counter.value()] == [5, 9]

    def test_compare_and_set(self):
        """It stores only over the expected value, and tells."""
        counter = Counter(1)
        assert [counter.compare_and_set(2, 3), counter.value()] == [False, 1]
        assert [counter.compare_and_set(1, 3), counter.value()] == [True, 3]

    def test_increment_below(self):
        """It never passes the limit, but may reach it."""
        counter = Counter()
        assert [counter.increment_below(2) for _ in range(4)] == [True, True, False, False]
        assert [counter.increment_below(9, 8), counter.increment_below(9, 7)] == [False, True]
        assert counter.value() == 9

    def test_update(self):
        """It returns the new value."""
        counter = Counter(6)
        assert [counter.update(lambda value: value * 7), counter.value()] == [42, 42]

    def test_update_meets_a_change(self):
        """A function that was overtaken is called again with the newer value."""
        counter, seen = Counter(1), []

        def overtaken(value):
            seen.append(value)
            if len(seen) == 1:
                counter.increment(10)
            return value * 2

        assert counter.update(overtaken) == 22
        assert seen == [1, 11]

    def test_update_that_fails(self):
        """An exception in the function changes nothing and leaves the lock free."""
        counter = Counter(3)
        with pytest.raises(ZeroDivisionError):
            counter.update(lambda value: value // 0)
        assert counter.increment() == 4

    def test_get_lock(self):
        """Inside, all operations can be used, and outside it is free."""
        counter = Counter(3)
        with counter.get_lock():
            counter.set(counter.value() * 2)
            counter.increment()
            assert counter.update(lambda value: value * 2) == 14
            assert not in_another_thread(counter.get_lock().acquire, False)
        assert in_another_thread(counter.get_lock().acquire, False)

    def test_repr(self):
        """It shows the value."""
        assert repr(Counter(3)) == "<Counter 3>"


def in_another_thread(function, *arguments):
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(function, *arguments).result(30)


class TestRefusals:
    @pytest.mark.parametrize(
        "change",
        [
            lambda counter: counter.increment(),
            lambda counter: counter.increment(2**200),
            lambda counter: counter.decrement(2**64),
            lambda counter: counter.increment_below(2**70, 5),
            lambda counter: counter.set(2**63),
            lambda counter: counter.exchange(-(2**63) - 1),
            lambda counter: counter.compare_and_set(HIGHEST, 2**63),
            lambda counter: counter.update(lambda value: value + 1),
        ],
    )
    def test_overflow(self, change):
        """What does not fit into 64 bits is an error that changes nothing and leaves no lock."""
        counter = Counter(HIGHEST)
        with pytest.raises(OverflowError, match="64 bits"):
            change(counter)
        assert counter.value() == HIGHEST
        assert counter.decrement() == HIGHEST - 1

    def test_limits(self):
        """The whole range of 64 bits can be used."""
        assert Counter(LOWEST).increment(2**64 - 1) == HIGHEST
        assert Counter(HIGHEST - 1).increment() == HIGHEST
        with pytest.raises(OverflowError):
            Counter(HIGHEST + 1)

    @pytest.mark.parametrize(
        "change",
        [
            lambda counter: counter.increment(1.0),
            lambda counter: counter.set("1"),
            lambda counter: counter.compare_and_set(0, None),
            lambda counter: counter.increment_below(2.5),
            lambda counter: counter.update(lambda value: value / 2),
        ],
    )
    def test_not_a_whole_number(self, change):
        """Only whole numbers are counted."""
        counter = Counter()
        with pytest.raises(TypeError):
            change(counter)
        assert counter.increment() == 1

    def test_no_setter(self):
        """The statement that loses updates on a Value is an error on a Counter."""
        counter = Counter(1)
        with pytest.raises(TypeError):
            counter.value += 1
        with pytest.raises(AttributeError):
            counter.value = 1
        with pytest.raises(AttributeError):
            counter.total = 1
        assert counter.value() == 1

    @pytest.mark.parametrize(
        "lock",
        [threading.Lock(), multiprocessing.Semaphore(2), multiprocessing.Condition(), 1],
    )
    def test_other_locks(self, lock):
        """A lock that does not keep other processes out is refused."""
        with pytest.raises(TypeError, match="Lock or an RLock of multiprocessing"):
            Counter(lock=lock)

    @pytest.mark.parametrize(
        "use", [int, float, range, lambda counter: counter + 1, [0].__getitem__]
    )
    def test_no_number_itself(self, use):
        """A Counter is no number, so that nobody takes it for its value."""
        with pytest.raises(TypeError):
            use(Counter(1))

    @pytest.mark.parametrize("timeout", [-1, float("nan")])
    def test_no_time(self, timeout):
        """A timeout is a time."""
        with pytest.raises(ValueError, match="0 or more"):
            Counter(timeout=timeout)
