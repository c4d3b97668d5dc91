"""RawValue in the place of a Value whose own lock is only cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.remake import making_call, remade
from lintvalue.fix.survey import Refusal, Survey, applicability
from lintvalue.fix.visible import exported
from lintvalue.model.edit import Repair, Style
from lintvalue.model.project import Touch, Use

if TYPE_CHECKING:
    from lintvalue.model.finding import Finding

_SAME = frozenset({Touch.MADE, Touch.READ, Touch.STORE, Touch.AUGMENT})


def raw_value(survey: Survey, finding: Finding) -> Repair:
    """Make the memory without a lock. Raises Refusal where something may ask for the lock."""
    [number] = finding.objects
    for use in survey.project.uses:
        if number in use.objects:
            _check(use, number)
    page = survey.pages[finding.at.path]
    call = making_call(page, finding.at.span)
    if any(one.keyword for one in call.arguments):
        raise Refusal("the call that makes it was not understood")
    visible = exported(survey, (number,))
    message = "; ".join(("Make it a `RawValue`", *visible))
    edits = tuple(remade(survey, page, (call,), "Value", "RawValue"))
    return Repair(Style.LOCK, applicability(survey, visible), message, edits, (finding.at,))


def _check(use: Use, number: int) -> None:
    if use.touch not in _SAME or not use.sure or use.objects != (number,):
        raise Refusal(
            f"at {use.at.path}:{use.at.span.line} its own lock may be used, or another object is meant"
        )
