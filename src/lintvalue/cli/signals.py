"""SIGINT and SIGTERM end a run in order: what is begun is cleaned up first."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


class Stopped(BaseException):
    """A signal asks the run to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def handle_signals() -> None:
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _stop)
    except ValueError:
        pass  # not the main thread: a host program's business


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)
