"""Text edits, applied."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from lintvalue.fix.lines import Lines, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.model.edit import Edit

Splice = tuple[int, int, str]


class Overlap(ValueError):  # noqa: N818 - a fact about two edits, that callers choose between
    """Two edits change the same stretch, so that their order would matter."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. Raises Overlap where two of them meet; equal ones count once."""
    lines = lines_of(text)
    splices = sorted({_splice(lines, edit) for edit in edits})
    for first, second in pairwise(splices):
        if second[0] < first[1] or _at_one_place(first, second):
            raise Overlap(f"two edits meet at offset {second[0]}")
    parts: list[str] = []
    reached = 0
    for start, end, content in splices:
        parts += (text[reached:start], content)
        reached = end
    return "".join((*parts, text[reached:]))


def _at_one_place(first: Splice, second: Splice) -> bool:
    """An insertion right before what is replaced is in order; two of them have none."""
    return first[0] == second[0] and (first[0] < first[1] or second[0] == second[1])


def _splice(lines: Lines, edit: Edit) -> Splice:
    start, end = lines.ends(edit.at.span)
    return start, end, edit.content
