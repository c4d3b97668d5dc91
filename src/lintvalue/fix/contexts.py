"""The context of multiprocessing through which a lock has to be made at a place.

A lock of one context cannot be handed to a process that another one spawns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.delays import dotted
from lintvalue.fix.imports import bindings
from lintvalue.fix.places import function_of
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.project import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.fix.places import Place

_LIBRARIES = frozenset({"billiard", "ctypes", "multiprocess", "multiprocessing", "torch"})
_OF_CONTEXTS = frozenset({Kind.VALUE, Kind.ARRAY, Kind.RAW_VALUE, Kind.RAW_ARRAY})


def context_at(survey: Survey, page: Page, place: Place) -> str | None:
    """The context's name, None for the default one. Raises Refusal where it has no single name there."""
    known = {one.rpartition(".")[2] for other in survey.pages.values() for one, _ in _made(other)}
    here = function_of(place)
    names = {name for name, function in _made(page) if "." not in name and function in (None, here)}
    names |= set(_holders(survey, page, here))
    if len(names) == 1 and {name.rpartition(".")[2] for name in names} <= known:
        return names.pop()
    if names or any("get_context(" in other.lines.text for other in survey.pages.values()):
        raise Refusal("a lock would have to come from the context that starts the processes")
    return None


def _made(page: Page) -> Iterator[tuple[str, s.Function | None]]:
    """The names in `ctx = get_context("spawn")`, and the function that it stands in."""
    for place in page.places.values():
        match place.statement:
            case s.Assign(targets=targets, value=e.Call(function=function)):
                if dotted(function).rpartition(".")[2] == "get_context":
                    yield from ((dotted(one), function_of(place)) for one in targets)


def _holders(survey: Survey, page: Page, here: s.Function | None) -> Iterator[str]:
    """`self.ctx` of `self.ctx.Value("i")` in the same function, and what the module imports."""
    roots = {one.name: one.module.lstrip(".").partition(".")[0] for one in bindings(page)}
    rows = [at for at, one in page.places.items() if here and function_of(one) == here]
    for shared in survey.project.objects:
        if shared.maker is None or shared.made.path != page.path or shared.kind not in _OF_CONTEXTS:
            continue
        holder = page.lines.cut(shared.maker).rpartition(".")[0]
        module = roots.get(holder.partition(".")[0])
        near = any(at.encloses(shared.made.span) for at in rows)
        if holder and module not in _LIBRARIES and (module is not None or near):
            yield holder
