"""Shares of one task are done by several forks, and none is lost."""

from __future__ import annotations

import os
import signal
import time

import pytest

from lintvalue.crew.divide import divide

ITEMS = list(range(1_000))


@pytest.mark.parametrize("jobs", [1, 2, 3, 2_000])
@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 1_000])
def test_what_comes_back_is_in_order(count, jobs):
    found = divide(ITEMS[:count], list, jobs)
    assert [one for share in found for one in share] == ITEMS[:count]


def test_what_a_killed_fork_had_taken_is_done_here():
    here = os.getpid()

    def work(share):
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return list(share)

    assert [one for share in divide(ITEMS, work, 3) for one in share] == ITEMS


def test_a_fork_takes_more_where_another_takes_long(tmp_path):
    """The first share waits until all others are done."""
    done = tmp_path / "done"

    def work(share):
        if 0 in share:
            while not done.exists() or done.stat().st_size < len(ITEMS) - len(share):
                pass
        else:
            with done.open("ab", buffering=0) as file:
                file.write(bytes(len(share)))
        return os.getpid()

    found = divide(ITEMS, work, 2)
    assert found.count(found[0]) == 1


def test_no_fork_outlives_a_call_that_is_interrupted(tmp_path):
    """The share that this process takes is interrupted while the forks sleep."""
    here = os.getpid()

    def work(share):
        if os.getpid() == here:
            while len(list(tmp_path.iterdir())) < 2:
                pass
            raise InterruptedError
        (tmp_path / str(os.getpid())).touch()
        time.sleep(60)
        return list(share)

    with pytest.raises(InterruptedError):
        divide(ITEMS, work, 3)
    for fork in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(fork.name), 0)
