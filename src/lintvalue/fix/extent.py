"""How far the critical section of an update has to reach: over the reads that belong to it, too.

A ticket that is read, counted up and returned is safe only if all of it runs under one lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.delays import PAUSES, delay, quick_functions
from lintvalue.fix.expressions import of_statement, walk
from lintvalue.fix.places import Place, function_of, suites, within
from lintvalue.fix.statements import Range
from lintvalue.fix.survey import Page, Refusal
from lintvalue.model import statements as s
from lintvalue.model.expressions import Attribute, Call, Name, Subscript
from lintvalue.model.lean import replace
from lintvalue.model.project import Form, Touch, Update, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.span import Span

_SENDING = frozenset({"flush", "put", "put_nowait", "send", "send_bytes", "write"})
_LOGGING = frozenset({"critical", "debug", "error", "exception", "info", "log", "warning"})


class LoopDecides(Refusal):
    """The test of a loop reads the object that its body changes."""


def extent(page: Page, update: Update) -> Range:
    """The statements that have to run under one lock. Raises Refusal where no suite holds them."""
    place = page.places.get(update.at.span)
    if place is None:
        raise Refusal("the update is part of a larger expression")
    reads = reading(page, update.at.span, update.base, update.objects)
    chosen = Range(place, place.index)
    if update.form in (Form.SPLIT, Form.DECIDED):
        chosen = together(page, update, place)
    return _widened(page, chosen, reads, update.objects)


def company(page: Page, use: Use) -> frozenset[Span] | None:
    """The statements that belong to a change, itself included; None where they are no such row."""
    place = page.places.get(use.statement)
    if place is None:
        return None
    alone = Range(place, place.index)
    reads = reading(page, use.statement, use.base, use.objects)
    try:
        whole = _widened(page, alone, reads, use.objects)
    except Refusal:
        return None
    after = handed_out(page, whole, reads, use.objects)
    found = (one.statement.span for one in whole.places())
    return frozenset((*found, *(() if after is None else (after.span,))))


def reading(page: Page, at: Span, base: Span | None, objects: tuple[int, ...]) -> frozenset[Span]:
    """The other statements (or headers) that read the objects under the same name."""
    return frozenset(
        use.statement
        for use in page.uses
        if use.touch is Touch.READ
        and set(use.objects) & set(objects)
        and use.statement != at
        and (base is None or page.lines.cut(use.base) == page.lines.cut(base))
    )


def together(page: Page, update: Update, write: Place) -> Range:
    """The statements from the read to the write, of the innermost suite that holds both."""
    read = next(
        (
            use.statement
            for use in page.uses
            if update.read.path == page.path and use.at == update.read
        ),
        update.read.span,
    )
    start = page.places.get(read) or _enclosing(page, update.read.span)
    if update.read.path != page.path or start is None or function_of(start) != function_of(write):
        raise Refusal("the value is read in another function; no one suite holds read and write")
    if isinstance(start.statement, s.While) and any(
        other.block is start.statement.body for other in _outwards(write)
    ):
        raise LoopDecides("a loop decides it; a lock would be held through the whole loop")
    for one in _outwards(start):
        for other in _outwards(write):
            if one.block is other.block:
                return _between(one, other)
    raise Refusal("no one suite holds read and write")


def _enclosing(page: Page, span: Span) -> Place | None:
    around = [place for at, place in page.places.items() if at.encloses(span)]
    return max(around, key=lambda place: place.statement.span, default=None)


def _between(one: Place, other: Place) -> Range:
    first, last = sorted((one.index, other.index))
    return Range(replace(one, index=first), last)


def _outwards(place: Place) -> Iterator[Place]:
    here: Place | None = place
    while here is not None:
        yield here
        here = here.outer


def _widened(page: Page, chosen: Range, reads: frozenset[Span], objects: tuple[int, ...]) -> Range:
    """The range with the reads that decide it, and with those next to it."""
    chosen = _whole_branch(page, _round_decisions(chosen, reads))
    chosen = _back_to_names(chosen, reads)
    first, last, block = chosen.first.index, chosen.last, chosen.first.block.statements
    handed = [at for at in range(first) if _hands_on(page, block[at], reads, objects)]
    first = min(handed, default=first)
    if first > 0 and block[first - 1].span in reads and hands_out(page, block[first - 1]):
        raise Refusal("its value is handed on right before it is changed")
    for at in range(last + 1, len(block)):
        if not runs_through(page, block[at]):
            break
        last = at if _takes(page, block[at], reads, objects) else last
    return Range(replace(chosen.first, index=first), last)


def runs_through(page: Page, statement: s.Statement) -> bool:
    """Whether a lock may be held over a simple statement."""
    known = frozenset(quick_functions(page.facts.body)) | PAUSES
    expressions = of_statement(statement)
    return not suites(statement) and not any(delay(one, known) for one in expressions)


def hands_out(page: Page, statement: s.Statement) -> bool:
    """Whether a statement that reads the object gives the value to code that may wait; logs don't count."""
    return not suites(statement) and not runs_through(page, statement) and not logs(statement)


