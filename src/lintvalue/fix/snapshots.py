"""The new value, kept under the lock for the statement after it that hands it out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.fix.expressions import of_statement, walk
from lintvalue.fix.extent import extent, handed_out, reading
from lintvalue.fix.places import suites
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.fix.tokens import mentions
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.project import Touch, Update, Use
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.fix.statements import Range
    from lintvalue.model.statements import Statement


def snapshot(
    survey: Survey, page: Page, chosen: Range, update: Update, *, bypass: bool
) -> tuple[Edit, ...]:
    """`queue.put(v.value)` after the section puts what the section left, not what others made of it."""
    reads = reading(page, update.at.span, update.base, update.objects)
    after = handed_out(page, chosen, reads, update.objects)
    if after is None:
        return ()
    heads = tuple(_chain(page, after))
    uses = [use for use in page.uses if _is_read(use, heads, update)]
    parts = {part.span for head in heads for one in of_statement(head) for part in walk(one)}
    if not all(use.at.span in parts for use in uses) or any(_named(page, use) for use in uses):
        raise Refusal("its new value is handed on in a way that was not understood")
    name = fresh(page.lines.text, _name(survey, page, update))
    whole, base = page.lines.cut(uses[0].at.span), page.lines.cut(uses[0].base)
    value = whole.replace(base, f"{base}.get_obj()", 1) if bypass else whole
    replaced = (Edit(use.at, name) for use in uses)
    return (_kept(page, chosen, after, f"{name} = {value}"), *replaced)


def _chain(page: Page, statement: Statement) -> Iterator[Statement]:
    """The statement, and the `elif`s that are asked if it says no."""
    yield statement
    if isinstance(statement, s.If) and statement.orelse is not None:
        for one in statement.orelse.statements[:1]:
            span = one.span
            if page.lines.after(span.line, span.column).startswith("elif"):
                yield from _chain(page, one)


def _name(survey: Survey, page: Page, update: Update) -> str:
    """`current`, or `hits_now` where the function keeps the value of another object as well."""
    own = page.lines.cut(update.base) if update.base else ""
    bases = {
        page.lines.cut(other.base)
        for other in survey.project.updates
        if other.at.path == page.path and other.function == update.function and other.base
        if _is_kept(page, other)
    }
    if bases <= {own} and mentions(page.lines.text, "current") == 0:
        return "current"
    alike = sorted(base for base in {own, *bases} if _word(base) == _word(own))
    return f"{_word(own)}_now" + (str(alike.index(own) + 1) if len(alike) > 1 else "")


def _word(base: str) -> str:
    """`hits` of `self.hits[n]`."""
    return re.split(r"\W", re.split(r"[\[(]", base)[0])[-1] or "value"


def _is_kept(page: Page, update: Update) -> bool:
    """Whether an update's new value is handed out after it."""
    try:
        chosen = extent(page, update)
    except Refusal:
        return False
    reads = reading(page, update.at.span, update.base, update.objects)
    return handed_out(page, chosen, reads, update.objects) is not None


def _is_read(use: Use, heads: tuple[Statement, ...], update: Update) -> bool:
    same = bool(set(use.objects) & set(update.objects)) and use.touch is Touch.READ
    return same and any(use.statement == head.span for head in heads)


def _named(page: Page, use: Use) -> bool:
    """Whether an f-string prints the expression itself: f"{v.value=}"."""
    end = use.at.span
    return re.match(r"\s*=\s*[!:}]", page.lines.after(end.end_line, end.end_column)) is not None


def _kept(page: Page, chosen: Range, after: Statement, row: str) -> Edit:
    """A row at the end of the section, after the comment of its last statement."""
    end = chosen.end
    rest = page.lines.after(end.end_line, end.end_column).strip(" \t\f")
    last = chosen.first.block.statements[chosen.last]
    if (
        suites(last)
        or chosen.first.block.inline
        or after.span.line == end.end_line
        or rest[:1] not in ("", "#")
    ):
        raise Refusal("its new value is handed on right after it is changed")
    indent = page.lines.indent(chosen.start.line) + page.facts.indent
    column = len(page.lines.row(end.end_line))
    at = Span(end.end_line, column, end.end_line, column)
    return Edit(Location(page.path, at), page.facts.newline + indent + row)


def fresh(text: str, name: str) -> str:
    """A name that the text does not use, as close to `name` as can be."""
    number, free = 1, name
    while re.search(rf"\b{free}\b", text) and mentions(text, free) != 0:
        number += 1
        free = f"{name}_{number}"
    return free
