"""Nothing is lost: every class, in processes, threads, pools and executors, however they start."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import pytest
from runtime.forms import MAKERS, count, make_all, total, totals
from runtime.processes import HANG, in_threads, join, run, running

from lintvalue.runtime import Counter, memory

kept = []


def keep(*things):
    kept[:] = things


def count_in_kept(times):
    count(kept, times)
    return times


def count_in_threads(things, times):
    in_threads(3, count, things, times)


def count_and_fork(ctx, things, times, forks):
    """Count in three threads, then do the same in a child, which has to stop being its parent."""
    in_threads(3, count, things, times)
    if forks:
        child = ctx.Process(target=count_and_fork, args=(ctx, things, times, forks - 1))
        child.start()
        count(things, 1)
        child.join()
        assert child.exitcode == 0


def each(how_often):
    return dict.fromkeys(MAKERS, how_often)


def test_processes(ctx):
    """Three processes of two threads, and the one that made the counters."""
    things = make_all(ctx)
    count(things, 1)
    run(ctx, count_in_threads, *[(things, 300)] * 3)
    count(things, 1)
    assert totals(things) == each(2 + 3 * 3 * 300)


@pytest.mark.usefixtures("_pythons")
@pytest.mark.parametrize("times", [100, pytest.param(4_000, marks=pytest.mark.slow)])
def test_forks_after_use(fork, times):
    """Four processes of three threads, which all have a child after use, and that one again."""
    things = make_all(fork)
    in_threads(3, count, things, times)
    run(fork, count_and_fork, *[(fork, things, times, 2)] * 4)
    assert totals(things) == each(3 * times + 4 * (3 * 3 * times + 2))


def test_pool(ctx):
    """Workers get the counters through initargs, and are replaced after every second task."""
    things = make_all(ctx)
    with ctx.Pool(2, initializer=keep, initargs=things, maxtasksperchild=2) as pool:
        done = pool.map(count_in_kept, [50] * 8, chunksize=1)
    assert totals(things) == each(sum(done))


def test_executor(ctx):
    """Workers get the counters through initargs."""
    things = make_all(ctx)
    with ProcessPoolExecutor(2, ctx, keep, things) as executor:
        done = list(executor.map(count_in_kept, [50] * 8))
    assert totals(things) == each(sum(done))


def test_default_context():
    """Without ctx they go where the processes of the default context go."""
    import multiprocessing  # noqa: PLC0415 - the other tests have their context given

    things = [maker() for maker in MAKERS.values()]
    run(multiprocessing.get_context(), count, *[(things, 50)] * 2)
    assert totals(things) == each(100)


def test_counters_behind_one_lock(ctx):
    """Counters that were given the same lock stay exact, each on its own."""
    lock = ctx.Lock()
    one, two = Counter(lock=lock), Counter(10, lock=lock)
    run(ctx, count, ([one], 500), ([two], 500), ([two], 500))
    assert (total(one), total(two)) == (500, 1_010)


def change_in_every_way(counter, times):
    for _ in range(times):
        counter.increment(3)
        counter.decrement()
        counter.update(lambda value: value + 5)
        assert counter.increment_below(2**60, 2)
        with counter.get_lock():
            counter.set(counter.value() + 1)
        old = counter.value()
        while not counter.compare_and_set(old, old + 1):
            old = counter.value()


@pytest.mark.usefixtures("_pythons")
@pytest.mark.parametrize("options", [{}, {"typecode": "I"}, {"typecode": "d"}, {"timeout": 30}])
def test_mixed_operations(fork, options):
    """All operations of a Counter exclude each other."""
    counter = Counter(7, ctx=fork, **options)
    run(fork, change_in_every_way, *[(counter, 200)] * 4)
    assert counter.value() == 7 + 4 * 200 * 11


def exchange_many(counter, mine, given):
    given[:] = [counter.exchange(number) for number in mine]


@pytest.mark.usefixtures("_pythons")
def test_exchanges(fork):
    """What one process stores, exactly one process is given."""
    counter, times = Counter(ctx=fork), 20_000
    given = [fork.RawArray("q", times) for _ in range(4)]
    each = [
        (counter, range(at * times + 1, (at + 1) * times + 1), own) for at, own in enumerate(given)
    ]
    run(fork, exchange_many, *each)
    numbers = [counter.value()] + [number for own in given for number in own]
    assert sorted(numbers) == list(range(4 * times + 1))


def test_memory_outlives_its_maker(fork, monkeypatch):
    """A number that its maker has dropped is not given to another Counter."""
    monkeypatch.setattr(memory, "WORDS_AT_ONCE", 1)
    memory._unused.clear()  # noqa: SLF001 - the next Counter shall be the only one in its memory
    counter = Counter(ctx=fork)
    go = fork.Semaphore(0)

    def count_later(counter, answers):
        go.acquire(timeout=30)
        answers.put(counter.increment())

    answers = fork.SimpleQueue()
    process = fork.Process(target=count_later, args=(counter, answers))
    process.start()
    del counter
    others = [Counter(100, ctx=fork) for _ in range(20)]
    go.release()
    process.join(HANG)
    assert answers.get() == 1
    assert [other.value() for other in others] == [100] * 20


def make_and_read(made, go):
    counter = Counter(7)
    made.release()
    assert go.acquire(timeout=30)
    assert counter.value() == 7


def test_memory_after_a_fork(fork):
    """What a child makes and what its parent makes afterwards are two numbers."""
    Counter(ctx=fork)
    made, go = fork.Semaphore(0), fork.Semaphore(0)
    with running(fork, make_and_read, (made, go)) as processes:
        assert made.acquire(timeout=30)
        others = [Counter(100, ctx=fork) for _ in range(20)]
        go.release()
        join(processes)
        assert processes[0].exitcode == 0
    assert {other.value() for other in others} == {100}
