"""What one activation of a function came to, in words that hold for every caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, replace
from lintvalue.resolve.values import Decision, Read, Site, Value

if TYPE_CHECKING:
    from collections.abc import Hashable

    from lintvalue.resolve.state import Done, Frame, Freed, Section, State, Taken


@dataclass(frozen=True, slots=True)
class Summary:
    """What one activation came to.

    `kept` are places in the caller's held sections, each with whether it was interrupted. The sections
    of the activation's own loads, those in `value` and `decided`, are places in those that it leaves
    held: the kept ones, then the opened ones. `stored` are cells.
    """

    serial: int
    value: Value
    alive: bool = False
    started: frozenset[Site] = frozenset()
    ended: frozenset[Site] = frozenset()
    kept: tuple[tuple[int, bool], ...] = ()
    opened: tuple[Section, ...] = ()
    decided: frozenset[Decision] = frozenset()
    stored: frozenset[tuple[Site, str]] = frozenset()
    freed: frozenset[Freed] = frozenset()
    taken: frozenset[Taken] = frozenset()
    done: frozenset[Done] = frozenset()


def summarised(inner: Frame, value: Value, entry: State, end: State | None) -> Summary:
    """The summary of an activation; `end` is None if it never comes back."""
    serial = inner.serial
    if end is None:
        return Summary(serial, value.without_reads(), freed=frozenset(inner.freed))
    before = {section.id for section in entry.held}
    known = {section.origin: index for index, section in enumerate(entry.held)}
    kept = tuple(section for section in end.held if section.origin in known)
    opened = tuple(section for section in end.held if section.origin not in known)
    places = {section.id: index for index, section in enumerate((*kept, *opened))}

    def placed(read: Read) -> Read:
        if read.frame != serial:
            return read
        return replace(read, sections=frozenset(places[x] for x in read.sections if x in places))

    made = end.deciding - inner.inherited
    return Summary(
        serial,
        Value(value.things, frozenset(map(placed, value.reads))),
        alive=True,
        started=end.live - entry.live,
        ended=entry.live - end.live,
        kept=tuple((known[section.origin], section.id not in before) for section in kept),
        opened=opened,
        decided=frozenset(replace(part, read=placed(part.read)) for part in made),
        stored=end.stored,
        freed=frozenset(inner.freed),
        taken=end.taken,
        done=end.done,
    )


def load(read: Read) -> Hashable:
    """A load in the text, whichever execution of it."""
    return (read.site, read.cell, read.at)
