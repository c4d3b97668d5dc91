"""What findings of several rules have in common: their shape, and how places are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.finding import Finding, Note, Severity
from lintvalue.model.lean import replace

if TYPE_CHECKING:
    from lintvalue.model.project import Misuse, Project, Update


def finding(code: str, name: str, project: Project, update: Update, message: str) -> Finding:
    """A finding at an update, with the place where its object is made beside it."""
    target = project.objects[update.objects[0]]
    told = "is declared to be one" if target.by_annotation else "is made here"
    notes = tuple(
        dict.fromkeys(
            Note(project.objects[index].made, f"the shared {project.objects[index].kind} {told}")
            for index in update.objects
        )
    )
    return Finding(
        code=code,
        name=name,
        severity=Severity.ERROR,
        at=update.at,
        message=message,
        symbol=update.symbol,
        function=update.function,
        objects=update.objects,
        made=target.made,
        kind=target.kind,
        notes=notes,
    )


def with_read(found: Finding, update: Update, message: str) -> Finding:
    """The finding with the place of the load beside it, first."""
    return replace(found, notes=(Note(update.read, message), *found.notes))


def cure(project: Project, update: Update) -> str:
    """What to hold: the object's own lock, if it has one."""
    target = project.objects[update.objects[0]]
    own = project.locks[target.lock] if target.lock is not None else None
    if own is not None and own.owner is not None and update.base is not None:
        return f"hold `{update.symbol}.get_lock()` over the whole statement"
    return "hold a lock that all processes share over the whole statement"


def misused(
    code: str,
    name: str,
    project: Project,
    misuse: Misuse,
    message: str,
    related: str,
    severity: Severity = Severity.ERROR,
) -> Finding:
    """A finding at a fault in how a lock is made or taken."""
    target = project.objects[misuse.objects[0]] if misuse.objects else None
    return Finding(
        code=code,
        name=name,
        severity=severity,
        at=misuse.at,
        message=message,
        symbol=misuse.symbol,
        function=misuse.function,
        objects=misuse.objects,
        made=target.made if target else None,
        kind=target.kind if target else None,
        notes=(Note(misuse.related, related),),
    )


def unlocked(update: Update) -> bool:
    """Whether an update can lose another one because nothing is held."""
    return update.silence is None and not update.locked
