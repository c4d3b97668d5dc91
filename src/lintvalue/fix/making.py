"""The call that makes a Value, rewritten to make a Counter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.fix.delays import dotted
from lintvalue.fix.imports import Binding, bindings
from lintvalue.fix.remake import without_keyword
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.model import expressions as e
from lintvalue.model.edit import Edit
from lintvalue.model.lean import dataclass
from lintvalue.model.project import LockKind, SharedObject
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIBRARIES = frozenset({"multiprocessing", "multiprocessing.sharedctypes", "torch.multiprocessing"})
_OTHERS = frozenset({"billiard", "multiprocess"})
_FAR = 2**30  # an initial value beyond it may be there to make an 'i' wrap round


@dataclass(frozen=True, slots=True)
class Made:
    """A making call; `context` is the text of the context that it goes through, "" for the default."""

    call: e.Call
    binding: Binding | None
    context: str

    def edits(self, page: Page, name: str) -> Iterator[Edit]:
        yield Edit(Location(page.path, self.call.function.span), name)
        yield _without_typecode(page, self.call)
        if _is_bare(self.call):
            yield from without_keyword(page, self.call, "lock")
        if self.context:
            yield _with_context(page, self.call, self.context)


def made(survey: Survey, page: Page, call: e.Call, shared: SharedObject) -> Made:
    """What has to change at the call. Raises Refusal for arguments that a Counter does not take."""
    _check_arguments(survey, call, shared)
    _without_typecode(page, call)
    match call.function:
        case e.Name(id=name):
            return Made(call, _imported_value(page, name), "")
        case e.Attribute(value=holder):
            return _through(page, call, holder)
        case _:
            raise Refusal("the call that makes it was not understood")


def _check_arguments(survey: Survey, call: e.Call, shared: SharedObject) -> None:
    plain = [one.value for one in call.arguments if not one.star and one.keyword is None]
    named = [one.keyword for one in call.arguments if one.keyword is not None]
    if any(one.star for one in call.arguments) or not 1 <= len(plain) <= 2 or set(named) - {"lock"}:
        raise Refusal("it is made with arguments that a Counter does not take")
    if named and not (_is_bare(call) or _lock_fits(survey, shared)):
        raise Refusal("the lock that it is made with may be no Lock of multiprocessing")
    if len(plain) == 2 and isinstance(plain[1], e.Literal) and not _initial_fits(plain[1].value):
        raise Refusal("its initial value is no whole number, or so large that the cell may wrap")


def _is_bare(call: e.Call) -> bool:
    """Whether it says `lock=False`."""
    given = [one.value for one in call.arguments if one.keyword == "lock"]
    return any(isinstance(one, e.Literal) and one.value is False for one in given)


def _lock_fits(survey: Survey, shared: SharedObject) -> bool:
    if shared.lock is None:
        return False
    lock = survey.project.locks[shared.lock]
    return lock.shared and lock.kind in (LockKind.LOCK, LockKind.RLOCK)


def _initial_fits(value: e.Constant) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _FAR


def _imported_value(page: Page, name: str) -> Binding:
    for binding in bindings(page):
        if binding.name in (name, "*") and binding.module.rpartition(".")[0] in _LIBRARIES:
            return binding
    raise Refusal(f"`{name}` is not imported from multiprocessing here")


def _through(page: Page, call: e.Call, holder: e.Expression) -> Made:
    text = dotted(holder)
    root, _, rest = text.partition(".")
    binding = next((one for one in bindings(page) if one.name == root), None)
    module = binding.module + (f".{rest}" if rest else "") if binding and text else ""
    if module in _LIBRARIES:
        return Made(call, binding, "")
    if module.partition(".")[0] in _OTHERS:
        raise Refusal(f"a Counter needs a context of multiprocessing, not of {module}")
    if holder.span.line != holder.span.end_line:
        raise Refusal("the call that makes it was not understood")
    return Made(call, None, page.lines.cut(holder.span))


def _without_typecode(page: Page, call: e.Call) -> Edit:
    first = call.arguments[0]
    if first.keyword is not None or not isinstance(first.value, e.Literal):
        raise Refusal("its cell type is not the first argument")
    span = first.value.span
    inside = page.lines.cut(Span(span.end_line, span.end_column, *_close(call)))
    gap = re.match(r"\s*,?[ \t]*", inside)
    at = gap.end() if gap and "\n" not in gap[0] and "\r" not in gap[0] else 0
    if at == 0 and inside.strip():
        raise Refusal("the call that makes it is spread over rows")
    end = Span(span.line, span.column, span.end_line, span.end_column + at)
    return Edit(Location(page.path, end), "")


def _close(call: e.Call) -> tuple[int, int]:
    return call.span.end_line, call.span.end_column - 1


def _with_context(page: Page, call: e.Call, context: str) -> Edit:
    line, column = _close(call)
    before = page.lines.before(line, column).rstrip()
    alone = len(call.arguments) == 1
    comma = "" if alone else " " if before.endswith(",") else ", "
    return Edit(Location(page.path, Span(line, column, line, column)), f"{comma}ctx={context}")
