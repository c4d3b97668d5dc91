"""`with v.get_lock:` as `with v.get_lock():`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.survey import Refusal, Survey
from lintvalue.model import statements as s
from lintvalue.model.edit import Applicability, Edit, Repair, Style
from lintvalue.model.expressions import Attribute
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from lintvalue.model.finding import Finding


def call_get_lock(survey: Survey, finding: Finding) -> Repair:
    """Call the method that the `with` only names. It raised before, so nothing can depend on it."""
    place = survey.pages[finding.at.path].places.get(finding.at.span)
    items = place.statement.items if place and isinstance(place.statement, s.With) else ()
    ends = [
        (item.span.end_line, item.span.end_column)
        for item, _ in items
        if isinstance(item, Attribute) and item.name == "get_lock"
    ]
    if not ends:
        raise Refusal("the `with` that names `get_lock` was not found")
    edits = tuple(Edit(Location(finding.at.path, Span(*end, *end)), "()") for end in ends)
    message = "Call `get_lock`"
    return Repair(Style.LOCK, Applicability.SAFE, message, edits, (finding.at,))
