"""Commands measured in turn: wall and processor time, and the memory of the largest process."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """One tool's run; `before` is called ahead of each, outside of what is measured."""

    name: str
    arguments: Sequence[str]
    folder: Path
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class Run:
    wall: float  # seconds
    processor: float  # seconds, of all processes
    memory: float  # MiB, of the largest process


def run(command: Command) -> Run:
    command.before()
    start = time.perf_counter()
    process = os.fork()
    if process == 0:
        _become(command)
    _, _, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _become(command: Command) -> None:
    try:
        os.chdir(command.folder)
        # Installed commands have their bytecode; one in a working copy has after its first run.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.execvp(command.arguments[0], list(command.arguments))
    finally:
        os._exit(127)


def alternate(commands: Sequence[Command], rounds: int) -> Mapping[str, list[Run]]:
    """`rounds` runs of each command, one after the other in turn, after one that does not count."""
    results: dict[str, list[Run]] = {command.name: [] for command in commands}
    for command in commands:
        run(command)
    for number in range(rounds):
        for command in commands if number % 2 else reversed(commands):
            results[command.name].append(run(command))
    return results


def median(runs: Sequence[Run], what: str) -> float:
    return statistics.median(getattr(one, what) for one in runs)


def ratio(ours: Sequence[Run], theirs: Sequence[Run], what: str) -> tuple[float, float, float]:
    """The ratio of medians, and the least and the greatest ratio of a pair."""
    pairs = [
        getattr(a, what) / max(getattr(b, what), 1e-9) for a, b in zip(ours, theirs, strict=True)
    ]
    return median(ours, what) / max(median(theirs, what), 1e-9), min(pairs), max(pairs)
