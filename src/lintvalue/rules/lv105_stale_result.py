"""The result of a locked update is read apart from it, so two processes may get the same.

## What it does
Finds a locked update whose result, a ticket or an id, is taken by another read of the same object, before the update or
after it and not in its critical section, and then returned or stored.

## Why is this bad?
Each update is safe, and no count is lost. But between the update and the read another process may update as well: then
both read the same number, and one number is never given out.

## Example
```python
from multiprocessing import Pool, Value


def setup(given):
    global last
    last = given


def ticket(_):
    with last.get_lock():
        last.value += 1
    return last.value

if __name__ == "__main__":
    with Pool(4, initializer=setup, initargs=(Value("i", 0),)) as pool:
        print(pool.map(ticket, range(100)))
```

## Use instead
```python
from multiprocessing import Pool, Value


def setup(given):
    global last
    last = given


def ticket(_):
    with last.get_lock():
        last.value += 1
        return last.value

if __name__ == "__main__":
    with Pool(4, initializer=setup, initargs=(Value("i", 0),)) as pool:
        print(pool.map(ticket, range(100)))
```

## Fix safety
There is no fix yet: what else belongs into the critical section, its author knows.

## Limits
Off by default: a number that is only reported, such as a progress, may well be read later. What is printed or compared is
no result; what is handed to another function is one only if that function stores or returns it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV105", "stale-result"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.STALE:
            message = (
                f"`{misuse.symbol}` is read here for the result of an update, but in another critical section, so another "
                "process may update it in between and both get the same number; read it in the section of the update"
            )
            yield misused(CODE, NAME, project, misuse, message, "it is updated here")


RULE = Rule(CODE, NAME, __doc__ or "", check, default=False)
