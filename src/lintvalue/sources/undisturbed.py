"""SIGINT and SIGTERM wait while files are written."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    Handler = Callable[[int, FrameType | None], object] | int


@contextmanager
def undisturbed() -> Iterator[None]:
    """What comes meanwhile is handled at the end of the block. No help but in the main thread."""
    came: list[int] = []
    before: dict[signal.Signals, Handler] = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            known = signal.getsignal(number)
            if known is not None:
                signal.signal(number, lambda one, _: came.append(one))
                before[number] = known
    except ValueError:
        pass  # not the main thread
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for one in came:
            signal.raise_signal(one)
