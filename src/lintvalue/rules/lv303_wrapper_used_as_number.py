"""The Value itself is used as if it were the number in it.

## What it does
Finds a `Value` that is tested (`if v:`), computed with (`v += 1`), compared (`v > 3`, `v == 3`) or handed to what wants
a number (`range(v)`), and an attribute or a global made for a Value that gets a number instead (`self.v = 0`), while
others go on to take its `.value`.

## Why is this bad?
The number is `v.value`; `v` is an object around it. It is always true, never equal to a number, and in a computation it
raises. A number bound in its place changes nothing in the other processes, and has no `.value`.

## Example
```python
from multiprocessing import Process, Value


def watch(stop):
    while not stop:
        print("still waiting")

if __name__ == "__main__":
    stop = Value("b", 0)
    watcher = Process(target=watch, args=(stop,))
    watcher.start()
    stop.value = 1
    watcher.join()
```

## Use instead
```python
from multiprocessing import Process, Value


def watch(stop):
    while not stop.value:
        print("still waiting")

if __name__ == "__main__":
    stop = Value("b", 0)
    watcher = Process(target=watch, args=(stop,))
    watcher.start()
    stop.value = 1
    watcher.join()
```

## Fix safety
There is no fix yet: sometimes `.value` is meant, sometimes `is not None`.

## Limits
What may be a number in some call, or is asked with `isinstance`, is left alone, and so is a test of what may be None,
of what a parameter with the default None hands on, or before a use of the object (`if v: v.value = 1`). A raw value (`RawValue`, `lock=False`) is as true as its number,
so its tests are none. A number bound in a Value's place is told for attributes and globals that begin as a Value, not
for local names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.project import Fault, Project
from lintvalue.model.rule import Rule
from lintvalue.rules.phrases import misused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding

CODE, NAME = "LV303", "wrapper-used-as-number"

_MESSAGES = {
    Fault.TESTED: "`{0}` is the shared object itself, which is always true, whatever number it holds; test `{0}.value`",
    Fault.OPERAND: "`{0}` is the shared object itself where its number is wanted, so this raises, or is never equal; use `{0}.value`",
    Fault.REPLACED: "`{0}` holds a shared object, and gets a number in its place that no other process sees; store it into `{0}.value`",
}


def check(project: Project) -> Iterator[Finding]:
    for misuse in project.misuses:
        if misuse.fault in _MESSAGES:
            message = _MESSAGES[misuse.fault].format(misuse.symbol)
            yield misused(CODE, NAME, project, misuse, message, "the shared object is made here")


RULE = Rule(CODE, NAME, __doc__ or "", check)
