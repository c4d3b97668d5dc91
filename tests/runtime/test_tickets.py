"""Tickets: each number once, in order, without gaps; and what else a TicketCounter promises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from runtime.forms import step
from runtime.processes import close_and_ask, in_threads, run

from lintvalue.runtime import ShardedCounter, TicketCounter


def take(tickets, times, taken, worker):
    taken[worker * times : (worker + 1) * times] = [tickets.next() for _ in range(times)]


@pytest.mark.parametrize("times", [4_000, pytest.param(60_000, marks=pytest.mark.slow)])
def test_distinct_and_gapless(fork, times):
    """Eight processes get all numbers from 1 on, each once, and each process in order."""
    tickets = TicketCounter(ctx=fork)
    taken = fork.RawArray("q", 8 * times)
    run(fork, take, *[(tickets, times, taken, worker) for worker in range(8)])
    assert sorted(taken) == list(range(1, 8 * times + 1))
    for worker in range(8):
        own = taken[worker * times : (worker + 1) * times]
        assert own == sorted(own)


def test_threads():
    """Threads get numbers of their own too."""
    tickets, taken = TicketCounter(), []
    in_threads(4, lambda: taken.extend([tickets.next() for _ in range(5_000)]))
    assert sorted(taken) == list(range(1, 20_001))


def test_several_at_once():
    """next(n) takes n numbers and returns the last."""
    tickets = TicketCounter(100)
    assert [tickets.next(), tickets.next(10), tickets.next(), tickets.value()] == [
        101,
        111,
        112,
        112,
    ]


@pytest.mark.parametrize("n", [0, -1, -(2**70)])
def test_nothing_to_take(n):
    """Fewer than one number would be given twice."""
    tickets = TicketCounter()
    with pytest.raises(ValueError, match="at least one number"):
        tickets.next(n)
    assert tickets.next() == 1


def test_initial():
    """It begins after any number that is not negative."""
    assert TicketCounter(2**40).next() == 2**40 + 1
    with pytest.raises(ValueError, match="can't be -1"):
        TicketCounter(-1)


def test_the_last_number():
    """Beyond 64 bits there is no number, and the last one stays the last."""
    tickets = TicketCounter(2**63 - 3)
    assert [tickets.next(), tickets.next()] == [2**63 - 2, 2**63 - 1]
    for n in (1, 2**63 - 1, 2**64):
        with pytest.raises(OverflowError):
            tickets.next(n)
    assert tickets.value() == 2**63 - 1


def test_closed_descriptors(fork):
    """A process that closes all descriptors is told so, also if it opens others afterwards."""
    tickets, answers = TicketCounter(ctx=fork), fork.Semaphore(0)
    run(fork, close_and_ask, (answers, tickets.next, tickets.value))
    assert answers.acquire(timeout=10)
    assert answers.acquire(timeout=10)
    assert tickets.next() == 1


@pytest.mark.parametrize("maker", [TicketCounter, ShardedCounter])
def test_no_descriptor_is_left_behind(maker):
    """What is dropped is closed."""
    before = set(os.listdir("/dev/fd"))  # noqa: PTH208 - names, as numbers
    for _ in range(50):
        step(maker())()
    assert set(os.listdir("/dev/fd")) == before  # noqa: PTH208


def test_only_its_own_descriptor_is_closed():
    """If the number has come to mean another file, that one stays open."""
    tickets = TicketCounter()
    number = tickets._fd  # noqa: SLF001 - as closing all of them would
    with Path(os.devnull).open("rb") as stranger:
        os.dup2(stranger.fileno(), number)
    del tickets
    os.fstat(number)
    os.close(number)
