"""SIGINT and SIGTERM end a run in order: what is begun is cleaned up first."""

from __future__ import annotations

import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    Hook = Callable[[sys.UnraisableHookArgs], object]

_SOON = 0.05  # seconds


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
        return  # not the main thread: a host program's business
    if hasattr(signal, "setitimer"):
        sys.unraisablehook = partial(_once_more, sys.unraisablehook)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


def _once_more(others: Hook, what: sys.UnraisableHookArgs) -> None:
    """Python throws away what is raised in callbacks, those of its own imports among them: a signal that
    came there is sent again, a little later.
    """
    if not isinstance(what.exc_value, Stopped):
        others(what)
        return
    number = what.exc_value.number
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(number))
    signal.setitimer(signal.ITIMER_REAL, _SOON)
