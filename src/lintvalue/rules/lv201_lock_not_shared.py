"""The lock that guards shared memory is one that each process makes for itself.

## What it does
Finds updates of shared memory under a lock that is made per call, in the worker, in the arguments of each launch, or in
`__init__` of a Process subclass, so that no two processes have the same one.

## Why is this bad?
A lock excludes those who take the same lock. Locks of one's own exclude nobody, and the update is as unprotected
as without any.

## Example
```python
from multiprocessing import Lock, Process, Value


def count(hits):
    lock = Lock()
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
Where the object has a lock of its own, that is held instead, or inside of the other one where that may guard
something else. Both change nothing but atomicity. A `RawValue` or a `RawArray` becomes a `Value` or an `Array`, whose
lock goes wherever the object goes, unless some use needs the bare memory.

## Limits
A lock that a loop makes for a group of processes each turn counts as theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV201", "lock-not-shared"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.PRIVATE:
            message = (
                f"each process has made this lock for itself, so it does not guard `{misuse.symbol}` against the others; make one "
                "lock where the object is made, and hand it to all of them"
            )
            yield misused(CODE, NAME, project, misuse, message, "the lock is made here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
