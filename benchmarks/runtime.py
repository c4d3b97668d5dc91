"""Measures the runtime against what it replaces, and against its peers where they are installed.

    python benchmarks/runtime.py [--repetitions 9] [--milliseconds 250] [--processes 1,2,4,8]
                                 [--only TEXT] [--svg FILE]

Each measurement forks the processes, lets them wait for each other, and has each run the
statement in a loop of its own; the rate is the number of statements divided by the time from the
first start to the last end. In each repetition all forms are measured one after the other, so
that they meet the same load of the machine. A ratio is to the group's first form in the same
repetition, and what is printed are medians.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
import timeit
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime_forms import Form, Group, changes, fork, quotas, reads
from runtime_plot import plot

if TYPE_CHECKING:
    from collections.abc import Callable

HANG = 120  # seconds
LIMIT = "the limit: a C loop of atomic adds"

Rates = dict[tuple[str, int], list[float]]  # of a form, at a number of processes


def main() -> None:
    options = _arguments()
    wanted = tuple(int(number) for number in options.processes.split(","))
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs"
    )
    for group in (changes(wanted), reads(), quotas(wanted)):
        rates = _measure(group, options)
        _print_table(group, rates)
        if options.svg and group.title == "changes":
            options.svg.write_text(plot(_medians(rates), group.processes), encoding="utf-8")


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--milliseconds", type=int, default=250, help="of one measurement")
    parser.add_argument("--processes", default="1,2,4,8")
    parser.add_argument(
        "--only", default="", help="measure forms with this in their name, and the first"
    )
    parser.add_argument("--svg", type=Path, help="where to plot the changes a second")
    return parser.parse_args()


def _measure(group: Group, options: Any) -> Rates:
    forms = [form for form in group.forms if form is group.forms[0] or options.only in form.name]
    often = {form.name: _times_in(options.milliseconds, form) for form in forms}
    limit = _compiled_limit() if group.title == "changes" else None
    rates: Rates = defaultdict(list)
    for _ in range(options.repetitions):
        for processes in group.processes:
            for form in forms:
                rates[form.name, processes].append(_rate(form, processes, often[form.name]))
            if limit:
                rates[LIMIT, processes].append(limit(processes))
    return rates


def _rate(form: Form, processes: int, times: int) -> float:
    """Return how many statements a second all processes together ran."""
    x, times = form.make(), max(20, times // processes)
    stamps, ready, go = fork.RawArray("q", 2 * processes), fork.Semaphore(0), fork.RawValue("b", 0)

    def work(worker: int) -> None:
        gc.disable()
        loop = timeit.Timer(form.statement, globals={"x": x})
        ready.release()
        while not go.value:
            os.sched_yield()
        stamps[2 * worker] = time.monotonic_ns()
        loop.timeit(times)
        stamps[2 * worker + 1] = time.monotonic_ns()

    workers = [fork.Process(target=work, args=(worker,)) for worker in range(processes)]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire(timeout=HANG)
    go.value = 1
    for worker in workers:
        worker.join(HANG)
    if any(worker.exitcode != 0 for worker in workers):
        raise SystemExit(f"a process of {form.name!r} failed or hangs")
    if form.total and form.total_of(x) != times * processes:
        raise SystemExit(f"{form.name!r} counted {form.total_of(x)} of {times * processes}")
    return times * processes / (max(stamps[1::2]) - min(stamps[::2])) * 1e9


def _times_in(milliseconds: int, form: Form) -> int:
    times = 1_000
    while True:
        rate = _rate(form, 1, times)
        if times / rate * 1_000 > milliseconds / 4:
            return int(rate * milliseconds / 1_000)
        times *= 4


def _compiled_limit() -> Callable[[int], float] | None:
    """Return what measures the C loop, if there is a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    program = Path(tempfile.mkdtemp()) / "limit"
    source = Path(__file__).with_name("limit.c")
    subprocess.run([compiler, "-O2", "-o", program, source], check=True)

    def limit(processes: int) -> float:
        command = [program, str(processes), str(8_000_000 // processes)]
        return float(subprocess.run(command, check=True, capture_output=True).stdout)

    return limit


def _medians(rates: Rates) -> dict[tuple[str, int], float]:
    return {key: statistics.median(each) for key, each in rates.items()}


def _print_table(group: Group, rates: Rates) -> None:
    print(f"\n{group.title}: million a second, and times the first form in the same repetition\n")
    print("| form |" + "".join(f" {processes} p |" for processes in group.processes))
    print("|---|" + "---|" * len(group.processes))
    for name in dict.fromkeys(name for name, _ in rates):
        cells = (_cell(group, rates, name, processes) for processes in group.processes)
        print(f"| {name} |" + "".join(f" {cell} |" for cell in cells), flush=True)


def _cell(group: Group, rates: Rates, name: str, processes: int) -> str:
    own, base = rates[name, processes], rates[group.forms[0].name, processes]
    ratio = statistics.median(one / other for one, other in zip(own, base, strict=True))
    return f"{statistics.median(own) / 1e6:.2f} ({ratio:.2f}x)"


if __name__ == "__main__":
    main()
