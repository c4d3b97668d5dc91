"""What is read is what was there: no torn, transient or foreign value beside a writer."""

from __future__ import annotations

import struct

import pytest
from runtime.forms import make, step, total
from runtime.processes import running

from lintvalue.runtime import Counter

ONES, TWOS = 0x1111111111111111, 0x2222222222222222
sizes = pytest.mark.parametrize("reads", [100_000, pytest.param(4_000_000, marks=pytest.mark.slow)])


def write_for_ever(store):
    while True:
        store(ONES)
        store(TWOS)


def foreign(read, reads):
    """How many of the reads gave what nobody wrote."""
    return sum(read() not in (ONES, TWOS) for _ in range(reads))


@sizes
@pytest.mark.parametrize(
    "how",
    [
        lambda counter: counter.set,
        lambda counter: lambda x: counter.increment(x - counter.value()),
        lambda counter: lambda x: counter.compare_and_set(counter.value(), x),
        lambda counter: lambda x: counter.increment_below(TWOS, x - counter.value()),
    ],
    ids=["set", "increment", "compare_and_set", "increment_below"],
)
@pytest.mark.parametrize("typecode", [None, "Q"])
def test_counter(fork, how, reads, typecode):
    """A Counter is read in one piece, however it is changed."""
    counter = Counter(ONES, ctx=fork, typecode=typecode)
    with running(fork, write_for_ever, (how(counter),)):
        assert foreign(counter.value, reads) == 0


def test_another_way_to_store(fork):
    """The test can fail: struct.pack_into clears the word before it fills it."""
    block = fork.RawArray("B", struct.pack("q", ONES))
    word = memoryview(block).cast("B").cast("q")

    def store(x):
        struct.pack_into("q", block, 0, x)

    with running(fork, write_for_ever, (store,)):
        assert foreign(lambda: word[0], 1_000_000) > 0


def count_for_ever(one_more):
    while True:
        one_more()


@sizes
@pytest.mark.parametrize("name", ["Counter", "ShardedCounter", "TicketCounter", "EventCounter"])
def test_only_upwards(fork, name, reads):
    """Beside writers that add, each class is only ever read to grow."""
    thing = make(name, fork)
    last = 0
    with running(fork, count_for_ever, *[(step(thing),)] * 2):
        for _ in range(reads):
            value = total(thing)
            assert value >= last
            last = value


def test_only_downwards(fork):
    """What is left of a Quota only shrinks while it is taken."""
    quota = make("Quota", fork)
    last = quota.remaining()
    with running(fork, count_for_ever, *[(quota.try_take,)] * 2):
        for _ in range(100_000):
            left = quota.remaining()
            assert left <= last
            last = left
