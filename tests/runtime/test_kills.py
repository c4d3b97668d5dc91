"""SIGKILL at any moment: nobody hangs, and at most what was in flight is unknown."""

from __future__ import annotations

import mmap
import os
import random
import signal
import time

import pytest
from runtime.article import ArticleCounter
from runtime.forms import KILL_SAFE, count, make, step, total
from runtime.processes import join, run, running

from lintvalue.runtime import Counter

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")

WORKERS = 4


class Completed:
    """How often each worker has surely counted, in memory of its own."""

    def __init__(self):
        self.words = memoryview(mmap.mmap(-1, 4096)).cast("q")

    def total(self):
        return sum(self.words[:WORKERS])


def count_for_ever(one_more, completed, worker):
    done = completed.words[worker]
    while True:
        one_more()
        done += 1
        completed.words[worker] = done


def storm(ctx, one_more, completed, within=5):
    """Kill four processes in the midst of counting; tell whether a fresh one can still count."""
    each = [(one_more, completed, worker) for worker in range(WORKERS)]
    with running(ctx, count_for_ever, *each) as processes:
        time.sleep(random.uniform(0.001, 0.005))
        for process in processes:
            os.kill(process.pid, signal.SIGKILL)
        join(processes)
    with running(ctx, one_more, ()) as fresh:
        join(fresh, within)
        return fresh[0].exitcode == 0


@pytest.mark.parametrize(
    ("kills", "runs"), [(100, 1), pytest.param(200, 20, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", KILL_SAFE)
def test_kill_safe(fork, name, kills, runs):
    """No hang, and 0 <= value - completed <= kills."""
    for _ in range(runs):
        thing, completed = make(name, fork), Completed()
        rounds = kills // WORKERS
        assert all(storm(fork, step(thing), completed) for _ in range(rounds))
        unknown = total(thing) - completed.total() - rounds  # a fresh process counts once a round
        assert 0 <= unknown <= kills


def test_the_article_s_counter_hangs(fork):
    """The same storm leaves the lock of the article's Counter held."""
    counter, completed = ArticleCounter(), Completed()
    assert not all(storm(fork, counter.increment, completed, within=2) for _ in range(50))


def hold_for_ever(lock, held):
    lock.acquire()
    held.set()
    time.sleep(600)


def test_holder_killed(ctx):
    """value() answers and, given a timeout, changes raise, here and in a process that starts then."""
    lock, held = ctx.Lock(), ctx.Event()
    counter, patient = Counter(8, ctx=ctx, lock=lock), Counter(8, ctx=ctx, lock=lock, timeout=0.1)
    with running(ctx, hold_for_ever, (lock, held)) as processes:
        assert held.wait(30)
        processes[0].kill()
        processes[0].join()
    assert counter.value() == 8
    assert_not_free(patient)
    run(ctx, assert_not_free, (patient,))


def assert_not_free(counter):
    changes = (
        counter.increment,
        lambda: counter.set(1),
        lambda: counter.compare_and_set(8, 9),
        lambda: counter.increment_below(9),
        lambda: counter.update(lambda value: value + 1),
    )
    for change in changes:
        with pytest.raises(TimeoutError, match=r"0\.1 seconds.*may have been killed"):
            change()
    assert counter.value() == 8


def test_timeout_of_a_lock_that_is_freed(fork):
    """A lock that becomes free in time is taken as ever."""
    counter = Counter(ctx=fork, timeout=30)
    run(fork, count, *[([counter], 500)] * 4)
    assert counter.value() == 2_000
