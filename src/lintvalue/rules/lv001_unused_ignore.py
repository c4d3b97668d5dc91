"""A comment that silences nothing.

## What it does
Finds `# lintvalue: ignore`, with or without codes, where nothing is found that it could silence, and
`# lintvalue: ignore-file` in a file with no finding. `--warn-unused-ignores` turns it on.

## Why is this bad?
The comment says that something is known to be wrong, and nothing is. If something goes wrong in that row later, nobody
will hear of it.

## Example
```python
from multiprocessing import Process, Value


def count(hits):
    with hits.get_lock():
        hits.value += 1  # lintvalue: ignore[LV101]

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
There is no fix yet: the comment may have a reason beside it that is worth keeping.

## Limits
A comment counts as used if it silences a finding of any rule, also of one that is not selected; if one of its codes does
so, all of it is used. `# noqa` belongs to other tools and is never reported. A bare `# lintvalue: ignore` does not silence
this finding in its own row, `ignore[LV001]` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Project

CODE, NAME = "LV001", "unused-ignore"


def check(project: Project) -> Iterable[Finding]:
    """Nothing: what is unused is known only when all other findings are, so `selection` finds it."""
    del project
    return ()


RULE = Rule(CODE, NAME, __doc__ or "", check, default=False)
