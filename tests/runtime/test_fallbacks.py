"""What the classes are where the system lacks the call that they rest on."""

from __future__ import annotations

from multiprocessing import synchronize

import pytest
from runtime.processes import in_threads, run

from lintvalue.runtime import (
    EventCounter,
    Quota,
    ShardedCounter,
    TicketCounter,
    files,
    sharded,
    ticket,
)


@pytest.fixture
def _no_inherited_files(monkeypatch):
    """As on Windows."""
    monkeypatch.setattr(sharded, "FILES_ARE_INHERITED", False)
    monkeypatch.setattr(files, "fcntl", None)
    monkeypatch.setattr(ticket, "SEEKS_ADD", False)


@pytest.fixture
def _unreadable_semaphores(monkeypatch):
    """As on macOS."""

    def get_value(_self):
        raise NotImplementedError

    monkeypatch.setattr(synchronize.Semaphore, "get_value", get_value)


def use(shards, tickets, events, quota, taken):
    for at in range(len(taken)):
        shards.increment(2)
        shards.decrement()
        events.increment()
        taken[at] = tickets.next()
        quota.try_take()


@pytest.mark.usefixtures("_no_inherited_files", "_unreadable_semaphores")
def test_all_missing(ctx):
    """Without any of them all classes are as exact, in processes of all kinds."""
    counters = [ShardedCounter(3, ctx=ctx), TicketCounter(4, ctx=ctx), EventCounter(ctx=ctx)]
    shards, tickets, events = counters
    quota = Quota(500, ctx=ctx)
    taken = [ctx.RawArray("q", 300) for _ in range(2)]
    run(ctx, use, *[(*counters, quota, own) for own in taken])
    assert [counter.value() for counter in counters] == [603, 604, 600]
    assert sorted([*taken[0], *taken[1]]) == list(range(5, 605))
    assert quota.remaining() == 0
    assert [tickets.next(3), shards.value(), events.value()] == [607, 603, 600]


@pytest.mark.usefixtures("_no_inherited_files")
def test_sharded_counter():
    """It is one Counter, with what that one refuses."""
    counter = ShardedCounter(2**63 - 3)
    in_threads(2, counter.increment)
    with pytest.raises(OverflowError):
        counter.increment()
    assert counter.value() == 2**63 - 1
    counter.decrement(2)
    assert repr(counter) == f"<ShardedCounter {2**63 - 3}>"


@pytest.mark.usefixtures("_no_inherited_files")
def test_ticket_counter():
    """It has the same numbers and the same errors."""
    tickets = TicketCounter(2**63 - 2)
    with pytest.raises(ValueError, match="at least one"):
        tickets.next(0)
    assert tickets.next() == 2**63 - 1
    with pytest.raises(OverflowError):
        tickets.next()
    assert tickets.value() == 2**63 - 1


@pytest.mark.usefixtures("_unreadable_semaphores")
def test_quota():
    """It never grants more, and takes back no more than was taken."""
    quota = Quota(2)
    assert [quota.try_take() for _ in range(3)] == [True, True, False]
    quota.refund()
    assert (quota.remaining(), repr(quota)) == (1, "<Quota 1 of 2 left>")
    quota.refund()
    with pytest.raises(ValueError, match="no grant"):
        quota.refund()
    assert quota.remaining() == 2


@pytest.mark.usefixtures("_unreadable_semaphores")
def test_event_counter():
    """It still adds one at a time."""
    events = EventCounter()
    events.increment()
    with pytest.raises(TypeError):
        events.increment(5)
    assert events.value() == 1


def test_no_folder_in_memory(monkeypatch, tmp_path):
    """Without /dev/shm files lie in the folder for temporary files, and leave nothing there."""
    monkeypatch.setattr(files, "MEMORY", tmp_path / "none")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shards, tickets = ShardedCounter(4), TicketCounter(5)
    shards.increment()
    assert [shards.value(), tickets.next()] == [5, 6]
    assert list(tmp_path.iterdir()) == []


def test_few_descriptors(fork):
    """Where no high descriptor may be opened, a low one will do."""

    def with_few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
        tickets, shards = TicketCounter(), ShardedCounter()
        shards.increment()
        assert [tickets.next(), shards.value()] == [1, 1]

    resource = pytest.importorskip("resource")
    run(fork, with_few, ())
