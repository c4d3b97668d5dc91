"""`while v.value < n:` with a change in its body: the test moves under the lock of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.extent import logs, reading
from lintvalue.fix.places import suites
from lintvalue.fix.statements import Range, enclose
from lintvalue.fix.survey import Page, Refusal
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.expressions import Combined
from lintvalue.model.span import Location

if TYPE_CHECKING:
    from lintvalue.fix.places import Place
    from lintvalue.model.project import Update
    from lintvalue.model.span import Span

_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "is", "is not", "in", "not in"})


def deciding_loop(page: Page, update: Update) -> tuple[s.While, Range]:
    """The loop whose test decides the change, and its body up to the change.

    Raises Refusal where there is no such loop, or it can't be turned inside out.
    """
    place = page.places.get(update.at.span)
    reads = reading(page, update.at.span, update.base, update.objects)
    while place is not None and place.outer is not None:
        outer = place.outer.statement
        if isinstance(outer, s.While) and outer.span in reads and place.block is outer.body:
            return outer, _body(page, outer, place, reads)
        if not isinstance(outer, (s.If, s.Match)):
            break
        place = place.outer
    raise Refusal("a loop decides it; a lock would be held through the whole loop")


def _body(page: Page, loop: s.While, place: Place, reads: frozenset[Span]) -> Range:
    block = loop.body.statements
    later = [one for one in block[place.index + 1 :] if one.span in reads and not logs(one)]
    if loop.orelse is not None or later or loop.test.span.line != loop.test.span.end_line:
        raise Refusal("a loop decides it, which does more with the value than its test does")
    first = page.places[block[0].span]
    if any(suites(one) and not isinstance(one, s.If) for one in block[: place.index + 1]):
        raise Refusal("a loop decides it; a lock would be held through the whole loop")
    return Range(first, place.index)


def turned(page: Page, loop: s.While, body: Range, lock: str) -> tuple[Edit, ...]:
    """An endless loop, which ends where the test fails under the lock."""
    test = page.lines.cut(loop.test.span)
    simple = isinstance(loop.test, Combined) and loop.test.operator in _COMPARISONS
    negated = f"if not {test}:" if simple else f"if not ({test}):"
    inside = (negated, f"{page.facts.indent}break")
    return (
        Edit(Location(page.path, loop.test.span), "True"),
        *enclose(page, body, f"with {lock}:", inside=inside),
    )
