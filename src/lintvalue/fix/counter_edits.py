"""The Counter recipe's edits, one use of the object after the other."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.fix.collapse import collapsed
from lintvalue.fix.survey import Page, Refusal
from lintvalue.fix.tickets import tickets
from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.project import Touch, Use
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.fix.own_counter import OwnCounter

_VALUE = re.compile(r"\s*\)*\s*\.\s*value\Z")
_NAMED_IN_OUTPUT = re.compile(r"\s*=\s*[!:}]")  # f"{v.value=}"
_VERBS = {"+": "increment", "-": "decrement"}
_COMPARED = {Touch.READ, Touch.STORE, Touch.AUGMENT}


def edits_of(page: Page, uses: Iterable[Use], own: OwnCounter | None = None) -> tuple[Edit, ...]:
    """All reads and changes of the objects in one file, in the words of our Counter or of `own`.

    Raises Refusal where one does not fit.
    """
    uses = tuple(uses)
    whole = tickets(page, uses)
    if own is not None:
        uses = _fitting(page, uses, own, tickets=bool(whole))
    taken = {span for one in whole for span in one.spans}
    by_statement: dict[Span, list[Use]] = defaultdict(list)
    for use in uses:
        if use.touch in _COMPARED and use.statement not in taken:
            by_statement[use.statement].append(use)
    edits = (edit for span, group in by_statement.items() for edit in _statement(page, span, group))
    kept = (edit for one in whole for edit in one.edits(page))
    gone = frozenset(one.change.span.line for one in whole)
    return _joined((*edits, *kept, *collapsed(page, uses, gone)))


def _fitting(
    page: Page, uses: tuple[Use, ...], own: OwnCounter, *, tickets: bool
) -> tuple[Use, ...]:
    """The uses that have to change. Raises Refusal where the project's own class lacks a method."""
    for use in uses:
        place = page.places.get(use.statement)
        statement = place.statement if place else None
        if use.touch is Touch.AUGMENT and isinstance(statement, s.Augment):
            one = page.lines.cut(statement.value.span) == "1"
            if statement.operator == "+=" and (one or own.any_amount):
                continue
        if use.touch in (Touch.AUGMENT, Touch.STORE) or tickets:
            raise Refusal(f"`{own.name}` has no method for it")
    return tuple(use for use in uses if use.touch is not Touch.READ or not own.is_property)


def _joined(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Insertions at one place become one, in the order in which they come."""
    contents: dict[Location, str] = {}
    for edit in edits:
        contents[edit.at] = contents.get(edit.at, "") + edit.content
    return tuple(Edit(at, content) for at, content in contents.items())


def _statement(page: Page, span: Span, uses: Sequence[Use]) -> tuple[Edit, ...]:
    place = page.places.get(span)
    changes = [use for use in uses if use.touch is not Touch.READ]
    reads = [use for use in uses if use.touch is Touch.READ]
    if not changes:
        return tuple(_read(page, use) for use in reads)
    if len(changes) > 1 or place is None:
        raise Refusal("it is changed in a way that a Counter has no method for")
    _checked(page, changes[0])
    match place.statement:
        case s.Augment() as statement if statement.target.span == changes[0].at.span:
            return (*(_read(page, use) for use in reads), *_augment(page, statement, changes[0]))
        case s.Assign(targets=(target,)) as statement if target.span == changes[0].at.span:
            return _assignment(page, statement, changes[0], reads)
        case _:
            raise Refusal("it is changed in a way that a Counter has no method for")


def _checked(page: Page, use: Use) -> None:
    at, base = use.at.span, use.base
    between = Span(base.end_line, base.end_column, at.end_line, at.end_column)
    if not _VALUE.match(page.lines.cut(between)):
        raise Refusal("it is used in a way that was not understood")


def _read(page: Page, use: Use) -> Edit:
    _checked(page, use)
    at = use.at.span
    if _NAMED_IN_OUTPUT.match(page.lines.after(at.end_line, at.end_column)):
        raise Refusal("an f-string prints the expression itself, which would read differently")
    end = Span(at.end_line, at.end_column, at.end_line, at.end_column)
    return Edit(Location(page.path, end), "()")


def _augment(page: Page, statement: s.Augment, use: Use) -> tuple[Edit, ...]:
    verb = _VERBS.get(statement.operator.removesuffix("="))
    if verb is None:
        raise Refusal(f"a Counter has no `{statement.operator}`")
    return _call(page, statement, use, verb, re.escape(statement.operator))


def _assignment(
    page: Page, statement: s.Assign, use: Use, reads: Sequence[Use]
) -> tuple[Edit, ...]:
    own = [read for read in reads if set(read.objects) & set(use.objects)]
    if not own:
        return (*(_read(page, read) for read in reads), *_call(page, statement, use, "set", "="))
    operator = statement.value.operator if isinstance(statement.value, e.Combined) else ""
    first = own[0].at.span
    same = page.lines.cut(first) == page.lines.cut(use.at.span)
    if len(own) > 1 or operator not in _VERBS or not same:
        raise Refusal("the new value is not the old one plus or minus an amount")
    others = tuple(_read(page, read) for read in reads if read is not own[0])
    spelled = rf"=[ \t]*{re.escape(page.lines.cut(first))}[ \t]*{re.escape(operator)}"
    _whole_right_side(statement.value, first)
    return (*others, *_call(page, statement, use, _VERBS[operator], spelled))


def _whole_right_side(value: e.Expression, first: Span) -> None:
    """`v.value + n` may become `increment(n)`; `v.value - a + b` and `v.value + a and b` may not."""
    if not isinstance(value, e.Combined) or len(value.parts) != 2 or value.parts[0].span != first:
        raise Refusal("the new value is not the old one plus or minus an amount")


def _call(
    page: Page, statement: s.Assign | s.Augment, use: Use, verb: str, operator: str
) -> tuple[Edit, ...]:
    """`v.value <operator> amount` as `v.verb(amount)`."""
    whole, base = statement.span, use.base
    rest = page.lines.cut(Span(base.end_line, base.end_column, whole.end_line, whole.end_column))
    found = re.match(
        rf"(?P<close>\)*)\.value[ \t]*{operator}[ \t]*(?P<amount>.+)\Z", rest, re.DOTALL
    )
    if (
        found is None
        or "\\" in rest.partition("\n")[0]
        or _is_bare(statement.value, found["amount"])
    ):
        raise Refusal("its change is spelled in a way that was not understood")
    start = base.end_column + found.end("close")
    end = Span(whole.end_line, whole.end_column, whole.end_line, whole.end_column)
    if found["amount"] == "1" and verb != "set":
        at = Span(base.end_line, start, whole.end_line, whole.end_column)
        return (Edit(Location(page.path, at), f".{verb}()"),)
    head = Span(base.end_line, start, base.end_line, base.end_column + found.start("amount"))
    return (Edit(Location(page.path, head), f".{verb}("), Edit(Location(page.path, end), ")"))


def _is_bare(value: e.Expression, text: str) -> bool:
    """What may stand right of `=` without parentheses, but not as an argument."""
    if isinstance(value, e.Suspension):
        return value.kind != "await"
    return isinstance(value, e.Sequence) and value.kind == "tuple" and not text.startswith("(")
