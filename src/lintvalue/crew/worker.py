"""What a worker does: one line when it starts on a text, one line with the facts when it is done."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from lintvalue.crew.deep import on_deep_stack
from lintvalue.crew.light import load
from lintvalue.crew.limits import processor_seconds
from lintvalue.model import codec
from lintvalue.model.facts import FileFacts
from lintvalue.model.source import Problem
from lintvalue.model.statements import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lintvalue.model.source import Source

    Work = Callable[[Source], FileFacts]

MEMORY_LIMIT = 2 << 30
_PR_SET_PDEATHSIG = 1


def refused(path: str, reason: str) -> FileFacts:
    """The facts of a file that cannot be judged."""
    return FileFacts(path, Block(()), problem=Problem(path, reason))


def facts_of(work: Work, source: Source) -> FileFacts:
    """`work(source)`; whatever it raises is that file's problem."""
    try:
        return work(source)
    except RecursionError:
        return refused(source.path, "nested too deeply to be judged")
    except MemoryError:
        return refused(source.path, "takes too much memory to be judged")
    except Exception as error:  # noqa: BLE001 - the parser raises more than it says
        what = " ".join(str(error).split())[:200]
        return refused(source.path, f"cannot be judged: {type(error).__name__}: {what}")


def serve(
    pipe: int,
    tasks: Sequence[int],
    sources: Sequence[Source],
    prepare: Callable[[], Work],
    parent: int,
) -> None:
    """Runs in the fork; never returns."""
    status = 1
    try:
        _confine(parent)
        on_deep_stack(lambda: _work_through(pipe, tasks, sources, prepare))
        status = 0
    finally:
        os._exit(status)


def _work_through(
    pipe: int,
    tasks: Sequence[int],
    sources: Sequence[Source],
    prepare: Callable[[], Work],
) -> None:
    try:
        work = load(prepare)
    except Exception as error:  # noqa: BLE001 - told by the parent
        _write(pipe, b"E" + ascii(error).encode() + b"\n")
        return
    for task in tasks:
        _write(pipe, b"S%d\n" % task)
        source = sources[task]
        _limit_processor_time(processor_seconds(source.text))
        _write(pipe, _encoded(facts_of(work, source)) + b"\n")


def _encoded(facts: FileFacts) -> bytes:
    try:
        return codec.dumps(facts).encode()
    except (RecursionError, MemoryError):
        return codec.dumps(refused(facts.path, "nested too deeply to be judged")).encode()


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _confine(parent: int) -> None:
    import resource  # noqa: PLC0415 - not on every platform

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for limit, value in ((resource.RLIMIT_AS, MEMORY_LIMIT), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, hard))
    _die_with(parent)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - costs a few milliseconds

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _limit_processor_time(seconds: int) -> None:
    import resource  # noqa: PLC0415 - not on every platform

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = math.ceil(time.process_time()) + seconds
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
