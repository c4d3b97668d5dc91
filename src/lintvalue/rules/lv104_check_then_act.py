"""A write to shared memory is decided by an earlier read of it, with no lock held over both.

## What it does
Finds a store or an update that is reached only if a test of the same object came out one way (`if`, `while`,
`assert`, `match`, an early `return`, `raise`, `continue` or `break`, `if k not in d`), where no lock is
held from the test to the write.

## Why is this bad?
Two processes can both find the test true before either of them writes: the limit is overshot, the smaller
maximum wins, the set-up runs twice. A lock around the write alone does not help; the test has to be inside.

## Example
```python
from multiprocessing import Process, Value


def reserve(used, limit):
    if used.value < limit:
        with used.get_lock():
            used.value += 1


if __name__ == "__main__":
    used = Value("i", 0)
    workers = [Process(target=reserve, args=(used, 2)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Use instead
```python
from multiprocessing import Process, Value


def reserve(used, limit):
    with used.get_lock():
        if used.value < limit:
            used.value += 1


if __name__ == "__main__":
    used = Value("i", 0)
    workers = [Process(target=reserve, args=(used, 2)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
```

## Fix safety
The lock is widened over the test where test and write stand in one suite. A `while` whose test decides the write
becomes `while True:` with the test, and a `break`, under the lock of the write.

## Limits
A flag that a loop polls and that its body sets to a constant is left alone, and so is a constant that whoever
writes it writes. A test that a called function makes for its caller counts where its answer is returned, or
where it raises or waits. A check is followed through one call, into it or out of it, and no further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Form, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import finding, unlocked, with_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV104", "check-then-act"


def check(project: Project) -> Iterator[Finding]:
    for update in project.updates:
        if update.form is Form.DECIDED and unlocked(update):
            message = (
                f"`{update.symbol}` is checked at row {update.read.span.line} and written here, with no lock held "
                "over both, so two processes can pass the check before either of them writes"
            )
            found = finding(CODE, NAME, project, update, message)
            yield with_read(found, update, "the check is here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
