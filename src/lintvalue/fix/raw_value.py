"""RawValue in the place of a Value whose own lock is only cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix import imports
from lintvalue.fix.expressions import calls
from lintvalue.fix.survey import Page, Refusal, Survey, applicability
from lintvalue.fix.visible import exported
from lintvalue.model import expressions as e
from lintvalue.model.edit import Edit, Repair, Style
from lintvalue.model.project import Touch, Use
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.fix.imports import Binding
    from lintvalue.model.finding import Finding

_SAME = frozenset({Touch.MADE, Touch.READ, Touch.STORE, Touch.AUGMENT})


def raw_value(survey: Survey, finding: Finding) -> Repair:
    """Make the memory without a lock. Raises Refusal where something may ask for the lock."""
    [number] = finding.objects
    for use in survey.project.uses:
        if number in use.objects:
            _check(use, number)
    page = survey.pages[finding.at.path]
    statements = (place.statement for place in page.places.values())
    call = next((call for call in calls(statements) if call.span == finding.at.span), None)
    if call is None or any(one.star or one.keyword for one in call.arguments):
        raise Refusal("the call that makes it was not understood")
    visible = exported(survey, (number,))
    message = "; ".join(("Make it a `RawValue`", *visible))
    edits = tuple(_edits(survey, page, call))
    return Repair(Style.LOCK, applicability(survey, visible), message, edits, (finding.at,))


def _check(use: Use, number: int) -> None:
    if use.touch not in _SAME or not use.sure or use.objects != (number,):
        raise Refusal(
            f"at {use.at.path}:{use.at.span.line} its own lock may be used, or another object is meant"
        )


def _edits(survey: Survey, page: Page, call: e.Call) -> Iterator[Edit]:
    match call.function:
        case e.Attribute(name="Value") as function:
            end = function.span
            at = Span(end.end_line, end.end_column - len("Value"), end.end_line, end.end_column)
            yield Edit(Location(page.path, at), "RawValue")
        case e.Name(id="Value", span=span):
            yield Edit(Location(page.path, span), "RawValue")
            yield from _imported(survey, page)
        case _:
            raise Refusal("the call that makes it was not understood")


def _imported(survey: Survey, page: Page) -> Iterator[Edit]:
    """RawValue beside the name that made it, or in its place."""
    found = imports.bindings(page)
    if any(one.name == "RawValue" for one in found):
        return
    binding = next((one for one in found if one.name == "Value"), None)
    if binding is None or binding.item.alias:
        raise Refusal("`RawValue` could not be imported")
    alone = imports.is_unused(survey, page, binding, 1)
    yield Edit(_place(page, binding), "RawValue" if alone else "RawValue, Value")


def _place(page: Page, binding: Binding) -> Location:
    at = imports.item_place(page, binding)
    if at is None:
        raise Refusal("`RawValue` could not be imported")
    return at
