"""A lock of multiprocessing in the place of a lock of threading, where it is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.fix import imports
from lintvalue.fix.contexts import context_at
from lintvalue.fix.delays import dotted
from lintvalue.fix.expressions import calls
from lintvalue.fix.places import function_of
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.fix.unimport import replaced, some_dropped, unimported
from lintvalue.model.edit import Applicability, Edit, Repair, Style
from lintvalue.model.project import Fault
from lintvalue.model.span import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.fix.imports import Binding
    from lintvalue.fix.places import Place
    from lintvalue.model.expressions import Call
    from lintvalue.model.finding import Finding

_SAME = frozenset({"Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore"})
# What locks of threading have, and those of multiprocessing have not or call otherwise.
_OTHERWISE = re.compile(r"\.locked\s*\(|\bblocking\s*=|\.(?:notify_all|wait_for)\s*=")


def process_lock(survey: Survey, finding: Finding, findings: Sequence[Finding]) -> Repair:
    """Make the lock one that processes share. Raises Refusal where it can't surely take its place."""
    made = _made(survey, finding)
    page = survey.pages.get(made.path)
    if page is None or made.path not in survey.options.named:
        raise Refusal("the lock is made in a file that is not among those to fix")
    if any(_OTHERWISE.search(other.lines.text) for other in survey.pages.values()):
        raise Refusal("it is used in ways that a lock of multiprocessing does not know")
    call = _call(page, made)
    binding = _binding(page, call)
    edits = tuple(_edits(survey, page, call, binding))
    at = {one.at for one in survey.project.misuses if one.related == made}
    closes = tuple(dict.fromkeys(one.at for one in findings if one.at in at))
    message = "Make the lock one that processes share"
    return Repair(Style.LOCK, Applicability.SAFE, message, edits, closes)


def _made(survey: Survey, finding: Finding) -> Location:
    made = {
        misuse.related
        for misuse in survey.project.misuses
        if misuse.at == finding.at and misuse.fault is Fault.THREAD
    }
    if len(made) != 1:
        raise Refusal("it is one of several locks")
    return made.pop()


def _call(page: Page, made: Location) -> Call:
    found = (call for place in page.places.values() for call in calls((place.statement,)))
    call = next((call for call in found if call.span == made.span), None)
    if call is None:
        raise Refusal("the call that makes the lock was not understood")
    place = _place(page, call)
    if place.outer is None and function_of(place) is None:
        raise Refusal("it is made for the whole module, which each process may load for itself")
    return call


def _place(page: Page, call: Call) -> Place:
    return next(place for place in page.places.values() if call in tuple(calls((place.statement,))))


def _binding(page: Page, call: Call) -> Binding:
    root, _, rest = dotted(call.function).partition(".")
    for binding in imports.bindings(page):
        kind = f"{binding.module}.{rest}" if rest else binding.module
        module, _, name = kind.rpartition(".")
        if binding.name == root and module == "threading" and name in _SAME:
            return binding
    raise Refusal("the call that makes the lock was not understood")


def _edits(survey: Survey, page: Page, call: Call, binding: Binding) -> Iterator[Edit]:
    kind = page.lines.cut(call.function.span).rpartition(".")[2]
    kind = binding.module.rpartition(".")[2] if "." in binding.module else kind
    module = next((one for one in imports.bindings(page) if _is_library(one)), None)
    holder = context_at(survey, page, _place(page, call)) or (module.name if module else None)
    alone = binding.name == kind and imports.is_unused(survey, page, binding, 1)
    if holder is None and alone:
        yield from _swapped(page, binding, kind)
        return
    called = Edit(Location(page.path, call.function.span), f"{holder or 'multiprocessing'}.{kind}")
    yield called
    if holder is not None:
        yield from unimported(survey, page, (called,), None, None)
    else:
        yield from replaced(survey, page, (called,), "import multiprocessing", binding.statement)


def _swapped(page: Page, binding: Binding, kind: str) -> Iterator[Edit]:
    """`from threading import Lock` as `from multiprocessing import Lock`: the call stays."""
    line = f"from multiprocessing import {kind}"
    if len(binding.statement.names) == 1:
        yield Edit(Location(page.path, binding.statement.span), line)
        return
    yield from some_dropped(page, binding.statement, (binding.item,))
    yield imports.added(page, line, binding.statement)


def _is_library(binding: Binding) -> bool:
    return binding.item.name is None and binding.module == "multiprocessing"
