"""A signal ends a run wherever it comes."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# As the imports of Python do, this has something done when an object is gone.
CALLBACK = """\
import os, time, weakref
from lintvalue.cli.signals import Stopped, handle_signals

class Lock:
    pass

def gone(_):
    os.kill(os.getpid(), {number})
    for _ in range(100):
        pass

handle_signals()
lock = Lock()
noted = weakref.ref(lock, gone)
try:
    del lock
    time.sleep(30)
except Stopped as stopped:
    print(stopped.number)
"""
OTHERS = """\
import weakref
from lintvalue.cli.signals import handle_signals

class Lock:
    pass

handle_signals()
lock = Lock()
noted = weakref.ref(lock, lambda _: 1 / 0)
del lock
"""


def _run(program):
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_in_a_callback_is_not_lost(number):
    run = _run(CALLBACK.format(number=int(number)))
    assert (run.stdout, run.stderr) == (f"{int(number)}\n", "")


def test_what_else_goes_wrong_in_a_callback_is_still_told():
    assert "ZeroDivisionError" in _run(OTHERS).stderr
