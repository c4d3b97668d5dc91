"""A lock that is let go between the read and the write is kept until the write is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.by_hand import by_hand
from lintvalue.fix.extent import runs_through, together
from lintvalue.fix.locks import excludes
from lintvalue.fix.places import suites
from lintvalue.fix.survey import Page, Refusal, Survey, is_another
from lintvalue.model.edit import Applicability, Edit, Repair, Style
from lintvalue.model.project import Form, Update
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.fix.statements import Range
    from lintvalue.model import statements as s
    from lintvalue.model.finding import Finding


def late_release(survey: Survey, finding: Finding, updates: Sequence[Update]) -> Repair:
    """Take away the `release()` in between, and the `acquire()` that follows it or put it after."""
    page = survey.pages[finding.at.path]
    update = next((one for one in updates if one.form is Form.SPLIT), None)
    place = page.places.get(finding.at.span)
    if update is None or place is None:
        raise Refusal("the update was not understood")
    chosen = together(page, update, place)
    block = chosen.first.block.statements
    between = [(one, by_hand(one)) for one in block[chosen.first.index : chosen.last + 1]]
    released = [(one, hand[0]) for one, hand in between if hand and hand[1] == "release"]
    acquired = [(one, hand[0]) for one, hand in between if hand and hand[1] == "acquire"]
    if len(released) != 1 or acquired[1:] or any(text != released[0][1] for _, text in acquired):
        raise Refusal("no lock is let go between the read and the write")
    text = released[0][1]
    _check(survey, page, update, chosen, text)
    gone = [released[0][0], *(one for one, _ in acquired)]
    edits = [_row_gone(page, one) for one in gone]
    if not acquired:
        edits.append(_after(page, block[chosen.last], f"{text}.release()"))
    message = f"Hold `{text}` until the write is done"
    return Repair(Style.LOCK, Applicability.SAFE, message, tuple(edits), (finding.at,))


def _check(survey: Survey, page: Page, update: Update, chosen: Range, text: str) -> None:
    locks = [lock for lock, name in update.in_reach if name == text]
    if not locks or not excludes(survey, locks[0]):
        raise Refusal(f"`{text}` may be no lock that processes share")
    before = chosen.first.block.statements[: chosen.first.index]
    if not any(by_hand(one) == (text, "acquire") for one in before):
        raise Refusal(f"`{text}` is not acquired right before the read")
    for statement in _others(chosen):
        touched = (use for use in page.uses if use.statement == statement.span)
        others = any(is_another(page, use, update) for use in touched)
        if suites(statement) or not runs_through(page, statement) or others:
            raise Refusal("what stands between the read and the write should not run under a lock")


def _others(chosen: Range) -> Iterator[s.Statement]:
    return (place.statement for place in chosen.places() if by_hand(place.statement) is None)


def _row_gone(page: Page, statement: s.Statement) -> Edit:
    span = statement.span
    around = page.lines.before(span.line, span.column) + page.lines.after(
        span.end_line, span.end_column
    )
    if around.strip() or span.end_line >= len(page.lines.starts):
        raise Refusal("a `release()` or `acquire()` in between does not stand on a row of its own")
    return Edit(Location(page.path, Span(span.line, 0, span.end_line + 1, 0)), "")


def _after(page: Page, statement: s.Statement, row: str) -> Edit:
    span = statement.span
    rest = page.lines.after(span.end_line, span.end_column).strip(" \t\f")
    if rest[:1] not in ("", "#") or suites(statement):
        raise Refusal("there is no row after the write for the `release()`")
    column = len(page.lines.row(span.end_line))
    at = Span(span.end_line, column, span.end_line, column)
    content = page.facts.newline + page.lines.indent(span.line) + row
    return Edit(Location(page.path, at), content)
