"""The Counter of lintvalue.runtime, in real processes, threads and signal handlers."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import random
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import RawValue
from typing import TYPE_CHECKING

import pytest

from lintvalue.runtime import Counter
from lintvalue.runtime import counter as counter_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from ctypes import c_longlong
    from multiprocessing.context import BaseContext

LOWEST, HIGHEST = -9_223_372_036_854_775_808, 9_223_372_036_854_775_807
HANG = 60  # seconds after which a process that should have ended is taken to hang


class LockedNumber:
    """The article's class, RawValue and Lock: what every operation of a Counter has to equal."""

    def __init__(self, start: int) -> None:
        self.raw: c_longlong = RawValue("q", start)
        self.lock = multiprocessing.Lock()

    def increment(self, n: int = 1) -> int:
        with self.lock:
            self.raw.value += n
            return self.raw.value

    def decrement(self, n: int = 1) -> int:
        with self.lock:
            self.raw.value -= n
            return self.raw.value

    def value(self) -> int:
        with self.lock:
            return self.raw.value

    def set(self, x: int) -> None:
        with self.lock:
            self.raw.value = x

    def exchange(self, x: int) -> int:
        with self.lock:
            old = self.raw.value
            self.raw.value = x
            return old

    def compare_and_set(self, expected: int, new: int) -> bool:
        with self.lock:
            equal = self.raw.value == expected
            if equal:
                self.raw.value = new
            return equal

    def increment_below(self, limit: int, n: int = 1) -> bool:
        with self.lock:
            fits = self.raw.value + n <= limit
            if fits:
                self.raw.value += n
            return fits

    def update(self, fn: Callable[[int], int]) -> int:
        with self.lock:
            self.raw.value = fn(self.raw.value)
            return self.raw.value


@pytest.fixture(params=["fork", "spawn", "forkserver"])
def ctx(request: pytest.FixtureRequest) -> BaseContext:
    if request.param not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {request.param} on this system")
    return multiprocessing.get_context(str(request.param))


@pytest.fixture
def fork() -> BaseContext:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("no fork on this system")
    return multiprocessing.get_context("fork")


