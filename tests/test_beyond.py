"""Extraction on executors of other engines: the same findings, whatever happens to their workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from lintvalue.crew import batches
from lintvalue.model.settings import Options, UserError
from lintvalue.run.check import check

if TYPE_CHECKING:
    from pathlib import Path

UNSAFE = """\
from multiprocessing import Process, Value


def add(hits):
    hits.value += 1


def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=add, args=(hits,)).start()
"""
FILES = 24
OPTIONS = Options(cache=False)

pytestmark = pytest.mark.usefixtures("project")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(batches, "BATCH", 2_000)
    (tmp_path / "lintvalue.toml").touch()
    for number in range(FILES):
        (tmp_path / f"f{number:02}.py").write_text(UNSAFE + "x = 1\n" * 10 * number)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(
    executor: Executor | None = None, options: Options = OPTIONS
) -> list[tuple[str, int, str]]:
    report = check(["."], options, executor=executor)
    assert report.problems == ()
    assert report.files == FILES
    return [
        (one.finding.at.path, one.finding.at.span.line, one.finding.code) for one in report.findings
    ]


EXPECTED = [(f"f{number:02}.py", 5, "LV101") for number in range(FILES)]


def test_threads_and_processes_find_what_a_local_run_finds():
    assert found() == EXPECTED
    with ThreadPoolExecutor(2) as threads:
        assert found(threads) == EXPECTED
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert found(processes) == EXPECTED


class _Odd(Executor):
    """Answers every other batch with something else."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.calls = 0

    def submit(self, function, /, *arguments, **keywords):
        self.calls += 1
        future: Future = Future()
        try:
            if self.calls % 2:
                future.set_result(function(*arguments, **keywords))
            elif isinstance(self.answer, BaseException):
                future.set_exception(self.answer)
            else:
                future.set_result(self.answer)
        except BaseException as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future


@pytest.mark.parametrize(
    "answer",
    [
        MemoryError(),
        (batches.__version__, ()),
        (batches.__version__, ("[]",)),
        (batches.__version__, ("{",)),
    ],
    ids=["raises", "too few", "of another type", "no JSON"],
)
def test_what_an_executor_gets_wrong_is_done_here(answer):
    odd = _Odd(answer)
    assert found(odd) == EXPECTED
    assert odd.calls > 2


def test_a_worker_that_dies_costs_no_finding():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        processes.submit(os.getpid).result()
        killer = Thread(target=_kill_one, args=(list(processes._processes.values()),))  # noqa: SLF001
        killer.start()
        assert found(processes) == EXPECTED
        killer.join()


def _kill_one(processes: list) -> None:
    time.sleep(0.3)
    os.kill(processes[0].pid, signal.SIGKILL)


def test_workers_of_another_version_are_refused():
    with pytest.raises(UserError, match=r"the workers have lintvalue 0\.0"):
        found(_Odd(("0.0", ())))


def test_an_address_that_nobody_answers_is_told(project):
    pytest.importorskip("distributed")
    command = [
        sys.executable,
        "-m",
        "lintvalue",
        "check",
        "--no-cache",
        "--dask",
        "tcp://127.0.0.1:9",
    ]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: --dask tcp://127.0.0.1:9: no scheduler answers")
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_dask_cluster_that_loses_a_worker_finds_what_a_local_run_finds():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        with distributed.Client(cluster) as client:
            before = client.submit(os.getpid, workers=[cluster.workers[0].worker_address]).result()
            assert before == victim
            killer = Thread(
                target=_kill_when_busy, args=(client, cluster.workers[0].worker_address, victim)
            )
            killer.start()
            assert found(options=Options(cache=False, dask=cluster.scheduler_address)) == EXPECTED
            killer.join()
            assert not _lives(victim)


def _kill_when_busy(client: object, address: str, process: int) -> None:
    """Kill the worker as soon as it has a task of ours."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if client.processing()[address]:  # type: ignore[attr-defined]
            break
        time.sleep(0.005)
    os.kill(process, signal.SIGKILL)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
