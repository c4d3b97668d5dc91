"""An augmented assignment to memory that several processes share, with no lock held.

## What it does
Finds `v.value += 1`, `cells[i] += 1`, `point.x += 1`, `namespace.total += 1`, `proxy["k"] += 1` and their
kin on shared memory (`Value`, `RawValue`, `Array`, `RawArray`, `ShareableList`, ctypes structures, manager
proxies), also through a property, where no lock is held that all processes share.

## Why is this bad?
The statement is three steps: load, add, store. The lock that a `Value` brings along is taken for the load,
given back, and taken again for the store. Another process that stores in between is overwritten: its update
is lost, and nothing says so.

## Example
```python
from multiprocessing import Process, Value


def count(hits):
    for _ in range(50):
        hits.value += 1


if __name__ == "__main__":
    hits = Value("i", 0)
    workers = [Process(target=count, args=(hits,)) for _ in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Use instead
```python
from multiprocessing import Process, Value


def count(hits):
    for _ in range(50):
        with hits.get_lock():
            hits.value += 1


if __name__ == "__main__":
    hits = Value("i", 0)
    workers = [Process(target=count, args=(hits,)) for _ in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Fix safety
Holding the object's own lock changes nothing but atomicity. Turning the object into a
`lintvalue.runtime.Counter` is offered where every place that touches it is in sight and can follow; annotations follow,
too. What has no lock gets one: a `RawValue` becomes a `Value` or a `Counter`.

## Limits
An object that one process alone writes, or that nobody else has yet or any more, is left alone; whether
that is so is decided by the processes that the project itself starts. Objects that reach the statement
through code outside the project are not followed. `v.value += 1` under something that may be a lock, but
cannot be named, is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Form, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import cure, finding, unlocked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV101", "unlocked-augmented-assignment"


def check(project: Project) -> Iterator[Finding]:
    for update in project.updates:
        if update.form is Form.AUGMENTED and unlocked(update):
            message = (
                f"`{update.symbol}` is read and written back with no lock held, so updates that other "
                f"processes make in between are lost; {cure(project, update)}"
            )
            yield finding(CODE, NAME, project, update, message)


RULE = Rule(CODE, NAME, __doc__ or "", check)
