"""A lock that cannot be taken twice is taken again by who holds it.

## What it does
Finds `.value` and indexes of an object made with `lock=Lock()` while that lock is held, and a plain lock that the code
itself takes twice, also in a function that is called meanwhile.

## Why is this bad?
A `Lock` (and a `Semaphore(1)`) does not know its owner. The second take waits for a release that can never come: the
process hangs.

## Example
```python
from multiprocessing import Lock, Process, Value


def count(hits):
    with hits.get_lock():
        hits.value += 1

if __name__ == "__main__":
    hits = Value("i", 0, lock=Lock())
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
No fix is offered: which of the two should not take the lock is for its author to say. `hits.get_obj().value` under the lock does not take it again.

## Limits
Only locks that are surely held, and surely the same, are judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV204", "self-deadlock"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.DEADLOCK:
            message = (
                "the lock that is taken here again is held already and cannot be taken twice, so this hangs; leave `lock=` out, "
                "or go through `get_obj()`"
            )
            yield misused(CODE, NAME, project, misuse, message, "it belongs to what is made here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
