"""The call that makes an object, with another function of the same library: `RawValue` and `Value`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.fix import imports
from lintvalue.fix.expressions import calls
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.fix.tokens import mentions
from lintvalue.model import expressions as e
from lintvalue.model.edit import Edit
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.fix.imports import Binding


def making_call(page: Page, span: Span) -> e.Call:
    """The call at a span. Raises Refusal where there is none, or it has unpacked arguments."""
    statements = (place.statement for place in page.places.values())
    call = next((call for call in calls(statements) if call.span == span), None)
    if call is None or any(one.star for one in call.arguments):
        raise Refusal("the call that makes it was not understood")
    return call


def remade(
    survey: Survey, page: Page, made: Sequence[e.Call], old: str, new: str
) -> Iterator[Edit]:
    """`new(…)` in the place of each call of `old`, and its import. Raises Refusal where that is not clear."""
    direct = 0
    for call in made:
        match call.function:
            case e.Attribute(name=name, span=end) if name == old:
                start = end.end_column - len(old)
                yield _edit(page, Span(end.end_line, start, end.end_line, end.end_column), new)
            case e.Name(id=name, span=span) if name == old:
                direct += 1
                yield _edit(page, span, new)
            case _:
                raise Refusal("the call that makes it was not understood")
    if direct:
        yield from _imported(survey, page, direct, old, new)


def _imported(survey: Survey, page: Page, direct: int, old: str, new: str) -> Iterator[Edit]:
    """`new` beside the name that made it, or in its place."""
    found = {one.name: one for one in imports.bindings(page)}
    binding, known = found.get(old), found.get(new)
    if binding is None or binding.item.alias or binding.item.name != old:
        raise Refusal(f"`{new}` could not be imported")
    if known is not None and known.module.rpartition(".")[0] == binding.module.rpartition(".")[0]:
        return
    if known is not None or mentions(page.lines.text, new) != 0:
        raise Refusal(f"`{new}` means something else there")
    alone = imports.is_unused(survey, page, binding, direct)
    both = ", ".join(sorted((old, new)))
    yield Edit(_place(page, binding), new if alone else both)


def _place(page: Page, binding: Binding) -> Location:
    at = imports.item_place(page, binding)
    if at is None:
        raise Refusal("the import of what makes it was not understood")
    return at


def without_keyword(page: Page, call: e.Call, keyword: str) -> Iterator[Edit]:
    """Take `keyword=…` out of a call, and the comma before it."""
    for argument in call.arguments:
        if argument.keyword != keyword:
            continue
        end = argument.value.span
        before = page.lines.cut(Span(call.span.line, call.span.column, end.line, end.column))
        found = re.search(rf",\s*{keyword}\s*=\s*\Z", before)
        if found is None or "\n" in found[0] or "\r" in found[0]:
            raise Refusal("the call that makes it was not understood")
        start = end.column - len(found[0])
        yield _edit(page, Span(end.line, start, end.end_line, end.end_column), "")


def _edit(page: Page, span: Span, content: str) -> Edit:
    return Edit(Location(page.path, span), content)
