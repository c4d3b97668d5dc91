"""A value read from shared memory is written back later, and not all of it in one critical section.

## What it does
Finds a value that is loaded into a name (or returned by a helper) and from which a later statement computes
what it stores into the same object, where no lock is held from the load to the store without a gap. Two
`with lock:` blocks, one for each half, are such a gap; so are `condition.wait()` and the next turn of a loop.

## Why is this bad?
Between the load and the store other processes may store, too. What they wrote is overwritten by a value
that knows nothing of it. That each half is locked makes no difference.

## Example
```python
from multiprocessing import Process, Value


def allocate(next_id):
    with next_id.get_lock():
        mine = next_id.value
    label = f"job-{mine}"
    with next_id.get_lock():
        next_id.value = mine + 1
    return label


if __name__ == "__main__":
    next_id = Value("i", 0)
    workers = [Process(target=allocate, args=(next_id,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Use instead
```python
from multiprocessing import Process, Value


def allocate(next_id):
    with next_id.get_lock():
        mine = next_id.value
        next_id.value = mine + 1
    return f"job-{mine}"


if __name__ == "__main__":
    next_id = Value("i", 0)
    workers = [Process(target=allocate, args=(next_id,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Fix safety
Where the load and the store stand in one suite, the lock can be held over both and all that is between
them; sections of the same lock in between become part of it. Nothing is moved across `await`, `yield` or a wait. A
section that sleeps or is very long takes `--unsafe-fixes`.

## Limits
A value that is kept in an attribute or a container between the load and the store is not followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Form, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import finding, unlocked, with_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV103", "split-read-modify-write"


def check(project: Project) -> Iterator[Finding]:
    for update in project.updates:
        if update.form is Form.SPLIT and unlocked(update):
            message = (
                f"`{update.symbol}` is read at row {update.read.span.line} and written back here, with no lock "
                "held from the one to the other; updates that other processes make in between are lost"
            )
            found = finding(CODE, NAME, project, update, message)
            yield with_read(found, update, "the value is read here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
