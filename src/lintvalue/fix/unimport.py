"""Imports that nothing needs any more, once all that used their names is edited away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix import imports
from lintvalue.fix.apply import Overlap, apply
from lintvalue.fix.places import last_row
from lintvalue.fix.tokens import mentions
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.fix.imports import Binding
    from lintvalue.fix.survey import Page, Survey
    from lintvalue.model.facts import FileFacts


def unimported(
    survey: Survey, page: Page, edits: Sequence[Edit], line: str | None, near: s.Import | None
) -> tuple[Edit, ...]:
    """Take away each import whose last use `edits` take away.

    `line`, if any, takes the place of one beside `near` that goes as a whole.
    """
    gone: list[Binding] = []
    removals: tuple[Edit, ...] = ()
    while more := [one for one in _needless(survey, page, (*edits, *removals)) if one not in gone]:
        gone += more
        removals = tuple(_removals(page, gone, line, near))
    return removals


def _needless(survey: Survey, page: Page, edits: Sequence[Edit]) -> Iterator[Binding]:
    text = page.lines.text
    try:
        left = apply(text, edits)
    except Overlap:
        return
    for binding in imports.bindings(page):
        before, after = mentions(text, binding.name), mentions(left, binding.name)
        if binding.name == "*" or before is None or after is None or before == after:
            continue
        if imports.is_unused(survey, page, binding, before - after):
            yield binding


def _removals(
    page: Page, gone: Sequence[Binding], line: str | None, near: s.Import | None
) -> Iterator[Edit]:
    """One edit for each import that names some of what goes; only one of them becomes `line`."""
    for statement in dict.fromkeys(one.statement for one in gone):
        names = [one.item for one in gone if one.statement == statement]
        if len(names) < len(statement.names):
            yield from some_dropped(page, statement, names)
        elif line is not None and _beside(page, statement, near):
            yield Edit(Location(page.path, statement.span), line)
            line = None
        else:
            yield from _whole(page, statement)


def _beside(page: Page, statement: s.Import, near: s.Import | None) -> bool:
    wanted = page.places[near.span].block if near is not None else page.facts.body
    return page.places[statement.span].block is wanted


def _whole(page: Page, statement: s.Import) -> Iterator[Edit]:
    """The import's row, or all of the `if TYPE_CHECKING:` that has nothing else in it."""
    place = page.places[statement.span]
    if place.outer is None or len(place.block.statements) > 1:
        yield from _rows_gone(page, statement.span, statement.span.end_line)
        return
    branch = place.outer.statement
    assert isinstance(branch, s.If)
    if branch.orelse is None and not _has_pass(page, branch):
        yield from _rows_gone(page, branch.span, last_row(branch))


def _has_pass(page: Page, branch: s.If) -> bool:
    """Whether the branch goes on in ways that are no statements of the model."""
    after = last_row(branch) + 1
    indent = page.lines.indent(branch.span.line)
    row = page.lines.row(after) if after <= len(page.lines.starts) else ""
    return bool(row.strip()) and page.lines.indent(after) != indent


def _rows_gone(page: Page, span: Span, last: int) -> Iterator[Edit]:
    before = page.lines.before(span.line, span.column)
    rows = [page.lines.row(row) for row in range(span.line, last + 1)]
    shared = before.strip() or any(";" in row or "#" in row for row in rows)
    if not shared and last < len(page.lines.starts):
        end = page.lines.next_row(span.line, last) if span.line < last else last + 1
        yield Edit(Location(page.path, Span(span.line, 0, end, 0)), "")


def some_dropped(page: Page, statement: s.Import, names: Sequence[s.Imported]) -> Iterator[Edit]:
    """Take some of an import's names out of it, with the commas that stand between them."""
    start, end = page.lines.ends(statement.span)
    text = page.lines.text[start:end]
    found = [imports.spelled(item).search(text) for item in statement.names]
    if "#" in text or None in found:
        return
    spots = [one.span() for one in found if one is not None]
    kept = [spot for spot, item in zip(spots, statement.names, strict=True) if item not in names]
    for first, last in _stretches(spots, kept):
        at = Span(*page.lines.position(start + first), *page.lines.position(start + last))
        yield Edit(Location(page.path, at), "")


def _stretches(
    spots: Sequence[tuple[int, int]], kept: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """From each run of names that go to the next that stays, or from the last that stays to the end."""
    begin: int | None = None
    for spot in spots:
        if spot not in kept:
            begin = spot[0] if begin is None else begin
        elif begin is not None:
            yield begin, spot[0]
            begin = None
    if begin is not None:
        yield kept[-1][1], spots[-1][1]


def replaced(
    survey: Survey, page: Page, edits: Sequence[Edit], line: str, near: s.Import | None
) -> tuple[Edit, ...]:
    """`line` as an import beside `near`, and away with those that `edits` leave unused."""
    removals = unimported(survey, page, edits, line, near)
    if any(edit.content for edit in removals):
        return removals
    return (*removals, imports.added(page, line, near))


def lost_names(before: FileFacts, after: FileFacts, text: str) -> Iterator[str]:
    """Names that the file imported before, imports no more, and still uses."""
    for name in imports.imported_names(before.body) - imports.imported_names(after.body):
        if mentions(text, name) != 0:
            yield name
