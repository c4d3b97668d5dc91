"""Text edits, applied, and the way back to where a place was before them."""

from __future__ import annotations

from bisect import bisect
from itertools import pairwise
from typing import TYPE_CHECKING

from lintvalue.fix.lines import lines_of
from lintvalue.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.model.edit import Edit

Splice = tuple[int, int, str]


class Overlap(ValueError):  # noqa: N818 - a fact about two edits, that callers choose between
    """Two edits change the same stretch, so that their order would matter."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. Raises Overlap where two of them meet; equal ones count once."""
    splices = _splices(text, edits)
    for first, second in pairwise(splices):
        if second[0] < first[1] or _at_one_place(first, second):
            raise Overlap(f"two edits meet at offset {second[0]}")
    parts: list[str] = []
    reached = 0
    for start, end, content in splices:
        parts += (text[reached:start], content)
        reached = end
    return "".join((*parts, text[reached:]))


def before(old: str, new: str, edits: Iterable[Edit], span: Span) -> Span:
    """Where in `old` stood what is at `span` in `new`, which `edits` have made of it.

    What an edit wrote comes from where that edit begins.
    """
    splices = _splices(old, edits)
    start, end = lines_of(new).ends(span)
    starts = lines_of(old).starts
    return Span(*_place(starts, _back(splices, start)), *_place(starts, _back(splices, end)))


def _place(starts: tuple[int, ...], offset: int) -> tuple[int, int]:
    row = bisect(starts, offset)
    return row, offset - starts[row - 1]


def _back(splices: list[Splice], offset: int) -> int:
    longer = 0
    for start, end, content in splices:
        if offset < start + longer:
            break
        if offset < start + longer + len(content):
            return start
        longer += len(content) - (end - start)
    return offset - longer


def _splices(text: str, edits: Iterable[Edit]) -> list[Splice]:
    lines = lines_of(text)
    return sorted({(*lines.ends(edit.at.span), edit.content) for edit in edits})


def _at_one_place(first: Splice, second: Splice) -> bool:
    """An insertion right before what is replaced is in order; two of them have none."""
    return first[0] == second[0] and (first[0] < first[1] or second[0] == second[1])
