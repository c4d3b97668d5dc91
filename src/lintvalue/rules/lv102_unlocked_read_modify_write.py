"""A read and a dependent write of shared memory in one statement, with no lock held.

## What it does
Finds `v.value = v.value + 1`, `a.value, b.value = b.value, a.value`, `setattr(v, "value", v.value + 1)`,
`d[k] = d.get(k, 0) + 1`, `v.value = successor(v)` and their kin on shared memory, where no lock is held
that all processes share.

## Why is this bad?
The new value is computed from one that was loaded earlier. Another process that stores between that load
and this store is overwritten: its update is lost, and nothing says so.

## Example
```python
from multiprocessing import Process, Value


def search(best, scores):
    for score in scores:
        best.value = max(best.value, score)


if __name__ == "__main__":
    best = Value("i", 0)
    workers = [Process(target=search, args=(best, range(50))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Use instead
```python
from multiprocessing import Process, Value


def search(best, scores):
    for score in scores:
        with best.get_lock():
            best.value = max(best.value, score)


if __name__ == "__main__":
    best = Value("i", 0)
    workers = [Process(target=search, args=(best, range(50))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Fix safety
Holding the object's own lock changes nothing but atomicity. A statement that updates two objects is not
rewritten: two locks taken in two orders deadlock.

## Limits
The limits of LV101. Besides, two different spellings of one index (`cells[i]` and `cells[j]`) count as two
cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Form, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import cure, finding, unlocked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV102", "unlocked-read-modify-write"


def check(project: Project) -> Iterator[Finding]:
    for update in project.updates:
        if update.form is Form.SINGLE and unlocked(update):
            message = (
                f"`{update.symbol}` is written from its own earlier value with no lock held, so updates "
                f"that other processes make in between are lost; {cure(project, update)}"
            )
            yield finding(CODE, NAME, project, update, message)


RULE = Rule(CODE, NAME, __doc__ or "", check)
