"""The slots of a ShardedCounter: who gets which, and what becomes of them."""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import pytest
from runtime.forms import count, make_all, totals
from runtime.processes import HANG, close_and_ask, forked, in_threads, join, run, running

from lintvalue.runtime import ShardedCounter, sharded, slots

fcntl = pytest.importorskip("fcntl")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no slots where nothing forks")


def used(counter):
    return counter._slots.used()  # noqa: SLF001 - no user has to know


@pytest.mark.parametrize("workers", [120, pytest.param(1_000, marks=pytest.mark.slow)])
def test_short_lived_workers(fork, workers):
    """Slots of the dead are used again: with four alive at a time, eight are enough for all."""
    counter = ShardedCounter(ctx=fork)
    for _ in range(workers // 4):
        run(fork, count, *[([counter], 50)] * 4)
    assert counter.value() == workers * 50
    assert used(counter) <= 8


def count_without_descriptors(counter, times, closed, others_count):
    """Count once, close all descriptors as a daemon does, and go on beside the others."""
    counter.increment()
    os.closerange(3, 4096)
    closed.release()
    others_count.acquire(timeout=30)
    count([counter], times - 1)


def count_after(counter, times, closed, others_count):
    closed.acquire(timeout=30)
    counter.increment()
    others_count.release()
    count([counter], times - 1)


@pytest.mark.parametrize("times", [20_000, pytest.param(400_000, marks=pytest.mark.slow)])
def test_closed_descriptors(fork, times):
    """A process that has closed all its descriptors keeps its slot, and nothing is lost."""
    counter, closed, others_count = (
        ShardedCounter(ctx=fork),
        fork.Semaphore(0),
        fork.Semaphore(0),
    )
    shared = (counter, times, closed, others_count)
    with (
        running(fork, count_without_descriptors, shared) as one,
        running(fork, count_after, shared) as other,
    ):
        join(one + other)
        assert [one[0].exitcode, other[0].exitcode] == [0, 0]
    assert counter.value() == 2 * times
    assert used(counter) == 2


def test_closed_before_the_first_change(fork):
    """Without descriptors no slot can be claimed, which is said and harms nobody."""
    counter, answers = ShardedCounter(ctx=fork), fork.Semaphore(0)
    run(fork, close_and_ask, (answers, counter.increment))
    assert answers.acquire(timeout=10)
    count([counter], 5)
    assert (counter.value(), used(counter)) == (5, 1)


def test_a_fork_gets_a_slot_of_its_own(fork):
    """A child never counts in its parent's slot, though it has inherited all that names it."""
    counter = ShardedCounter(ctx=fork)
    counter.increment()
    run(fork, count, *[([counter], 10)] * 2)
    assert counter.value() == 21
    assert used(counter) in (2, 3)  # the second child may follow the first one


def test_threads_share_the_slot_of_their_process():
    """With a GIL one slot is enough for all threads."""
    counter = ShardedCounter()
    in_threads(5, count, [counter], 1_000)
    assert (counter.value(), used(counter)) == (5_000, 1)


def test_threads_that_run_at_the_same_time(monkeypatch):
    """Without a GIL each thread has a slot, which the next one gets when it has ended."""
    monkeypatch.setattr(sharded, "ONE_THREAD_AT_A_TIME", False)
    counter, everyone = ShardedCounter(), threading.Barrier(3)

    def count_side_by_side():
        counter.increment()
        everyone.wait(30)
        count([counter], 999)

    for _ in range(4):
        in_threads(3, count_side_by_side)
    assert (counter.value(), used(counter)) == (12_000, 3)


def test_pid_namespaces(fork, monkeypatch):
    """The owner of a slot is not taken for dead where its number means nothing."""
    counter = ShardedCounter(ctx=fork)
    for namespace in (1, 2, 1, 2):
        monkeypatch.setattr(slots, "_namespace", lambda namespace=namespace: namespace)
        run(fork, count, ([counter], 10))
    assert (counter.value(), used(counter)) == (40, 2)


def test_too_many(fork, monkeypatch):
    """When every slot has a living owner, the next process is told so, and the others go on."""
    monkeypatch.setattr(slots, "SLOTS", 3)
    counter = ShardedCounter(ctx=fork)
    counter.increment()
    with running(fork, count, ([counter], 1)) as processes:
        join(processes)
        assert processes[0].exitcode == 1
    counter.increment()
    assert counter.value() == 2


def interrupt_next_claim(monkeypatch, handler):
    """Run the handler in the midst of the next claim, once."""
    handlers = [handler]

    def namespace():
        if handlers:
            handlers.pop()()
        return 1

    monkeypatch.setattr(slots, "_namespace", namespace)


def can_lock(counter):
    fd = counter._slots._file.fd  # noqa: SLF001 - nobody else is to know
    try:
        fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os._exit(0)
    os._exit(1)


def test_claim_in_a_claim(fork, monkeypatch):
    """A handler that claims a slot in the midst of a claim leaves the claim's lock held."""
    counter, held = ShardedCounter(ctx=fork), []

    def handler():
        counter.increment()
        _, status = os.waitpid(forked(can_lock, counter), 0)
        held.append(status == 0)

    interrupt_next_claim(monkeypatch, handler)
    counter.increment()
    assert held == [True]
    _, status = os.waitpid(forked(can_lock, counter), 0)
    assert status != 0
    run(fork, count, ([counter], 10))
    assert counter.value() == 12


def test_error_in_a_claim(fork, monkeypatch):
    """A handler that raises in the midst of a claim leaves neither threads nor processes locked out."""

    def handler():
        raise KeyboardInterrupt

    counter = ShardedCounter(ctx=fork)
    interrupt_next_claim(monkeypatch, handler)
    with pytest.raises(KeyboardInterrupt):
        counter.increment()
    _, status = os.waitpid(forked(can_lock, counter), 0)
    assert status != 0
    in_threads(2, count, [counter], 10)
    assert counter.value() == 20


def count_in_both(counter, pids):
    count([counter], 1_000)
    if pids == [0]:
        os._exit(0)
    _, status = os.waitpid(pids[0], 0)
    assert status == 0


def test_fork_in_a_claim(fork, monkeypatch):
    """A child that is forked in the midst of its parent's claim takes a slot of its own."""
    counter, pids = ShardedCounter(ctx=fork), []
    interrupt_next_claim(monkeypatch, lambda: pids.append(os.fork()))
    run(fork, count_in_both, (counter, pids))
    assert (counter.value(), used(counter)) == (2_000, 2)


def fork_in_a_handler(counter, delay):
    """Claim a slot while a signal handler forks; both processes then count."""

    def forking(*_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        if children:
            return
        children.append(os.fork())
        if children[0] == 0:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(HANG // 2)

    children = []
    signal.signal(signal.SIGALRM, forking)
    signal.setitimer(signal.ITIMER_REAL, delay, 0.02)  # once more if the first one is overlooked
    counter.increment()
    while not children:
        time.sleep(0)
    count([counter], 100)
    if children[0] == 0:
        os._exit(0)
    os.waitpid(children[0], 0)


@pytest.mark.parametrize("rounds", [30, pytest.param(2_000, marks=pytest.mark.slow)])
def test_fork_while_a_slot_is_claimed(fork, rounds):
    """A child that is forked in the midst of its parent's first change gets another slot."""
    counter = ShardedCounter(ctx=fork)
    for _ in range(rounds):
        before = counter.value()
        run(fork, fork_in_a_handler, (counter, random.uniform(1e-6, 1e-4)))
        assert counter.value() - before in (201, 202)


def fork_from_threads(things):
    """Fork in threads while other threads of the same process count, and hold the lock."""

    def fork_and_count():
        for _ in range(5):
            pid = forked(count, things, 20)
            with things[0].get_lock():
                count(things, 20)
            os.waitpid(pid, 0)

    in_threads(4, fork_and_count)


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_fork_in_threads(fork):
    """Children that threads fork while others count are as exact as any, and never hang."""
    things = make_all(fork)
    for _ in range(3):
        run(fork, fork_from_threads, (things,))
    assert set(totals(things).values()) == {3 * 4 * 5 * 40}


def test_overflow():
    """What does not fit into a slot raises and changes nothing; the sum of slots has no limit."""
    counter = ShardedCounter(2**63 - 1)
    counter.increment(2**63 - 1)
    for n in (1, 2**64, -(2**64)):
        with pytest.raises(OverflowError, match="64 bits"):
            counter.increment(n)
    assert counter.value() == 2**64 - 2
    counter.decrement(2**63)
    assert counter.value() == 2**63 - 2
    with pytest.raises(TypeError):
        counter.increment(1.0)
    with pytest.raises(OverflowError):
        ShardedCounter(2**63)
