"""The updates of one object hold locks, but none in common.

## What it does
Finds read-modify-writes of one object of which each holds some lock, where no lock is held by all of them. Reported
are those that do not hold the most common one (of equally common ones, the first in the source).

## Why is this bad?
Two updates exclude each other only if they hold the same lock. Under different ones they overwrite each other as
if there were none.

## Example
```python
from multiprocessing import Lock, Process, Value


def move(pallets, coming, going):
    with coming:
        pallets.value += 2
    with going:
        pallets.value -= 1

if __name__ == "__main__":
    pallets, coming, going = Value("i", 0), Lock(), Lock()
    workers = [Process(target=move, args=(pallets, coming, going)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Use instead
```python
from multiprocessing import Lock, Process, Value


def move(pallets, moving):
    with moving:
        pallets.value += 2
    with moving:
        pallets.value -= 1

if __name__ == "__main__":
    pallets, moving = Value("i", 0), Lock()
    workers = [Process(target=move, args=(pallets, moving)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Fix safety
The most common lock takes the place of another one that guards nothing else. Where it has no name, all updates hold
the object's own lock, which never has another one taken inside it.

## Limits
Updates whose lock cannot be named do not vote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV203", "inconsistent-lock"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.INCONSISTENT:
            message = (
                f"`{misuse.symbol}` is updated here under another lock than elsewhere, so the two do not exclude each other; hold the "
                "same lock at every update"
            )
            yield misused(
                CODE,
                NAME,
                project,
                misuse,
                message,
                "the lock that the other updates hold is made here",
            )


RULE = Rule(CODE, NAME, __doc__ or "", check)
