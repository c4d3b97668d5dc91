"""What a statement computes before its lock is taken: amounts and keys that take their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.delays import delay
from lintvalue.fix.expressions import can_repeat, find, walk
from lintvalue.fix.snapshots import fresh
from lintvalue.fix.survey import quick
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.expressions import Attribute, Combined, Expression, Starred, Subscript
from lintvalue.model.lean import dataclass
from lintvalue.model.span import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.fix.statements import Range
    from lintvalue.fix.survey import Page
    from lintvalue.model.project import Update


@dataclass(frozen=True, slots=True)
class Ahead:
    """Rows that stand before the lock, what they take the place of, and the object's new name."""

    rows: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    base: str | None = None


def ahead(page: Page, chosen: Range, update: Update) -> Ahead:
    """Parts of a single statement that need not, and should not, be computed under the lock."""
    statement = chosen.first.statement
    if chosen.last != chosen.first.index or statement.span.line != statement.span.end_line:
        return Ahead()
    parts = tuple(_parts(page, statement, update))
    if len({part.span for _, part in parts}) < len(parts):
        return Ahead()
    rows, edits, base = [], [], None
    for name, part in parts:
        chosen_name = fresh(page.lines.text, name)
        rows.append(f"{chosen_name} = {page.lines.cut(part.span)}")
        edits.append(Edit(Location(page.path, part.span), chosen_name))
        base = chosen_name if part.span == update.base else base
    return Ahead(tuple(rows), tuple(edits), base)


def _parts(page: Page, statement: s.Statement, update: Update) -> Iterator[tuple[str, Expression]]:
    """What moves, in the order in which it is evaluated."""
    match statement:
        case s.Augment(target=target, value=value):
            yield from _of_target(page, statement, target, update)
            if _moves(page, value, update):
                yield "amount", value
        case s.Assign(targets=(_,), value=Combined(operator=operator, parts=(left, right))) if (
            operator in _ARITHMETIC
        ):
            yield from (("amount", part) for part in (left, right) if _moves(page, part, update))


_ARITHMETIC = frozenset({"+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"})


def _of_target(
    page: Page, statement: s.Statement, target: Expression, update: Update
) -> Iterator[tuple[str, Expression]]:
    base = find(statement, update.base) if update.base else None
    if base is not None and not can_repeat(base):
        yield "shared", base
        return
    key = target.value if isinstance(target, Attribute) else target
    if isinstance(key, Subscript) and key.value == base and _moves(page, key.key, update):
        yield "index", key.key


def _moves(page: Page, part: Expression, update: Update) -> bool:
    """Whether it may wait or touches another object, and does not read the object itself."""
    if isinstance(part, Starred):
        return False
    inside = [use for use in page.uses if part.span.encloses(use.at.span)]
    if any(set(use.objects) & set(update.objects) for use in inside):
        return False
    if any(part.span.encloses(read.span) for read in update.reads if read.path == page.path):
        return False
    slow = delay(part, quick(page, update.objects))
    return bool(slow or inside) and _has_a_row(part)


def _has_a_row(part: Expression) -> bool:
    """A walrus or a bare tuple would not mean the same on a row of its own."""
    return part.span.line == part.span.end_line and all(
        type(one).__name__ != "Walrus" for one in walk(part)
    )
