"""A lock of threading or asyncio guards memory that is shared between processes.

## What it does
Finds updates of shared memory that hold nothing but a `threading` lock or an `asyncio` lock, where processes, not
only threads, touch the object.

## Why is this bad?
Such a lock lies in the memory of one process. A forked child has a copy of it, a spawned one cannot even be given
it; neither waits for the other.

## Example
```python
import threading
from multiprocessing import Process, Value

lock = threading.Lock()


def count(hits):
    for _ in range(50):
        with lock:
            hits.value += 1

if __name__ == "__main__":
    hits = Value("i", 0)
    workers = [Process(target=count, args=(hits,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Use instead
```python
from multiprocessing import Lock, Process, Value


def count(hits, lock):
    for _ in range(50):
        with lock:
            hits.value += 1

if __name__ == "__main__":
    hits, lock = Value("i", 0), Lock()
    workers = [Process(target=count, args=(hits, lock)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Fix safety
The lock is made by `multiprocessing` instead, with the same methods, where all processes get the one that is made.
Elsewhere the object's own lock is held, as for LV201.

## Limits
Where threads of one process alone touch the object, the lock is right and nothing is reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV202", "thread-lock-across-processes"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.THREAD:
            message = (
                f"this lock keeps out the threads of one process, not the other processes that update `{misuse.symbol}`; hold a lock "
                "of multiprocessing"
            )
            yield misused(CODE, NAME, project, misuse, message, "the lock is made here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
