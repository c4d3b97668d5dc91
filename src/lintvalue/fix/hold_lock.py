"""The lock recipe: the statements of an update under a `with`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.ahead import ahead
from lintvalue.fix.by_hand import gives_back
from lintvalue.fix.delays import PAUSES, delay
from lintvalue.fix.expressions import of_statement
from lintvalue.fix.extent import LoopDecides, extent
from lintvalue.fix.leaves import leaves, never_first
from lintvalue.fix.length import too_long
from lintvalue.fix.locks import hold
from lintvalue.fix.loops import deciding_loop, turned
from lintvalue.fix.places import function_of, within
from lintvalue.fix.sections import dissolved, kept_rows, sections
from lintvalue.fix.snapshots import snapshot
from lintvalue.fix.statements import Range, enclose
from lintvalue.fix.survey import (
    Page,
    Refusal,
    Survey,
    applicability,
    is_another,
    quick,
    quick_methods,
)
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit, Repair, Style
from lintvalue.model.project import Form, Touch, Update
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lintvalue.fix.locks import Hold
    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Use

_CHANGES = (Touch.STORE, Touch.AUGMENT)


def hold_lock(survey: Survey, finding: Finding, updates: Sequence[Update]) -> Repair:
    """Put one reported statement under the right lock. Raises Refusal with the reason if it can't."""
    page = survey.pages[finding.at.path]
    update = _only(page, updates)
    loop = _loop(page, update)
    if loop is not None:
        return _turned(survey, page, update, finding, *loop)
    edits, text = held(survey, page, update)
    long = too_long(extent(page, update))
    message = "; ".join((f"Hold `{text}` from the read to the write", *long))
    return Repair(Style.LOCK, applicability(survey, long), message, edits, (finding.at,))


def _loop(page: Page, update: Update) -> tuple[s.While, Range] | None:
    """The loop that decides the change, where no section that leaves it whole would do."""
    try:
        extent(page, update)
    except LoopDecides:
        return deciding_loop(page, update)
    return None


def _turned(
    survey: Survey, page: Page, update: Update, finding: Finding, loop: s.While, body: Range
) -> Repair:
    lock = hold(survey, page, update, frozenset(), None)
    if lock.bypass:
        raise Refusal("a loop decides it, and its lock cannot be taken twice")
    _not_taken(page, body, lock)
    _without_delay(survey, page, body, update, frozenset(), ())
    _quick_test(page, loop, update)
    _one_object(survey, page, body, update, frozenset(), ())
    edits = turned(page, loop, body, lock.text)
    message = f"Hold `{lock.text}` from the test of each turn to the write"
    return Repair(Style.LOCK, applicability(survey, too_long(body)), message, edits, (finding.at,))


def _quick_test(page: Page, loop: s.While, update: Update) -> None:
    touched = (use for use in page.uses if use.statement == loop.span)
    others = any(is_another(page, use, update) for use in touched)
    if others or delay(loop.test, quick(page, update.objects)):
        raise Refusal("a loop decides it, whose test may wait or touches another object")


def held(
    survey: Survey, page: Page, update: Update, lock: Hold | None = None
) -> tuple[tuple[Edit, ...], str]:
    """The edits that put an update under `lock` or the one that is right for it, and its name."""
    chosen = extent(page, update)
    taken = sections(page, chosen, update)
    before = ahead(page, chosen, update)
    lock = lock or hold(survey, page, update, frozenset(taken.values()), before.base)
    merged = _same(survey, page, update, taken, lock)
    kept = kept_rows(page, chosen, merged)
    allowed = merged | leaves(survey, page, chosen, update)
    moved = before.edits
    _not_taken(page, chosen, lock)
    _without_delay(survey, page, chosen, update, allowed, moved)
    _one_object(survey, page, chosen, update, allowed, moved)
    first = chosen.first.statement
    opened = first.span in merged and isinstance(first, s.With) and not first.body.inline
    inner = merged - {first.span} if opened else merged
    edits = (
        *enclose(
            page,
            chosen,
            f"with {lock.text}:",
            before.rows,
            kept,
            opened=opened,
        ),
        *dissolved(page, chosen, inner),
        *moved,
        *snapshot(survey, page, chosen, update, bypass=lock.bypass),
    )
    bypassed = _bypassed(survey, page, chosen, update, kept, moved) if lock.bypass else ()
    return (*edits, *bypassed), lock.text


def _same(
    survey: Survey, page: Page, update: Update, taken: Mapping[Span, int], lock: Hold
) -> frozenset[Span]:
    """The sections of the range that take the very lock that is going to be held round them."""
    owns = {survey.project.objects[number].lock for number in update.objects}
    wanted = owns if lock.lock < 0 else {lock.lock}
    return frozenset(
        span
        for span, one in taken.items()
        if wanted == {one} and (wanted != owns or _by_that_name(page, span, update))
    )


