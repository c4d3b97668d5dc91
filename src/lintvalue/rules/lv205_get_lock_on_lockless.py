"""Something that has no lock is asked for it.

## What it does
Finds `get_lock()`, `with` and `acquire()` on `RawValue`, `RawArray`, `Value` and `Array` with `lock=False`, values of a
manager, and what `get_obj()` returns.

## Why is this bad?
They have no such method: it is an AttributeError (a TypeError for `with`), mostly in a worker, where nobody sees it.

## Example
```python
from multiprocessing import Process, RawValue


def count(hits):
    with hits.get_lock():
        hits.value += 1

if __name__ == "__main__":
    hits = RawValue("i", 0)
    workers = [Process(target=count, args=(hits,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Use instead
```python
from multiprocessing import Process, Value


def count(hits):
    with hits.get_lock():
        hits.value += 1

if __name__ == "__main__":
    hits = Value("i", 0)
    workers = [Process(target=count, args=(hits,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Fix safety
A `RawValue` or a `RawArray`, or what is made with `lock=False`, becomes a `Value` or an `Array`, where all its uses
are in sight: asking for its lock raised before, so that nothing can depend on that. For what a manager makes no fix is
offered.

## Limits
Attributes of a manager's Namespace and dict are not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV205", "get-lock-on-lockless"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.LOCKLESS:
            message = f"`{misuse.symbol}` has no lock, so this raises; use `Value`, or a lock of its own that all processes share"
            yield misused(CODE, NAME, project, misuse, message, "it is made here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