def logs(statement: s.Statement) -> bool:
    """Whether it prints or logs, so that nothing depends on what it is given."""
    called = statement.value if isinstance(statement, s.Evaluate) else None
    if not isinstance(called, Call):
        return False
    match called.function:
        case Attribute(name=name):
            return name in _LOGGING
        case Name(id=name):
            return name == "print"
        case _:
            return False


def handed_out(
    page: Page, chosen: Range, reads: frozenset[Span], objects: tuple[int, ...]
) -> s.Statement | None:
    """The statement soon after the range that makes something of the new value.

    Nothing stands in between that may wait, or run what changes the objects.
    """
    block = chosen.first.block.statements
    sent = False
    for after in block[chosen.last + 1 :]:
        if after.span in reads and not _only_changes(page, after, objects):
            simple = (isinstance(after, s.If) or not suites(after)) and not logs(after)
            return after if simple and (not sent or isinstance(after, s.Return)) else None
        if suites(after) or _changes(page, after, objects):
            return None
        if not runs_through(page, after):
            if not _sends(after):
                return None
            sent = True
    return None


def _sends(statement: s.Statement) -> bool:
    """Whether it only hands something to others, or logs: no code of this process runs meanwhile."""
    called = statement.value if isinstance(statement, s.Evaluate) else None
    if not isinstance(called, Call) or not isinstance(called.function, Attribute):
        return False
    return called.function.name in _SENDING or logs(statement)


def _changes(page: Page, statement: s.Statement, objects: tuple[int, ...]) -> bool:
    inside = [use for use in page.uses if use.statement == statement.span]
    return any(use.touch is not Touch.READ and set(objects) & set(use.objects) for use in inside)


def _back_to_names(chosen: Range, reads: frozenset[Span]) -> Range:
    """The range back to `n = v.value`, where an `if` over `n` decides the change."""
    for outer in _outwards(chosen.first):
        statement = outer.statement
        if isinstance(statement, (s.Define, s.DefineClass)):
            break
        used = {
            part.id
            for one in of_statement(statement)
            for part in walk(one)
            if isinstance(part, Name)
        }
        for at in range(outer.index) if suites(statement) else ():
            before = outer.block.statements[at]
            if before.span in reads and _targets(before) & used:
                return Range(replace(outer, index=at), outer.index)
    return chosen


def _targets(statement: s.Statement) -> set[str]:
    match statement:
        case s.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, Name)}
        case s.Annotated(target=Name(id=name)):
            return {name}
        case _:
            return set()


def _round_decisions(chosen: Range, reads: frozenset[Span]) -> Range:
    for outer in _outwards(chosen.first):
        statement = outer.statement
        if isinstance(statement, (s.Define, s.DefineClass)):
            break
        if statement.span not in reads or outer is chosen.first:
            continue
        if not isinstance(statement, (s.If, s.Match)):
            raise LoopDecides("a loop decides it; a lock would be held through the whole loop")
        chosen = Range(outer, outer.index)
    return chosen


def _whole_branch(page: Page, chosen: Range) -> Range:
    """The `if` that an `elif` belongs to."""
    place = chosen.first
    while _is_elif(page, place) and place.outer is not None:
        place = place.outer
    return chosen if place is chosen.first else Range(place, place.index)


def _is_elif(page: Page, place: Place) -> bool:
    span = place.statement.span
    return isinstance(place.statement, s.If) and page.lines.after(
        span.line, span.column
    ).startswith("elif")


def _hands_on(
    page: Page, statement: s.Statement, reads: frozenset[Span], objects: tuple[int, ...]
) -> bool:
    """Whether the statement keeps what it reads, or goes away because of it."""
    if statement.span not in reads or _only_changes(page, statement, objects):
        return False
    if isinstance(statement, s.If):
        return any(isinstance(part, (s.Return, s.Raise, s.Leave)) for part in within(statement))
    return isinstance(statement, (s.Assign, s.Annotated, s.Assert))


def _only_changes(page: Page, statement: s.Statement, objects: tuple[int, ...]) -> bool:
    """Whether it is an update of its own: what it reads goes nowhere but into the objects."""
    targets = statement.targets if isinstance(statement, s.Assign) else ()
    stored = {
        use.at
        for use in page.uses
        if use.statement == statement.span
        and use.touch is Touch.STORE
        and set(use.objects) <= set(objects)
    }
    cells = (target for target in targets if isinstance(target, (Attribute, Subscript)))
    return 0 < len(stored) == len(targets) == sum(1 for _ in cells)


def _takes(
    page: Page, statement: s.Statement, reads: frozenset[Span], objects: tuple[int, ...]
) -> bool:
    """Whether the statement keeps what it reads, and touches no other object meanwhile."""
    if statement.span not in reads or suites(statement) or logs(statement):
        return False
    return not any(
        use.statement == statement.span
        and (use.touch is not Touch.READ or not set(objects) & set(use.objects))
        for use in page.uses
    )
