"""Signal handlers that raise leave nothing locked; those that count neither hang nor lose anything."""

from __future__ import annotations

import contextlib
import signal
import time

import pytest
from runtime.article import ArticleCounter
from runtime.forms import MAKERS, make, step, total
from runtime.processes import HANG, in_threads, join, run, running

from lintvalue.runtime import Counter, ShardedCounter

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")

SOON = 0.00003
# A signal that comes while CPython 3.12 looks for another one may wait for the next: let there be one.
AGAIN = 0.02
sizes = pytest.mark.parametrize("interrupts", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
classes = pytest.mark.parametrize("name", MAKERS)


class Interrupted(Exception):  # noqa: N818  # it is no error
    """Raised by a signal handler."""


def raising(*_):
    signal.setitimer(signal.ITIMER_REAL, 0)
    raise Interrupted


def count_and_be_interrupted(operations, interrupts, check):
    """Do the operations until as many handlers have raised, and check after each one."""
    done = 0

    signal.signal(signal.SIGALRM, raising)
    while done < interrupts:
        try:
            signal.setitimer(signal.ITIMER_REAL, SOON + done % 97 * 1e-6, AGAIN)
            while True:
                for operation in operations:
                    operation()
        except Interrupted:
            done += 1
        check()


def assert_free(lock):
    """A Lock is free, and an RLock is not this process's, however often it was entered."""
    assert lock.acquire(block=False)
    lock.release()
    assert lock._semlock._count() == 0  # noqa: SLF001 - nothing public tells


@pytest.mark.usefixtures("_pythons")
@sizes
@pytest.mark.parametrize("options", [{}, {"typecode": "i"}, {"timeout": 30}, {"lock": "Lock"}])
def test_raising_leaves_the_lock_free(fork, options, interrupts):
    """A Counter's lock is free after each handler that raised in the midst of an operation."""
    if options.get("lock") == "Lock":
        options = {"lock": fork.Lock()}
    counter = Counter(ctx=fork, **options)
    operations = (
        counter.increment,
        lambda: counter.increment_below(2**62),
        lambda: counter.compare_and_set(-1, -1),
        lambda: counter.exchange(5),
    )
    lock = counter.get_lock()
    run(fork, count_and_be_interrupted, (operations, interrupts, lambda: assert_free(lock)))


def test_raising_leaves_the_article_s_lock_held(fork):
    """The same interrupts catch the article's Counter with its lock held."""
    counter = ArticleCounter()

    def check():
        assert_free(counter.lock)

    with running(fork, count_and_be_interrupted, ([counter.increment], 1_000, check)) as processes:
        join(processes)
        assert processes[0].exitcode == 1


@pytest.mark.usefixtures("_pythons")
@sizes
@classes
def test_raising(fork, name, interrupts):
    """Afterwards another process can count: no lock and no slot is held."""
    thing = make(name, fork)
    run(fork, count_and_be_interrupted, ([step(thing)], interrupts, lambda: None))
    before = total(thing)
    run(fork, step(thing), (), within=10)
    assert total(thing) == before + 1


def count_and_count_in_handlers(one_more, interrupts, counted):
    """Count here and in handlers, and say how often that was in all."""
    here = in_handlers = 0

    def counting(*_):
        nonlocal in_handlers
        one_more()
        in_handlers += 1
        if in_handlers < interrupts:
            signal.setitimer(signal.ITIMER_REAL, SOON, AGAIN)
        else:
            signal.setitimer(signal.ITIMER_REAL, 0)

    signal.signal(signal.SIGALRM, counting)
    signal.setitimer(signal.ITIMER_REAL, SOON, AGAIN)
    while in_handlers < interrupts:
        one_more()
        here += 1
    counted.put(here + in_handlers)


@pytest.mark.usefixtures("_pythons")
@sizes
@classes
def test_counting(fork, name, interrupts):
    """A handler may count: nobody waits for ever, and no count is lost."""
    thing, counted = make(name, fork), fork.SimpleQueue()
    run(fork, count_and_count_in_handlers, (step(thing), interrupts, counted))
    assert total(thing) == counted.get()


@sizes
def test_counting_loses_from_a_value(fork, interrupts):
    """The same handlers overwrite, and are overwritten, under the lock of a Value."""
    value, counted = fork.Value("q", 0), fork.SimpleQueue()

    def one_more():
        with value.get_lock():
            value.value += 1

    run(fork, count_and_count_in_handlers, (one_more, interrupts, counted))
    assert value.value < counted.get()


def test_counting_deadlocks_the_article_s_counter(fork):
    """The same handlers wait for the lock that they have interrupted."""
    work = (ArticleCounter().increment, 10_000, fork.SimpleQueue())
    with running(fork, count_and_count_in_handlers, work) as processes:
        join(processes, within=3)
        assert processes[0].is_alive()


claims = pytest.mark.parametrize("rounds", [50, pytest.param(1_000, marks=pytest.mark.slow)])


def count_once_and_in_a_handler(one_more, round_):
    handled = []

    def counting(*_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        if not handled:
            handled.append(1)
            one_more()

    signal.signal(signal.SIGALRM, counting)
    signal.setitimer(signal.ITIMER_REAL, 1e-6 * (1 + round_ % 60), AGAIN)
    one_more()
    while not handled:
        pass


@pytest.mark.usefixtures("_pythons")
@claims
def test_counting_while_a_slot_is_claimed(fork, rounds):
    """A handler that counts while its process claims a slot loses nothing."""
    counter = ShardedCounter(ctx=fork)
    for round_ in range(rounds):
        run(fork, count_once_and_in_a_handler, (counter.increment, round_))
    assert counter.value() == 2 * rounds


def be_interrupted_once(one_more, round_):
    """Be interrupted in the first change, or soon after it, and count in another thread then."""
    signal.signal(signal.SIGALRM, raising)
    with contextlib.suppress(Interrupted):
        signal.setitimer(signal.ITIMER_REAL, 1e-6 * (1 + round_ % 60), AGAIN)
        one_more()
        time.sleep(HANG)
    in_threads(1, one_more)


@pytest.mark.usefixtures("_pythons")
@claims
def test_raising_while_a_slot_is_claimed(fork, rounds):
    """A handler that raises while its process claims a slot locks nobody out."""
    counter = ShardedCounter(ctx=fork)
    for round_ in range(rounds):
        before = counter.value()
        run(fork, be_interrupted_once, (counter.increment, round_), within=10)
        assert counter.value() - before in (1, 2)
