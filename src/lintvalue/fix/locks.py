"""Which lock makes an update safe: the one that the object's other updates hold, else its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lintvalue.fix.expressions import can_repeat, find, of_statement, walk
from lintvalue.fix.places import function_of
from lintvalue.fix.survey import Refusal
from lintvalue.model.expressions import Name, Subscript
from lintvalue.model.lean import dataclass, replace
from lintvalue.model.project import Kind, LockKind, Project, Update

if TYPE_CHECKING:
    from lintvalue.fix.survey import Page, Survey
    from lintvalue.model.statements import Statement


@dataclass(frozen=True, slots=True)
class Hold:
    """A lock as the statement can name it; `bypass` where the object's own accesses would take it
    again, and wait for ever.
    """

    lock: int
    text: str
    bypass: bool


def hold(
    survey: Survey,
    page: Page,
    update: Update,
    inside: frozenset[int],
    base: str | None = None,
) -> Hold:
    """The lock to hold round an update, which is the one that sections inside of it take already.

    `base` is the object's name, where it gets one before the statement. Raises Refusal where there is none that is surely right.
    """
    project, statement = survey.project, page.places[update.at.span].statement
    locks = {_wanted(survey, update, number, inside) for number in update.objects}
    owns = {project.objects[number].lock for number in update.objects}
    if locks == {None} and None not in owns:
        text = f"{base or _base(project, page, update, statement)}.get_lock()"
        return _careful(project, update, Hold(-1, text, bypass=_bypass(project, owns)))
    if len(locks) > 1:
        raise Refusal(
            f"`{update.symbol}` is one of several objects, whose updates hold different locks"
        )
    lock = locks.pop()
    if lock is None:
        lock = _in_reach_everywhere(survey, update)
    return _careful(project, update, _named(project, page, update, statement, lock))


def own(survey: Survey, page: Page, update: Update) -> Hold:
    """The object's own lock, which may stand inside of any other."""
    project = survey.project
    owns = {project.objects[number].lock for number in update.objects}
    statement = page.places[update.at.span].statement if update.at.span in page.places else None
    if None in owns or statement is None:
        raise Refusal(f"`{update.symbol}` has no lock of its own that could be held instead")
    chosen = Hold(-1, f"{_base(project, page, update, statement)}.get_lock()", bypass=False)
    if not _is_leaf(project, chosen, owns):
        raise Refusal(f"`{update.symbol}` has no lock of its own that could be held instead")
    return _careful(project, update, chosen)


def named(project: Project, page: Page, update: Update, lock: int) -> Hold:
    """A lock by its name at the update: one that the function was given, if it has several."""
    texts = [text for one, text in update.in_reach if one == lock]
    if not texts:
        raise Refusal("the lock that the other updates hold has no name here")
    if project.locks[lock].several:
        texts = _of_one_holder(page, update, texts)
    place = page.places.get(update.at.span)
    function = function_of(place) if place is not None else None
    given = {one.name for one in function.parameters} if function is not None else set()
    best = min(texts, key=lambda text: (text.partition(".")[0] not in given, texts.index(text)))
    return Hold(lock, best, bypass=False)


def _named(project: Project, page: Page, update: Update, statement: Statement, lock: int) -> Hold:
    owns = {project.objects[number].lock for number in update.objects}
    if owns == {lock}:
        text = f"{_base(project, page, update, statement)}.get_lock()"
        return Hold(lock, text, bypass=not project.locks[lock].reentrant)
    if not any(one == lock for one, _ in update.in_reach):
        made = project.locks[lock].made
        raise Refusal(
            f"the other updates of `{update.symbol}` hold the lock made at"
            f" {made.path}:{made.span.line}, which has no name here"
        )
    bypass = lock in owns and not project.locks[lock].reentrant
    return replace(named(project, page, update, lock), bypass=bypass)


def _of_one_holder(page: Page, update: Update, texts: list[str]) -> list[str]:
    """`stats.lock` for `stats.hits`, or a plain name, where the same text makes other locks, too."""
    holder = page.lines.cut(update.base).rpartition(".")[0] if update.base else ""
    found = [text for text in texts if text.rpartition(".")[0] == holder]
    found = found or [text for text in texts if "." not in text]
    if len(found) != 1:
        raise Refusal("there are several locks like the one that the other updates hold")
    return found


