"""A Quota grants n of n, never one more, whoever asks."""

from __future__ import annotations

import threading

import pytest
from runtime.processes import run

from lintvalue.runtime import Quota

GRANTS = 20_000


def take_all(try_take, everyone, granted, worker):
    """Take in two threads until there is nothing left."""
    own = [0, 0]
    everyone.wait(30)

    def take(thread):
        while try_take():
            own[thread] += 1

    threads = [threading.Thread(target=take, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    granted[worker] = sum(own)


def granted_to_four(ctx, try_take):
    granted = ctx.RawArray("q", 4)
    everyone = ctx.Barrier(4)
    run(ctx, take_all, *[(try_take, everyone, granted, worker) for worker in range(4)])
    return sum(granted)


@pytest.mark.parametrize("runs", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_exactly_n(fork, runs):
    """Four processes of two threads get n grants; checked and counted apart, they get more."""
    racy = 0
    for _ in range(runs):
        quota = Quota(GRANTS, ctx=fork)
        assert granted_to_four(fork, quota.try_take) == GRANTS
        assert quota.remaining() == 0
        value = fork.Value("q", 0)

        def racy_take(value=value):
            if value.value < GRANTS:
                value.value += 1
                return True
            return False

        racy += granted_to_four(fork, racy_take)
    assert racy > runs * GRANTS


def take_and_refund(quota, times):
    for _ in range(times):
        if quota.try_take():
            quota.refund()


def test_refund(fork):
    """What is refunded can be taken again, by anyone."""
    quota = Quota(2, ctx=fork)
    run(fork, take_and_refund, *[(quota, 2_000)] * 4)
    assert quota.remaining() == 2
    assert [quota.try_take() for _ in range(3)] == [True, True, False]
    quota.refund()
    assert [quota.try_take() for _ in range(2)] == [True, False]


@pytest.mark.parametrize("n", [3, 2**31 + 5])
def test_one_refund_too_many(n):
    """What nobody has taken cannot be given back."""
    quota = Quota(n)
    with pytest.raises(ValueError, match=r".+"):
        quota.refund()
    assert quota.try_take()
    quota.refund()
    assert quota.remaining() == n


def test_sizes():
    """Nothing to grant is possible, less than nothing is not, and more than a semaphore holds is."""
    assert not Quota(0).try_take()
    with pytest.raises(ValueError, match="not -1"):
        Quota(-1)
    many = Quota(2**40)
    assert [many.try_take(), many.remaining()] == [True, 2**40 - 1]
    assert repr(many) == f"<Quota {2**40 - 1} of {2**40} left>"
