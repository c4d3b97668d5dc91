"""Texts to facts on any executor: batches of texts go out, lines of facts come back.

Whatever comes back wrong, or not at all, is left to the caller, who does it here.
"""

from __future__ import annotations

from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING

from lintvalue import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from lintvalue.model.source import Source

# What travels: path, text, encoding, whether there was a byte order mark.
Parcel = tuple[str, str, str, bool]
# The sender's version, and one line of facts for each text.
Answer = tuple[str, tuple[str, ...]]

BATCH = 256 << 10  # characters; some seconds of a worker's time


class OtherVersionError(Exception):
    """The workers have another lintvalue, whose facts would be others."""


def lines_from(
    executor: Executor,
    sources: Sequence[Source],
    work: Callable[[tuple[Parcel, ...]], Answer],
) -> dict[str, str]:
    """Lines of facts by path, of those texts for which an answer came."""
    waiting: list[tuple[tuple[Source, ...], Future[Answer]]] = []
    with suppress(Exception):  # an executor whose workers are gone takes no more
        for batch in _batches(sources):
            parcels = tuple((one.path, one.text, one.encoding, one.bom) for one in batch)
            waiting.append((batch, executor.submit(work, parcels)))
    lines: dict[str, str] = {}
    for batch, future in waiting:
        answer = _answer(future)
        if answer is not None and len(answer[1]) == len(batch):
            lines |= {one.path: line for one, line in zip(batch, answer[1], strict=True)}
    return lines


def _answer(future: Future[Answer]) -> Answer | None:
    try:
        version, lines = future.result()
    except (Exception, CancelledError):  # noqa: BLE001 - an engine's own errors, a lost worker's
        return None
    if version != __version__:
        raise OtherVersionError(f"the workers have lintvalue {version}, this is {__version__}")
    return version, lines


def _batches(sources: Sequence[Source]) -> Iterator[tuple[Source, ...]]:
    """The longest texts first, so that the last batches to come back are small."""
    batch: list[Source] = []
    weight = 0
    for source in sorted(sources, key=lambda one: -len(one.text)):
        batch.append(source)
        weight += len(source.text)
        if weight >= BATCH:
            yield tuple(batch)
            batch, weight = [], 0
    if batch:
        yield tuple(batch)
