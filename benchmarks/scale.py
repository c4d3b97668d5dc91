"""What one resolver needs for the facts of many files.

    python benchmarks/scale.py [FILES ...]        1,000 and 10,000 made ones unless said

Each has 24 rows and two findings. `apart`: no import ties one to another; `tied`: all import one module.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

# This folder holds modules with names of the standard library's.
sys.path.pop(0)

from lintvalue.crew import on_deep_stack
from lintvalue.extract import extract
from lintvalue.model import codec
from lintvalue.model.facts import FileFacts
from lintvalue.model.settings import Settings
from lintvalue.model.source import Source
from lintvalue.resolve import resolve
from lintvalue.rules import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TEXT = '''\
"""Adds up what several workers have done."""

from multiprocessing import Lock, Process, Value

{imports}


def work(done, failed, lock):
    for number in range(100):
        if number % 7:
            done.value += 1
        else:
            with lock:
                failed.value += 1


def main():
    done, failed, lock = Value("i", 0), Value("i", 0), Lock()
    workers = [Process(target=work, args=(done, failed, lock)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(done.value, failed.value)
'''
_LAYOUTS = {"apart": "import os", "tied": "import shared"}


def facts(layout: str, count: int) -> Iterator[str]:
    """Lines of facts, as workers and caches have them."""
    made = extract(Source("shared.py", "import os\n", "utf-8", bom=False))
    yield codec.dumps(made)
    made = extract(Source("", _TEXT.format(imports=_LAYOUTS[layout]), "utf-8", bom=False))
    line = codec.dumps(replace(made, path="@@@"))
    for number in range(count):
        yield line.replace("@@@", f"part{number // 100}/program{number}.py")


def measured(layout: str, count: int) -> None:
    lines = list(facts(layout, count))
    start = time.process_time()
    files = [codec.loads(line, FileFacts) for line in lines]
    loaded, size = time.process_time(), memory()
    findings = judge(resolve(files, Settings()))
    resolved = time.process_time()
    rows = _TEXT.count("\n") * count
    print(
        f"| {layout} | {count:,} | {rows:,} | {loaded - start:.1f} | {size:.0f} "
        f"| {resolved - loaded:.1f} | {memory():.0f} | {len(findings):,} |",
        flush=True,
    )


def memory() -> float:
    """The most that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(work: Callable[[], None]) -> None:
    """Do it in a process of its own, so that its memory is its own, too."""
    process = os.fork()
    if process == 0:
        on_deep_stack(work)
        os._exit(0)
    os.waitpid(process, 0)


def main() -> None:
    counts = [int(one) for one in sys.argv[1:]] or [1_000, 10_000]
    print("| layout | files | rows | load, CPU s | MiB | resolve, CPU s | MiB | findings |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for count in counts:
        for layout in _LAYOUTS:
            apart(lambda layout=layout, count=count: measured(layout, count))


if __name__ == "__main__":
    main()
