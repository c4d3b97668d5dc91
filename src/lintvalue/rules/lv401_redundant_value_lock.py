"""Every access of a Value holds one separate lock, so that its own lock is only cost.

## What it does
Finds a `Value` that no process touches without holding one and the same other lock while others may run. Off by default.

## Why is this bad?
Nothing is wrong; but each `.value` takes and gives back a lock that protects nothing more. `RawValue` is the same
memory without it.

## Example
```python
from multiprocessing import Lock, Process, Value


def count(hits, lock):
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

## Use instead
```python
from multiprocessing import Lock, Process, RawValue


def count(hits, lock):
    with lock:
        hits.value += 1

if __name__ == "__main__":
    hits, lock = RawValue("i", 0), Lock()
    workers = [Process(target=count, args=(hits, lock)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Fix safety
`Value` becomes `RawValue` where all uses are in sight and none asks for the lock. If `__all__` names the object, it
takes `--unsafe-fixes`.

## Limits
An access that no visible code makes is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV401", "redundant-value-lock"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.REDUNDANT:
            message = (
                f"every access of `{misuse.symbol}` holds a lock of its own, so the one that Value brings along is only cost; RawValue "
                "would do"
            )
            yield misused(
                CODE,
                NAME,
                project,
                misuse,
                message,
                "the lock that is held everywhere is made here",
            )


RULE = Rule(CODE, NAME, __doc__ or "", check, default=False)
