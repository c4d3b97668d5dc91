"""Repairs of neighbouring statements under the same lock, made as one: a single `with` for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.edit import Edit, Repair, Style
from lintvalue.model.lean import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lintvalue.model.span import Location


def adjacent(repairs: Iterable[Repair], indents: Mapping[str, str]) -> tuple[Repair, ...]:
    """One repair for each chain of two or more that put rows below each other under one `with`.

    `indents` has the unit of indentation of each file.
    """
    chains: list[list[Repair]] = []
    for repair in sorted(filter(_opening, repairs), key=lambda one: one.closes):
        if chains and _follows(chains[-1][-1], repair):
            chains[-1].append(repair)
        else:
            chains.append([repair])
    return tuple(_joined(chain, indents) for chain in chains if len(chain) > 1)


def _opening(repair: Repair) -> Edit | None:
    """The edit that writes the `with`, where nothing but the one reported statement comes under it."""
    if repair.style is not Style.LOCK or len(repair.closes) != 1:
        return None
    at = repair.closes[0]
    if not all(edit.at.path == at.path and at.span.encloses(edit.at.span) for edit in repair.edits):
        return None
    first = min(repair.edits, key=lambda edit: edit.at)
    start = first.at.span
    inserted = (start.line, start.column) == (start.end_line, start.end_column)
    opens = inserted and first.content.startswith("with ") and _begins(at, first.at)
    return first if opens else None


def _begins(statement: Location, at: Location) -> bool:
    return (statement.span.line, statement.span.column) == (at.span.line, at.span.column)


def _follows(one: Repair, other: Repair) -> bool:
    first, second = one.closes[0], other.closes[0]
    opening, again = _opening(one), _opening(other)
    return (
        first.path == second.path
        and (first.span.end_line + 1, first.span.column) == (second.span.line, second.span.column)
        and (one.applicability, one.message) == (other.applicability, other.message)
        and opening is not None
        and again is not None
        and opening.content == again.content
    )


def _joined(chain: list[Repair], indents: Mapping[str, str]) -> Repair:
    first, *others = chain
    indent = indents[first.closes[0].path]
    edits = list(first.edits)
    for repair in others:
        opening = _opening(repair)
        edits += [
            replace(edit, content=indent) if edit == opening else edit for edit in repair.edits
        ]
    closes = tuple(at for repair in chain for at in repair.closes)
    return replace(first, edits=tuple(edits), closes=closes)
