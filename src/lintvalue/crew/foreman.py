"""Hands texts to workers, watches the clock, and replaces a worker that dies."""

from __future__ import annotations

import os
import select
import signal
import time
from typing import TYPE_CHECKING, NoReturn

from lintvalue.crew.deep import on_deep_stack
from lintvalue.crew.limits import WALL_FACTOR, processor_seconds
from lintvalue.crew.notice import NOTICE
from lintvalue.crew.worker import refused, serve
from lintvalue.model import codec
from lintvalue.model.facts import FileFacts
from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lintvalue.crew.worker import Work
    from lintvalue.model.source import Source

START_SECONDS = 120.0  # until a worker has loaded the parser
_CHUNK = 1 << 20


@dataclass(slots=True)
class _Worker:
    """A fork at work; `pending` are the tasks whose facts have not come yet, in order."""

    process: int
    pipe: int
    pending: list[int]
    deadline: float
    begun: bool = False  # on the first of `pending`
    late: bool = False
    received: bytes = b""


class Foreman:
    """One run of the crew over `sources`."""

    def __init__(self, sources: Sequence[Source], prepare: Callable[[], Work]) -> None:
        self._sources = sources
        self._prepare = prepare
        self._lines: dict[int, bytes] = {}
        self._refusals: dict[int, str] = {}
        self._workers: list[_Worker] = []

    def run(
        self, count: int, meanwhile: Callable[[], object] = lambda: None
    ) -> tuple[FileFacts, ...]:
        try:
            for share in self._shares(count):
                self._hire(share)
            meanwhile()
            while self._workers:
                self._listen()
        finally:
            self._dismiss_all()
        # No fork follows: a thread may live now.
        return on_deep_stack(lambda: tuple(map(self._facts, range(len(self._sources)))))

    def _shares(self, count: int) -> list[list[int]]:
        # The longest first, dealt out in turn: shares of about equal weight.
        order = sorted(range(len(self._sources)), key=lambda task: -len(self._sources[task].text))
        return [order[start::count] for start in range(count)]

    def _hire(self, tasks: list[int]) -> None:
        if not tasks:
            return
        parent = os.getpid()
        try:
            reading, writing = os.pipe()
        except OSError as error:
            self._refuse(tasks, f"no worker could be started: {error.strerror}")
            return
        try:
            process = os.fork()
        except OSError as error:
            os.close(reading)
            os.close(writing)
            self._refuse(tasks, f"no worker could be started: {error.strerror}")
            return
        if process == 0:
            self._serve(reading, writing, tasks, parent)
        os.close(writing)
        deadline = time.monotonic() + START_SECONDS
        self._workers.append(_Worker(process, reading, tasks, deadline))

    def _serve(self, reading: int, writing: int, tasks: list[int], parent: int) -> NoReturn:
        try:
            os.close(reading)
            serve(writing, tasks, self._sources, self._prepare, parent)
        finally:
            os._exit(1)

    def _refuse(self, tasks: Sequence[int], reason: str) -> None:
        for task in tasks:
            self._refusals[task] = reason

    def _listen(self) -> None:
        soonest = min(worker.deadline for worker in self._workers)
        wait = min(NOTICE, max(0.0, soonest - time.monotonic()))
        pipes = {worker.pipe: worker for worker in self._workers}
        ready, _, _ = select.select(list(pipes), [], [], wait)
        for pipe in ready:
            self._receive(pipes[pipe])
        now = time.monotonic()
        for worker in [one for one in self._workers if one.deadline < now]:
            worker.late = True
            self._replace(worker, kill=True)

    def _receive(self, worker: _Worker) -> None:
        data = os.read(worker.pipe, _CHUNK)
        if not data:
            self._replace(worker, kill=False)
            return
        *lines, worker.received = (worker.received + data).split(b"\n")
        for line in lines:
            self._note(worker, line)

    def _note(self, worker: _Worker, line: bytes) -> None:
        task = worker.pending[0]
        if line.startswith(b"E"):
            raise RuntimeError(f"the parser cannot be loaded: {line[1:].decode()}")
        if line.startswith(b"S"):
            worker.begun = True
            seconds = WALL_FACTOR * processor_seconds(self._sources[task].text)
            worker.deadline = time.monotonic() + seconds
        else:
            worker.begun = False
            self._lines[task] = line
            del worker.pending[0]

    def _replace(self, worker: _Worker, *, kill: bool) -> None:
        """The worker is done, dead or late: whatever it was at is refused, another does the rest."""
        self._workers.remove(worker)
        status = _end(worker, kill=kill)
        if not worker.pending:
            return
        lost = worker.pending[:1] if worker.begun else worker.pending
        self._refuse(lost, _cause(worker, status, self._sources[lost[0]]))
        self._hire(worker.pending[len(lost) :])

    def _dismiss_all(self) -> None:
        for worker in self._workers:
            _end(worker, kill=True)
        self._workers.clear()

    def _facts(self, task: int) -> FileFacts:
        path = self._sources[task].path
        if task in self._refusals:
            return refused(path, self._refusals[task])
        try:
            return codec.loads(self._lines[task].decode(), FileFacts)
        except RecursionError:
            return refused(path, "nested too deeply to be judged")


def _end(worker: _Worker, *, kill: bool) -> int:
    """Waits for the worker to end: its exit status, negative for a signal."""
    os.close(worker.pipe)
    try:
        if kill:
            os.kill(worker.process, signal.SIGKILL)
        _, status = os.waitpid(worker.process, 0)
    except (ProcessLookupError, ChildProcessError):
        return 0
    return os.waitstatus_to_exitcode(status)


def _cause(worker: _Worker, status: int, source: Source) -> str:
    seconds = processor_seconds(source.text)
    if worker.late:
        return f"not judged: it takes longer than {WALL_FACTOR * seconds} seconds"
    if status == -signal.SIGXCPU:
        return f"not judged: it takes longer than {seconds} seconds of processor time"
    if status < 0:
        return f"not judged: its worker died of {signal.Signals(-status).name}"
    return f"not judged: its worker ended with status {status}"
