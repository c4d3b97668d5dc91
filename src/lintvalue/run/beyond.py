"""Extraction beyond this process's own workers: on any executor, or on a Dask cluster."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lintvalue import __version__
from lintvalue.crew.batches import OtherVersionError, lines_from
from lintvalue.crew.deep import on_deep_stack
from lintvalue.model import codec
from lintvalue.model.facts import FileFacts
from lintvalue.model.settings import UserError
from lintvalue.model.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from lintvalue.crew.batches import Answer, Parcel

_SECONDS_TO_CONNECT = 10


def facts_of_batch(batch: tuple[Parcel, ...]) -> Answer:
    """Runs in the worker: the facts of each text, as lines of JSON."""
    from lintvalue.crew.worker import facts_of  # noqa: PLC0415 - in the worker
    from lintvalue.extract import extract  # noqa: PLC0415

    sources = [Source(*parcel) for parcel in batch]
    return __version__, on_deep_stack(
        lambda: tuple(codec.dumps(facts_of(extract, source)) for source in sources)
    )


def gather_on(executor: Executor, sources: Sequence[Source]) -> dict[str, FileFacts]:
    """The facts of those texts for which the executor has an answer."""
    try:
        lines = lines_from(executor, sources, facts_of_batch)
    except OtherVersionError as error:
        raise UserError(f"{error}; install the same version everywhere") from None
    return on_deep_stack(lambda: dict(_decoded(lines)))


def _decoded(lines: dict[str, str]) -> Iterator[tuple[str, FileFacts]]:
    for path, line in lines.items():
        try:
            facts = codec.loads(line, FileFacts)
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # not what we asked for
        if facts.path == path and facts.problem is None:
            yield path, facts


@contextmanager
def dask(address: str) -> Iterator[Executor]:
    """The executor of the Dask cluster whose scheduler is at `address`."""
    try:
        connect: Callable[..., Any] = import_module("distributed").Client
    except ImportError:
        raise UserError("--dask needs Dask: pip install 'lintvalue[dask]'") from None
    try:
        client = connect(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError, ImportError) as error:
        what = " ".join(str(error).split())[:200]
        raise UserError(f"--dask {address}: no scheduler answers: {what}") from None
    try:
        yield client.get_executor(pure=False, retries=2)
    finally:
        client.close()
