"""Processes for the tests: started, waited for within bounds, and never left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time

HANG = 60  # seconds after which a process that should have ended is taken to hang


def run(ctx, target, *each, within=HANG):
    """Run one process for each tuple of arguments, side by side, to a good end."""
    with running(ctx, target, *each) as processes:
        join(processes, within)
        assert [process.exitcode for process in processes] == [0] * len(processes)


@contextlib.contextmanager
def running(ctx, target, *each):
    """One process for each tuple of arguments, which live as long as the block at most."""
    processes = [ctx.Process(target=target, args=args) for args in each]
    try:
        for process in processes:
            process.start()
        yield processes
    finally:
        for process in processes:
            if process.pid:
                process.kill()
                process.join()


def join(processes, within=HANG):
    """Wait until all have ended, `within` seconds at most in all."""
    end = time.monotonic() + within
    for process in processes:
        process.join(max(0, end - time.monotonic()))


def forked(target, *args):
    """Run the function in a child that os.fork makes, which ends with it, or when it hangs."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(HANG // 2)
        target(*args)
        os._exit(0)
    return pid


def close_and_ask(answers, *asks):
    """Close all descriptors, open others, and count the askings that are told of it."""
    os.closerange(3, 4096)
    others = [os.open(os.devnull, os.O_RDWR) for _ in range(20)]
    for ask in asks:
        try:
            ask()
        except OSError as error:
            if "closed the descriptors" in str(error):
                answers.release()
    assert max(others) < 200  # which is where the numbers of ours begin


def in_threads(how_many, target, *args):
    """Run the same function in several threads."""
    threads = [threading.Thread(target=target, args=args) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