@pytest.fixture(params=["this Python's guard", "the careful guard"])
def _guards(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "the careful guard":
        monkeypatch.setattr(counter_module, "WITH_IS_ONE_STEP", False)


def run(ctx: BaseContext, target: Callable[..., None], *each: tuple[object, ...]) -> None:
    """Run one process for each tuple of arguments, side by side, to a good end."""
    processes = [ctx.Process(target=target, args=args) for args in each]  # type: ignore[attr-defined]  # each context has its own Process
    for process in processes:
        process.start()
    for process in processes:
        process.join(HANG)
        process.kill()
    assert [process.exitcode for process in processes] == [0] * len(processes)


def add_many(counter: Counter, times: int) -> None:
    for _ in range(times):
        counter.increment()


def change_in_every_way(counter: Counter, times: int) -> None:
    for _ in range(times):
        counter.increment(3)
        counter.decrement()
        counter.update(lambda value: value + 5)
        assert counter.increment_below(HIGHEST, 2)
        old = counter.value()
        while not counter.compare_and_set(old, old + 1):
            old = counter.value()


kept: Counter


def keep(counter: Counter) -> None:
    global kept  # noqa: PLW0603  # a pool's initializer has no other place
    kept = counter


def add_to_kept(times: int) -> int:
    add_many(kept, times)
    return times


class TestTotals:
    def test_processes(self, ctx: BaseContext) -> None:
        """No increment of four processes is lost, however they are started."""
        counter = Counter(ctx=ctx)
        run(ctx, add_many, *[(counter, 5_000)] * 4)
        assert counter.value() == 20_000

    @pytest.mark.usefixtures("_guards")
    def test_mixed_operations(self, fork: BaseContext) -> None:
        """All operations exclude each other, on each of the two guards."""
        counter = Counter(7, ctx=fork)
        run(fork, change_in_every_way, *[(counter, 500)] * 4)
        assert counter.value() == 7 + 4 * 500 * 10

    def test_default_context(self) -> None:
        """Without ctx the Counter goes where the default context's processes go."""
        counter = Counter(5)
        run(multiprocessing.get_context(), add_many, *[(counter, 100)] * 2)
        assert counter.value() == 205

    def test_pool(self, ctx: BaseContext) -> None:
        """A pool's workers get the Counter through initargs."""
        counter = Counter(ctx=ctx)
        with ctx.Pool(3, initializer=keep, initargs=(counter,)) as pool:
            done = sum(pool.map(add_to_kept, [200] * 12))
        assert counter.value() == done == 2_400

    def test_executor(self, ctx: BaseContext) -> None:
        """An executor's workers get the Counter through initargs."""
        counter = Counter(ctx=ctx)
        with ProcessPoolExecutor(3, ctx, keep, (counter,)) as executor:
            done = sum(executor.map(add_to_kept, [200] * 12))
        assert counter.value() == done == 2_400

    def test_threads(self) -> None:
        """Threads of one process exclude each other too."""
        counter = Counter()
        threads = [threading.Thread(target=add_many, args=(counter, 5_000)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counter.value() == 40_000

    def test_child_of_a_child(self, fork: BaseContext) -> None:
        """A process that has counted can hand the Counter on to processes of its own."""
        counter = Counter(ctx=fork)
        run(fork, add_and_fork, *[(counter,)] * 2)
        assert counter.value() == 2 * (100 + 2 * 100)

    def test_counters_behind_one_lock(self, ctx: BaseContext) -> None:
        """Counters that were given the same lock stay exact, each on its own."""
        lock = ctx.Lock()
        one, two = Counter(lock=lock), Counter(10, lock=lock)
        run(ctx, add_many, (one, 1_000), (two, 1_000), (two, 1_000))
        assert (one.value(), two.value()) == (1_000, 2_010)


def add_and_fork(counter: Counter) -> None:
    add_many(counter, 100)
    fork = multiprocessing.get_context("fork")
    run(fork, add_many, *[(counter, 100)] * 2)


class TestOperations:
    def test_increment_and_decrement(self) -> None:
        """Both return the new value."""
        counter = Counter(10)
        assert [counter.increment(), counter.increment(5), counter.decrement()] == [11, 16, 15]
        assert [counter.decrement(20), counter.increment(-1), counter.value()] == [-5, -6, -6]

    def test_set_and_exchange(self) -> None:
        """Both store any number, and exchange returns what was there before."""
        counter = Counter(1)
        counter.set(5)
        assert [counter.exchange(9), counter.value()] == [5, 9]

    def test_compare_and_set(self) -> None:
        """It stores only over the expected value, and tells."""
        counter = Counter(1)
        assert [counter.compare_and_set(2, 3), counter.value()] == [False, 1]
        assert [counter.compare_and_set(1, 3), counter.value()] == [True, 3]

    def test_increment_below(self) -> None:
        """It never passes the limit, but may reach it."""
        counter = Counter()
        assert [counter.increment_below(2) for _ in range(4)] == [True, True, False, False]
        assert [counter.increment_below(9, 8), counter.increment_below(9, 7)] == [False, True]
        assert counter.value() == 9

    def test_update(self) -> None:
        """It returns the new value."""
        counter = Counter(6)
        assert [counter.update(lambda value: value * 7), counter.value()] == [42, 42]

    def test_update_meets_a_change(self) -> None:
        """A function that was overtaken is called again with the newer value."""
        counter, seen = Counter(1), []

        def overtaken(value: int) -> int:
            seen.append(value)
            if len(seen) == 1:
                counter.increment(10)
            return value * 2

        assert counter.update(overtaken) == 22
        assert seen == [1, 11]

    def test_update_that_fails(self) -> None:
        """An exception in the function changes nothing and leaves the lock free."""
        counter = Counter(3)
        with pytest.raises(ZeroDivisionError):
            counter.update(lambda value: value // 0)
        assert counter.increment() == 4

    def test_random_sequences(self) -> None:
        """Over random operations a Counter and the article's class give the same answers."""
        for seed in range(200):
            counter, model = Counter(seed), LockedNumber(seed)
            for name, arguments in operations(random.Random(seed)):
                context = f"seed {seed}, {name}{arguments}"
                assert getattr(counter, name)(*arguments) == getattr(model, name)(*arguments), (
                    context
                )
                assert counter.value() == model.value(), context

    def test_repr(self) -> None:
        """It shows the value."""
        assert repr(Counter(3)) == "<Counter 3>"


def operations(draw: random.Random) -> Iterator[tuple[str, tuple[object, ...]]]:
    def number() -> int:
        return draw.choice([0, 1, -1, draw.randint(-9, 9), draw.randint(-(10**9), 10**9)])

    for _ in range(50):
        factor = number() % 7
        yield draw.choice(
            [
                ("increment", ()),
                ("increment", (number(),)),
                ("decrement", ()),
                ("decrement", (number(),)),
                ("value", ()),
                ("set", (number(),)),
                ("exchange", (number(),)),
                ("compare_and_set", (number(), number())),
                ("increment_below", (number(),)),
                ("increment_below", (number(), number())),
                ("update", (lambda value, factor=factor: value % 1_000 * factor - 3,)),
            ]
        )


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
    def test_overflow(self, change: Callable[[Counter], object]) -> None:
        """What does not fit into 64 bits is an error that changes nothing and leaves no lock."""
        counter = Counter(HIGHEST)
        with pytest.raises(OverflowError, match="64 bits"):
            change(counter)
        assert counter.value() == HIGHEST
        assert counter.decrement() == HIGHEST - 1

    def test_limits(self) -> None:
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
    def test_not_a_whole_number(self, change: Callable[[Counter], object]) -> None:
        """Only whole numbers are counted."""
        counter = Counter()
        with pytest.raises(TypeError):
            change(counter)
        assert counter.increment() == 1

    def test_no_setter(self) -> None:
        """The statement that loses updates on a Value is an error on a Counter."""
        counter = Counter(1)
        with pytest.raises(TypeError):
            counter.value += 1  # type: ignore[assignment,operator,method-assign]  # the point
        with pytest.raises(AttributeError):
            counter.value = 1  # type: ignore[assignment,method-assign]  # the point
        with pytest.raises(AttributeError):
            counter.total = 1  # type: ignore[attr-defined]  # the point
        assert counter.value() == 1

    def test_pickled_outside_of_a_launch(self) -> None:
        """Pickling and copying fail with a sentence that names args= and initargs."""
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(RuntimeError, match=r"Process\(args=.*initializer and initargs"):
                attempt(Counter())

    def test_sent_to_a_pool(self, ctx: BaseContext) -> None:
        """A Counter among a task's arguments is refused with the same sentence."""
        with ctx.Pool(1) as pool, pytest.raises(RuntimeError, match="initializer and initargs"):
            pool.apply(add_many, (Counter(ctx=ctx), 1))

    @pytest.mark.parametrize(
        "lock",
        [threading.Lock(), multiprocessing.Semaphore(2), multiprocessing.Condition(), 1],
    )
    def test_other_locks(self, lock: object) -> None:
        """A lock that does not keep other processes out is refused."""
        with pytest.raises(TypeError, match="Lock or an RLock of multiprocessing"):
            Counter(lock=lock)  # type: ignore[arg-type]  # the point


def hold_for_ever(
    lock: multiprocessing.synchronize.Lock, held: multiprocessing.synchronize.Event
) -> None:
    lock.acquire()
    held.set()


class TestReading:
    def test_while_another_process_holds_the_lock(self, ctx: BaseContext) -> None:
        """The value is read at once, even if the lock's holder has died."""
        lock, held = ctx.Lock(), ctx.Event()
        counter = Counter(8, ctx=ctx, lock=lock)
        run(ctx, hold_for_ever, (lock, held))
        assert held.is_set()
        assert not lock.acquire(block=False)
        assert counter.value() == 8


class Interrupted(Exception):  # noqa: N818  # it is no error
    """Raised by a signal handler."""


def interrupt_and_raise(counter: Counter, lock: multiprocessing.synchronize.Lock) -> None:
    """Count until 2,000 signal handlers have raised; the lock must be free each time."""
    interrupts = 0

    def raising(*_: object) -> None:
        raise Interrupted

    signal.signal(signal.SIGALRM, raising)
    while interrupts < 2_000:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.00003 + interrupts % 97 * 1e-6)
            while True:
                counter.increment()
                counter.increment_below(HIGHEST)
                counter.compare_and_set(-1, -1)
        except Interrupted:
            interrupts += 1
        assert lock.acquire(block=False)
        lock.release()


def interrupt_and_count(counter: Counter) -> None:
    """Count until 2,000 signal handlers have counted too; the total must be that of both."""
    counted = {"here": 0, "in handlers": 0}

    def counting(*_: object) -> None:
        counter.increment()
        counted["in handlers"] += 1
        if counted["in handlers"] < 2_000:
            signal.setitimer(signal.ITIMER_REAL, 0.00003)

    signal.signal(signal.SIGALRM, counting)
    signal.setitimer(signal.ITIMER_REAL, 0.00003)
    while counted["in handlers"] < 2_000:
        counter.increment()
        counter.update(lambda value: value + 1)
        counted["here"] += 2
    assert counter.value() == sum(counted.values())


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
@pytest.mark.usefixtures("_guards")
class TestSignalHandlers:
    def test_raising(self, fork: BaseContext) -> None:
        """A handler that raises in the midst of an operation leaves the lock free."""
        lock = fork.Lock()
        counter = Counter(ctx=fork, lock=lock)
        run(fork, interrupt_and_raise, (counter, lock))

    def test_counting(self, fork: BaseContext) -> None:
        """A handler that counts neither waits for ever nor loses an update."""
        run(fork, interrupt_and_count, (Counter(ctx=fork),))
