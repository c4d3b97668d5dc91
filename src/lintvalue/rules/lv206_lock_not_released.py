"""A way out of the function leaves the lock held.

## What it does
Finds `acquire()` after which a `return`, a `raise`, a `break`, a `continue` or a branch that falls through leaves the
function without `release()`.

## Why is this bad?
Nobody gets the lock any more: every other process that acquires it waits for ever, also for a Value's own lock, which
`.value` takes.

## Example
```python
from multiprocessing import Lock, Process, Value


def book(lock, seats):
    lock.acquire()
    if seats.value == 0:
        return
    seats.value -= 1
    lock.release()

if __name__ == "__main__":
    lock, seats = Lock(), Value("i", 2)
    clerks = [Process(target=book, args=(lock, seats)) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
```

## Use instead
```python
from multiprocessing import Lock, Process, Value


def book(lock, seats):
    with lock:
        if seats.value == 0:
            return
        seats.value -= 1

if __name__ == "__main__":
    lock, seats = Lock(), Value("i", 2)
    clerks = [Process(target=book, args=(lock, seats)) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
```

## Fix safety
`with lock:` takes the place of `acquire()` and of each `release()` after which the section is over: it releases on
every way out, also when an exception passes. Where something runs after a `release()` that should not hold the lock,
or the answer of `acquire()` is used, nothing is changed.

## Limits
Exceptions that a call may raise are no way out: only what the function's own statements say. A lock that another
function releases may be meant to stay held, and so may one that a function never releases, if its callers are not in
sight: `__enter__`, helpers of `@contextmanager`, methods that acquire for others. Neither is reported. A release that
depends on what cannot be followed counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV206", "lock-not-released"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.UNRELEASED:
            message = (
                f"`{misuse.symbol}` is acquired here and still held on a way out of the function, so whoever acquires it next "
                f"waits for ever; release it on every way out, as `with {misuse.symbol}:` does"
            )
            yield misused(
                CODE,
                NAME,
                project,
                misuse,
                message,
                "the function is left here, with the lock held",
            )


RULE = Rule(CODE, NAME, __doc__ or "", check)
