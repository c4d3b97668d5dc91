"""Texts to facts in forked workers, so that no text can take the run down with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.crew.cores import usable_cores
from lintvalue.crew.deep import on_deep_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lintvalue.crew.worker import Work
    from lintvalue.model.facts import FileFacts
    from lintvalue.model.source import Source

__all__ = ["gather", "on_deep_stack"]

FILES_A_WORKER = 8  # fewer are not worth another process
MOST_WORKERS = 64


def gather(
    sources: Sequence[Source],
    prepare: Callable[[], Work],
    jobs: int | None,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[FileFacts, ...]:
    """The facts of each text. One that kills its worker, or takes too long, has a problem instead.

    `prepare` is called in each worker, so that what it loads stays out of this process; `meanwhile` is
    called here once they have begun.
    """
    if not sources:
        return ()
    if not hasattr(os, "fork"):
        from lintvalue.crew.worker import facts_of  # noqa: PLC0415 - knows what facts are made of

        work = prepare()
        return on_deep_stack(lambda: tuple(facts_of(work, source) for source in sources))
    from lintvalue.crew.foreman import Foreman  # noqa: PLC0415 - so does this

    return Foreman(tuple(sources), prepare).run(_workers(len(sources), jobs), meanwhile)


def _workers(files: int, jobs: int | None) -> int:
    wanted = jobs if jobs is not None else usable_cores()
    return max(1, min(wanted, files // FILES_A_WORKER, MOST_WORKERS))
