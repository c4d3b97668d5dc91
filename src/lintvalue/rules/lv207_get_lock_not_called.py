"""`with v.get_lock:` names the method and does not call it.

## What it does
Finds `with v.get_lock:` on a Value or an Array.

## Why is this bad?
A method is no context manager: it is a TypeError, and nothing in the block is ever run.

## Example
```python
from multiprocessing import Process, Value


def count(hits):
    with hits.get_lock:
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
The method is called. It raised before, so that nothing can depend on it.

## Limits
Only objects that are surely shared are judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV207", "get-lock-not-called"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.UNCALLED:
            message = f"`{misuse.symbol}.get_lock` is not called, so this raises; write `with {misuse.symbol}.get_lock():`"
            yield misused(CODE, NAME, project, misuse, message, "it is made here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