def _in_reach_everywhere(survey: Survey, update: Update) -> int:
    """The one lock between processes that has a name wherever an object without a lock is updated."""
    reach = [
        {lock for lock, _ in other.in_reach if excludes(survey, lock)}
        for other in survey.project.updates
        if set(other.objects) & set(update.objects) and other.silence is None
    ]
    common = set.intersection(*reach) if reach else set()
    free = {lock for lock in common if survey.project.locks[lock].kind is not LockKind.OWN}
    if len(free) == 1:
        return free.pop()
    raise Refusal(
        f"`{update.symbol}` has no lock of its own: make one that all processes share and hold it at"
        " every update"
    )


def _wanted(survey: Survey, update: Update, number: int, inside: frozenset[int]) -> int | None:
    """The lock that most other updates of the object hold; the first in the source among equals.

    None stands for the object's own.
    """
    project = survey.project
    votes: Counter[int] = Counter()
    for other in sorted(project.updates, key=lambda other: other.at):
        if number in other.objects and other.at != update.at:
            votes.update(lock for lock in other.held if excludes(survey, lock))
    own = project.objects[number].lock
    votes = votes or Counter(lock for lock in sorted(inside) if excludes(survey, lock))
    best = max(votes, key=lambda lock: (votes[lock], lock == own), default=None)
    return None if best is not None and project.locks[best].kind is LockKind.OWN else best


def excludes(survey: Survey, lock: int) -> bool:
    """Whether a lock keeps out other processes, as far as is known."""
    known = survey.project.locks[lock]
    return known.shared and known.kind is not LockKind.THREAD and known.made not in survey.void


def _bypass(project: Project, owns: set[int | None]) -> bool:
    reentrant = {project.locks[own].reentrant for own in owns if own is not None}
    if len(reentrant) > 1:
        raise Refusal("the objects that it may mean have locks of different kinds")
    return not reentrant.pop()


def _careful(project: Project, update: Update, chosen: Hold) -> Hold:
    owns = {project.objects[number].lock for number in update.objects}
    lock = owns if chosen.lock < 0 else {chosen.lock, None}
    if {*update.held, *update.useless} and not _is_leaf(project, chosen, lock):
        raise Refusal("it holds a lock already; a second one inside it could deadlock")
    if any(
        not project.locks[one].reentrant for one in lock & {*update.sometimes} if one is not None
    ):
        raise Refusal("some callers hold that lock already, and it cannot be taken twice")
    return chosen


def _is_leaf(project: Project, chosen: Hold, locks: set[int | None]) -> bool:
    """Whether it is an object's own lock, which each access takes inside whatever is held anyway."""
    known = {one for one in locks if one is not None}
    return (
        not chosen.bypass
        and bool(known)
        and all(project.locks[one].kind is LockKind.OWN for one in known)
    )


def _base(project: Project, page: Page, update: Update, statement: Statement) -> str:
    """The object's expression, if it can be written a second time."""
    expression = find(statement, update.base) if update.base else None
    if expression is None:
        return _name_in_reach(project, page, update, statement)
    if _is_array(project, update) and isinstance(expression, Subscript):
        after = page.lines.after(expression.span.end_line, expression.span.end_column)
        # `points[0].x`: the element is a structure, and the lock is the array's.
        expression = expression.value if after.startswith(".") else expression
    text = page.lines.cut(expression.span)
    if not can_repeat(expression):
        raise Refusal(f"`{' '.join(text.split())}` would be evaluated twice")
    if expression.span.line != expression.span.end_line:
        raise Refusal("the object's name is spread over rows")
    return text


def _name_in_reach(project: Project, page: Page, update: Update, statement: Statement) -> str:
    """The object's name, where only a helper of the statement spells it."""
    owns = {project.objects[number].lock for number in update.objects}
    named = [
        text.removesuffix(".get_lock()")
        for lock, text in update.in_reach
        if owns == {lock} and text.endswith(".get_lock()")
    ]
    if page.several & set(update.objects):
        parts = (part for one in of_statement(statement) for part in walk(one))
        roots = {part.id for part in parts if isinstance(part, Name)}
        named = [text for text in named if text.partition(".")[0] in roots]
        named = named if len(named) == 1 else []
    if not named:
        raise Refusal(f"`{update.symbol}` cannot be named before the statement")
    return named[0]


def _is_array(project: Project, update: Update) -> bool:
    return all(project.objects[number].kind is Kind.ARRAY for number in update.objects)
