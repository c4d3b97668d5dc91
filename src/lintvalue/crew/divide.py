"""One task for several forks: for work that loads nothing and cannot fail one item at a time."""

from __future__ import annotations

import marshal
import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


def divide(items: Sequence[T], work: Callable[[Sequence[T]], R], jobs: int) -> list[R]:
    """`work` of each of `jobs` shares of `items`, in order; what it returns must be plain data.

    A share whose fork dies is done here.
    """
    size = -(-len(items) // max(1, jobs)) or 1
    shares = [items[start : start + size] for start in range(0, len(items), size)]
    if len(shares) < 2 or not hasattr(os, "fork"):
        return [work(share) for share in shares]
    forks = [_fork(share, work) for share in shares[1:]]
    results = [work(shares[0])]
    for share, fork in zip(shares[1:], forks, strict=True):
        data = None if fork is None else _collect(*fork)
        # Our own fork wrote it.
        results.append(work(share) if data is None else marshal.loads(data))  # noqa: S302
    return results


def _fork(share: Sequence[T], work: Callable[[Sequence[T]], R]) -> tuple[int, int] | None:
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if process:
        os.close(writing)
        return process, reading
    status = 1
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(marshal.dumps(work(share)))  # type: ignore[arg-type] # plain data
        status = 0
    finally:
        os._exit(status)


def _collect(process: int, reading: int) -> bytes | None:
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(process, 0)
    return None if status else data
