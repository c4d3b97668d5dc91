"""`lock.acquire()` and `lock.release()` as `with lock:`, which releases on every way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.delays import dotted
from lintvalue.fix.expressions import of_statement, walk
from lintvalue.fix.extent import runs_through
from lintvalue.fix.places import Place, within
from lintvalue.fix.statements import Range, enclose
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.model import statements as s
from lintvalue.model.edit import Applicability, Edit, Repair, Style
from lintvalue.model.expressions import Attribute, Call, Literal, Sequence
from lintvalue.model.lean import dataclass, replace
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.expressions import Expression
    from lintvalue.model.finding import Finding

_LEAVING = (s.Return, s.Raise, s.Leave)


@dataclass(frozen=True, slots=True)
class _Section:
    """From the `acquire()` to the statement after which the lock is free: all of it, or its last part."""

    page: Page
    text: str  # the lock, as it is written
    whole: Range

    @property
    def inside(self) -> Iterator[Place]:
        for place in self.whole.places():
            for one in within(place.statement):
                if one is not self.whole.first.statement:
                    yield self.page.places[one.span]


def into_with(survey: Survey, finding: Finding) -> Repair:
    """Raises Refusal with the reason where a `with` would not mean the same on the ways that release."""
    page = survey.pages[finding.at.path]
    place = page.places.get(finding.at.span)
    text = _lock(page, place.statement, "acquire") if place else None
    if place is None or text is None:
        raise Refusal("only a plain `acquire()`, whose answer nobody asks for, can become a `with`")
    section = _section(page, place, text)
    releases = [one for one in section.inside if _lock(page, one.statement, "release") == text]
    _check(section, releases)
    edits = tuple(_edits(section, releases))
    message = f"Hold `{text}` in a `with`, which releases it on every way out"
    return Repair(Style.LOCK, Applicability.SAFE, message, edits, (finding.at,))


def _lock(page: Page, statement: s.Statement, method: str) -> str | None:
    """The text of the lock in `lock.acquire()` or `v.get_lock().release()`."""
    match statement:
        case s.Evaluate(value=Call(function=Attribute(value=holder, name=name), arguments=given)):
            plain = not given or (method == "acquire" and _waits(given[0].value, len(given)))
            if name == method and plain and _is_name(holder):
                return page.lines.cut(holder.span)
    return None


def _waits(first: Expression, count: int) -> bool:
    """Whether `acquire(True)` or `acquire(block=True)` is what `acquire()` is."""
    return count == 1 and isinstance(first, Literal) and first.value is True


def _is_name(holder: Expression) -> bool:
    match holder:
        case Call(function=Attribute(value=value, name="get_lock"), arguments=()):
            return bool(dotted(value))
        case _:
            return bool(dotted(holder))


def _section(page: Page, place: Place, text: str) -> _Section:
    """Up to the first `release()` of the same suite, else to the last statement that releases."""
    later = [replace(place, index=at) for at in range(place.index + 1, len(place.block.statements))]
    for one in later:
        if _lock(page, one.statement, "release") == text:
            return _Section(page, text, Range(place, one.index))
    ends = [
        one.index
        for one in later
        if any(_lock(page, part, "release") == text for part in within(one.statement))
    ]
    if not ends:
        raise Refusal("where the lock should be released is for its author to say")
    return _Section(page, text, Range(place, ends[-1]))


# Whether a `with` means the same


def _check(section: _Section, releases: list[Place]) -> None:
    page, first = section.page, section.whole.first
    if first.block.inline or not all(_has_row(page, one) for one in (first, *releases)):
        raise Refusal("its `acquire()` or `release()` does not stand on a row of its own")
    names = {section.text[:end] for end in (*_dots(section.text), len(section.text))}
    for place in section.inside:
        if isinstance(place.statement, (s.Define, s.DefineClass)):
            raise Refusal("a function is defined while the lock is held")
        if any(dotted(target) in names for target in _targets(place.statement)):
            raise Refusal(f"`{section.text}` may be another lock by the time that it is released")
        if place not in releases and _by_hand(place.statement):
            raise Refusal("it is acquired or released by hand in between")
    for place in releases:
        if not (_leaves(section, place) or _is_at_the_end(section, place)):
            raise Refusal("something runs after a `release()` that should not hold the lock")


def _dots(text: str) -> Iterator[int]:
    return (at for at, one in enumerate(text) if one == ".")


def _has_row(page: Page, place: Place) -> bool:
    span = place.statement.span
    before = page.lines.before(span.line, span.column)
    after = page.lines.after(span.end_line, span.end_column).strip(" \t\f")
    return span.line == span.end_line and not before.strip() and after[:1] in ("", "#")


def _by_hand(statement: s.Statement) -> bool:
    return any(
        isinstance(part, Call)
        and isinstance(part.function, Attribute)
        and part.function.name in ("acquire", "release")
        for expression in of_statement(statement)
        for part in walk(expression)
    )


def _targets(statement: s.Statement) -> Iterator[Expression]:
    """What a statement binds, in tuples as well."""
    match statement:
        case s.Assign(targets=targets) | s.Delete(targets=targets):
            found = targets
        case s.Annotated(target=target) | s.Augment(target=target) | s.For(target=target):
            found = (target,)
        case s.With(items=items):
            found = tuple(target for _, target in items if target is not None)
        case _:
            found = ()
    for target in found:
        yield from target.elements if isinstance(target, Sequence) else (target,)


def _leaves(section: _Section, place: Place) -> bool:
    """Whether the function, or the turn of the loop, is left right after the `release()`."""
    after, here = place.sibling(1), place
    if not isinstance(after, _LEAVING) or not runs_through(section.page, after):
        return False
    while here.outer is not None and here.block is not section.whole.first.block:
        if not _passes(after, here, here.outer.statement):
            return False
        here = here.outer
    return here is not place


def _passes(after: s.Statement, here: Place, outer: s.Statement) -> bool:
    """Whether a way out goes on outwards from `here`, and nothing else runs on it."""
    match outer:
        case s.While() | s.For():
            return not isinstance(after, s.Leave)
        case s.Try(handlers=handlers, final=None):
            handling = any(here.block is one.body for one in handlers)
            return handling or isinstance(after, s.Return)
        case s.If() | s.Match():
            return True
        case _:
            return False


def _is_at_the_end(section: _Section, place: Place) -> bool:
    """Whether nothing else of the section follows the `release()`."""
    here: Place | None = place
    while here is not None and here.block is not section.whole.first.block:
        if here.sibling(1) is not None:
            return False
        here = here.outer
        if here is None or not isinstance(here.statement, (s.If, s.Match)):
            return False
    return here is not None and here.index == section.whole.last


# The edits


def _edits(section: _Section, releases: list[Place]) -> Iterator[Edit]:
    page, first = section.page, section.whole.first
    yield Edit(Location(page.path, first.statement.span), f"with {section.text}:")
    last = section.whole.last
    ends = _lock(page, first.block.statements[last], "release") == section.text
    if last - ends == first.index:
        raise Refusal("nothing is done while the lock is held")
    gone = frozenset(one.statement.span.line for one in releases if _goes(page, one))
    inner = replace(section.whole, last=last - ends)
    yield from enclose(page, inner, "", kept=gone, opened=True)
    for place in releases:
        yield _without(page, place)


def _is_alone(place: Place) -> bool:
    return len(place.block.statements) == 1


def _goes(page: Page, place: Place) -> bool:
    """Whether all of its row goes."""
    span = place.statement.span
    return not _is_alone(place) and not page.lines.after(span.end_line, span.end_column).strip()


def _without(page: Page, place: Place) -> Edit:
    """The row goes; its comment stays, and a suite that has nothing else gets a `pass`."""
    span = place.statement.span
    rest = page.lines.after(span.end_line, span.end_column)
    comment = rest.lstrip(" \t\f")
    if _is_alone(place):
        return Edit(Location(page.path, span), "pass")
    if comment:
        end = span.end_column + len(rest) - len(comment)
        return Edit(Location(page.path, Span(span.line, span.column, span.line, end)), "")
    if span.end_line >= len(page.lines.starts):
        start = len(page.lines.row(span.line - 1))
        return Edit(Location(page.path, Span(span.line - 1, start, span.line, span.end_column)), "")
    return Edit(Location(page.path, Span(span.line, 0, span.end_line + 1, 0)), "")
