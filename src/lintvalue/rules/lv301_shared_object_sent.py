"""What processes can only inherit is sent to them.

## What it does
Finds a Value, an Array or a lock, or a thing that holds one (a tuple, a `partial`, a bound method, an object), among the
arguments of a pool's or an executor's task, in `Queue.put` and in `Pipe.send`.

## Why is this bad?
Shared memory and locks can be handed over while a process is started, at no other time: pickling them is a RuntimeError.
`apply_async` keeps it to itself until somebody calls `get()`, and `Queue.put` drops the item in a thread of its own, so
that the reader waits for ever.

## Example
```python
from multiprocessing import Pool, Value


def read(level):
    return level.value


if __name__ == "__main__":
    level = Value("i", 7)
    with Pool(2) as pool:
        print(pool.apply(read, (level,)))
```

## Use instead
```python
from multiprocessing import Pool, Value


def keep(value):
    global level
    level = value


def read():
    return level.value


if __name__ == "__main__":
    shared = Value("i", 7)
    with Pool(2, initializer=keep, initargs=(shared,)) as pool:
        print(pool.apply(read))
```

## Fix safety
No fix is offered: it has to be handed over where the process starts, which is another place.

## Limits
A class that says itself what of it is pickled is left alone, and so is what may be something else as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV301", "shared-object-sent"


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault is Fault.SENT:
            message = (
                f"`{misuse.symbol}` is pickled here, which raises: processes can only inherit it; hand it "
                "over in `Process(args=…)`, or by a pool's initializer"
            )
            yield misused(CODE, NAME, project, misuse, message, "it is made here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