def _by_that_name(page: Page, span: Span, update: Update) -> bool:
    """Whether a section is of the update's own object, where there are several of its kind."""
    statement = page.places[span].statement
    if update.base is None or not page.several & set(update.objects):
        return True
    assert isinstance(statement, s.With)
    text = page.lines.cut(statement.items[0][0].span)
    return text.removesuffix(".get_lock()") == page.lines.cut(update.base)


def _only(page: Page, updates: Sequence[Update]) -> Update:
    names = {page.lines.cut(update.base) if update.base else "" for update in updates}
    if len(names) > 1:
        raise Refusal("it changes two shared objects; two locks in two orders can deadlock")
    unlocked = [update for update in updates if not update.held and update.silence is None]
    # The one that reads somewhere else needs the widest section.
    return max(unlocked or updates, key=lambda update: update.form in (Form.SPLIT, Form.DECIDED))


def _within(chosen: Range) -> Iterator[s.Statement]:
    for place in chosen.places():
        yield from within(place.statement)


def _uses(chosen: Range, page: Page, moved: tuple[Edit, ...]) -> tuple[Use, ...]:
    """What the range touches under the lock: not what is computed before it."""
    spans = {statement.span for statement in _within(chosen)}
    return tuple(
        use
        for use in page.uses
        if use.statement in spans and not any(edit.at.span.encloses(use.at.span) for edit in moved)
    )


# What must not happen under a lock


def _not_taken(page: Page, chosen: Range, lock: Hold) -> None:
    """A lock that the function takes by hand may be held already where we are."""
    if lock.lock < 0 and not lock.bypass:
        return
    around = function_of(chosen.first)
    statements = around.body.statements if around else page.facts.body.statements
    rows = {one.span.line for outer in statements for one in within(outer)}
    taken = sum(page.lines.row(row).count(f"{lock.text}.acquire(") for row in rows)
    if taken > sum(gives_back(page.places[one.span], lock.text) for one in _all(statements)):
        raise Refusal(f"`{lock.text}` may be held already: the function acquires it by hand")


def _all(statements: Sequence[s.Statement]) -> Iterator[s.Statement]:
    return (one for outer in statements for one in within(outer))


def _without_delay(
    survey: Survey,
    page: Page,
    chosen: Range,
    update: Update,
    allowed: frozenset[Span],
    moved: tuple[Edit, ...],
) -> None:
    known = quick(page, update.objects) | PAUSES
    known |= quick_methods(survey, update) if update.base is None else frozenset()
    own = page.lines.cut(update.base) if update.base else ""
    for statement in _within(chosen):
        if statement.span in allowed:
            continue
        if isinstance(statement, (s.Define, s.DefineClass, s.With, s.While, s.For)):
            raise Refusal("the critical section would span a loop, another `with` or a definition")
        for expression in of_statement(statement):
            if slow := delay(expression, known, own, tuple(edit.at.span for edit in moved)):
                raise Refusal(f"the lock would be held over {slow}, which may wait")


def _one_object(
    survey: Survey,
    page: Page,
    chosen: Range,
    update: Update,
    allowed: frozenset[Span],
    moved: tuple[Edit, ...],
) -> None:
    """Another object's lock taken under this one is safe only if nobody takes them the other way."""
    guarded = {inner.span for span in allowed for inner in within(page.places[span].statement)}
    for use in _uses(chosen, page, moved):
        if use.statement in allowed or set(use.objects) <= survey.converted:
            continue
        if use.touch is Touch.LOCK:
            raise Refusal("the critical section would span another one")
        others = set(use.objects) - set(update.objects)
        changed = use.touch in _CHANGES and use.statement not in guarded
        never = bool(others) and never_first(survey, others, set(update.objects))
        if is_another(page, use, update) and (changed or not never):
            raise Refusal("it touches two shared objects; two locks in two orders can deadlock")


def _bypassed(
    survey: Survey,
    page: Page,
    chosen: Range,
    update: Update,
    kept: frozenset[int],
    moved: tuple[Edit, ...],
) -> Iterator[Edit]:
    """`v.get_obj().value`, where `v.value` would wait for the lock that we hold.

    Rows of `kept` have stood in a section of that lock before.
    """
    owners = {survey.project.objects[number].lock for number in update.objects}
    for use in _uses(chosen, page, moved):
        if use.statement.line in kept:
            continue
        if not owners & {survey.project.objects[number].lock for number in use.objects}:
            continue
        if not use.sure or use.touch not in (Touch.READ, Touch.ELEMENT, *_CHANGES):
            raise Refusal("its lock cannot be taken twice, and it is used in a way we do not see")
        end = Span(use.base.end_line, use.base.end_column, use.base.end_line, use.base.end_column)
        yield Edit(Location(page.path, end), ".get_obj()")
