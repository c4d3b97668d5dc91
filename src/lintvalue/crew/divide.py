"""One task for several forks: for work that loads nothing and cannot fail one item at a time."""

from __future__ import annotations

import marshal
import os
import select
import signal
from contextlib import suppress
from typing import IO, TYPE_CHECKING, TypeVar

from lintvalue.crew.notice import NOTICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")

_CHUNK = 1 << 20
_MOST_SHARES = 256  # that many numbers fit into a byte


def divide(items: Sequence[T], work: Callable[[Sequence[T]], R], jobs: int) -> list[R]:
    """`work` of shares of `items`, in order, done by `jobs` processes; it must return plain data.

    Each process takes a share whenever it has done one. What a fork that dies had taken is done here. None
    outlives this call, whatever ends it.
    """
    shares = _shares(items) if jobs > 1 and hasattr(os, "fork") else [items]
    if len(shares) < 2:
        return [work(share) for share in shares]
    numbers = _queue(len(shares))
    forks: dict[int, IO[bytes]] = {}
    try:
        for _ in range(min(jobs, len(shares)) - 1):
            forks |= _fork(numbers, shares, work)
        done = dict(_take(numbers, shares, work))
        for process in tuple(forks):
            done |= _collect(process, forks[process])
            del forks[process]
    finally:
        os.close(numbers)
        for process, pipe in forks.items():
            _end(process, pipe)
    return [done[at] if at in done else work(share) for at, share in enumerate(shares)]


def _shares(items: Sequence[T]) -> list[Sequence[T]]:
    size = -(-len(items) // _MOST_SHARES) or 1
    return [items[start : start + size] for start in range(0, len(items), size)]


def _queue(count: int) -> int:
    """What the numbers of shares are read from, a byte each, by all processes."""
    reading, writing = os.pipe()
    os.write(writing, bytes(range(count)))
    os.close(writing)
    return reading


def _take(
    numbers: int, shares: Sequence[Sequence[T]], work: Callable[[Sequence[T]], R]
) -> Iterator[tuple[int, R]]:
    while taken := os.read(numbers, 1):
        yield taken[0], work(shares[taken[0]])


def _fork(
    numbers: int, shares: Sequence[Sequence[T]], work: Callable[[Sequence[T]], R]
) -> dict[int, IO[bytes]]:
    """The fork's id, and what its results can be read from; nothing where no process can be had."""
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return {}
    if process:
        os.close(writing)
        return {process: os.fdopen(reading, "rb")}
    status = 1
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(marshal.dumps(dict(_take(numbers, shares, work))))
        status = 0
    finally:
        os._exit(status)


def _collect(process: int, pipe: IO[bytes]) -> dict[int, R]:
    with pipe:
        data = _all_of(pipe.fileno())
    _, status = os.waitpid(process, 0)
    # Our own fork wrote it.
    return {} if status else marshal.loads(data)  # noqa: S302


def _all_of(pipe: int) -> bytes:
    data = b""
    while True:
        if select.select([pipe], [], [], NOTICE)[0]:
            more = os.read(pipe, _CHUNK)
            if not more:
                return data
            data += more


def _end(process: int, pipe: IO[bytes]) -> None:
    """Whoever waits for it does not do so any more: nobody would read what it finds."""
    pipe.close()
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
