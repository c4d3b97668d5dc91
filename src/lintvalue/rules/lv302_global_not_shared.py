"""Processes reach a Value or a lock that they were not given.

## What it does
Finds a Value, an Array or a lock at module level, in a class body, in a default argument or under the main guard, that
the code of a process uses, though the process was not given it: neither by `args=` nor by a pool's `initargs=`.

## Why is this bad?
A forked process has a copy of all variables of its parent, and the memory behind this one is shared. Under `spawn` and
`forkserver` (the default on macOS, on Windows, and on Linux since Python 3.14) a process imports the modules anew. So each
process makes an object of its own, or finds none at all: what one counts, no other one sees, and a lock keeps out nobody.

## Example
```python
from multiprocessing import Process, Value

hits = Value("i", 0)


def work():
    with hits.get_lock():
        hits.value += 1


if __name__ == "__main__":
    workers = [Process(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(hits.value)
```

## Use instead
```python
from multiprocessing import Process, Value


def work(hits):
    with hits.get_lock():
        hits.value += 1


if __name__ == "__main__":
    hits = Value("i", 0)
    workers = [Process(target=work, args=(hits,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(hits.value)
```

A program that means to be forked says so: processes of `get_context("fork")`, or of any context after
`set_start_method("fork")`, are left alone, and so are all of which the code says nothing with
`start-method = "fork"` in the configuration.

## Fix safety
There is no fix: the object has to find its way to the process.

## Limits
A Value of a class or a module that no process in sight uses is reported, if the project starts processes, gives it to none
of them, and leaves it to its callers who runs the code: it is there to be shared.

Proxies of a manager's objects are left alone, and so are the variables of a function around the one that a process runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.finding import Severity
from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV302", "global-not-shared"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.NOT_GIVEN:
            subject = f"`{misuse.symbol}`" if misuse.symbol else "this lock"
            message = (
                f"{subject} is not handed to the processes that use it, so under spawn and forkserver each "
                "has one of its own; hand it over in `Process(args=…)`, or by a pool's initializer"
            )
            yield misused(CODE, NAME, project, misuse, message, "it is used here", Severity.WARNING)


RULE = Rule(CODE, NAME, __doc__ or "", check, severity=Severity.WARNING)
