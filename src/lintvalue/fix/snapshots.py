"""The new value, kept under the lock for the statement after it that hands it out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.fix.expressions import of_statement, walk
from lintvalue.fix.extent import handed_out, reading
from lintvalue.fix.places import suites
from lintvalue.fix.survey import Page, Refusal
from lintvalue.fix.tokens import mentions
from lintvalue.model.edit import Edit
from lintvalue.model.project import Touch, Update, Use
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from lintvalue.fix.statements import Range
    from lintvalue.model.statements import Statement


def snapshot(page: Page, chosen: Range, update: Update, *, bypass: bool) -> tuple[Edit, ...]:
    """`queue.put(v.value)` after the section puts what the section left, not what others made of it."""
    reads = reading(page, update.at.span, update.base, update.objects)
    after = handed_out(page, chosen, reads)
    if after is None:
        return ()
    uses = [use for use in page.uses if _is_read(use, after, update)]
    parts = {part.span for one in of_statement(after) for part in walk(one)}
    if not all(use.at.span in parts for use in uses) or any(_named(page, use) for use in uses):
        raise Refusal("its new value is handed on in a way that was not understood")
    name = fresh(page.lines.text, "current")
    whole, base = page.lines.cut(uses[0].at.span), page.lines.cut(uses[0].base)
    value = whole.replace(base, f"{base}.get_obj()", 1) if bypass else whole
    replaced = (Edit(use.at, name) for use in uses)
    return (_kept(page, chosen, after, f"{name} = {value}"), *replaced)


def _is_read(use: Use, after: Statement, update: Update) -> bool:
    same = bool(set(use.objects) & set(update.objects))
    return same and use.statement == after.span and use.touch is Touch.READ


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
