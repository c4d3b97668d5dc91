"""Annotations that say `Synchronized[int]` of an object that becomes a Counter."""

from __future__ import annotations

import re
import token
from typing import TYPE_CHECKING

from lintvalue.fix.imports import Binding, bindings
from lintvalue.fix.survey import Page, Refusal
from lintvalue.fix.tokens import is_code, tokens
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.project import Touch, Use
from lintvalue.model.span import Span

if TYPE_CHECKING:
    import tokenize
    from collections.abc import Iterable, Iterator

    from lintvalue.model.expressions import Expression

_LIBRARIES = ("multiprocessing", "torch.multiprocessing", "billiard", "multiprocess")
_TYPES = frozenset({"Synchronized", "SynchronizedBase"})
_NAMED = re.compile(r"(?<![\w.])(?P<name>[^\W\d][\w.]*)(?:\[[^\[\]]*\])?")
_QUOTED = re.compile(r"[A-Za-z]*(?:'|\")")


def retyped(page: Page, uses: Iterable[Use], name: str) -> tuple[Edit, ...]:
    """`name` wherever an annotation names the type of the objects. Raises Refusal where it can't stand."""
    return tuple(_retyped(page, use, name) for use in uses if use.touch is Touch.ANNOTATION)


def _retyped(page: Page, use: Use, name: str) -> Edit:
    text = page.lines.cut(use.at.span)
    if "#" in text or "\\" in text:
        raise Refusal(
            f"its annotation at {_place(use)} is spelled in a way that was not understood"
        )
    if not _QUOTED.match(text):
        return Edit(use.at, name)
    known = {one.name: one for one in bindings(page)}
    new = _NAMED.sub(lambda found: name if _is_type(known, found["name"]) else found[0], text)
    if new == text:
        raise Refusal(
            f"its annotation at {_place(use)} is spelled in a way that was not understood"
        )
    return Edit(use.at, new)


def _place(use: Use) -> str:
    return f"{use.at.path}:{use.at.span.line}"


def _is_type(known: dict[str, Binding], dotted: str) -> bool:
    """Whether a dotted name of an annotation means a type of the library."""
    root, _, rest = dotted.partition(".")
    if root not in known:
        return False
    module = ".".join(filter(None, (known[root].module, rest)))
    return module.startswith(_LIBRARIES) and module.rpartition(".")[2] in {*_TYPES, "Value"}


def type_import(page: Page, uses: Iterable[Use]) -> s.Import | None:
    """The import that the type in the first of the annotations comes from."""
    found = sorted(use.at.span for use in uses if use.touch is Touch.ANNOTATION)
    words = re.findall(r"[^\W\d]\w*", page.lines.cut(found[0])) if found else []
    known = {one.name: one.statement for one in bindings(page)}
    return next((known[word] for word in words if word in known), None)


# What would notice that an object is of another type


def not_asked(page: Page) -> None:
    """Raise Refusal where the file uses the type otherwise than to declare what something is."""
    names = {one.name for one in bindings(page) if _is_type({one.name: one}, one.name)} - {"Value"}
    declared = tuple(_declarations(page))
    found = tokens(page.lines.text) or ()
    for before, item in zip((None, *found), found, strict=False):
        if not _names_type(before, item, names):
            continue
        at = Span(*item.start, *item.end)
        if not any(one.encloses(at) for one in declared):
            raise Refusal(f"its type is named at {page.path}:{at.line}, where it may be asked for")


def _names_type(
    before: tokenize.TokenInfo | None, item: tokenize.TokenInfo, names: set[str]
) -> bool:
    if item.type == token.STRING:
        return is_code(item.string) and any(
            re.search(rf"\b{name}\b", item.string) for name in (*names, *_TYPES)
        )
    dotted = before is not None and before.string == "."
    return item.type == token.NAME and (item.string in (_TYPES if dotted else names))


def _declarations(page: Page) -> Iterator[Span]:
    """Where annotations stand, and imports."""
    for place in page.places.values():
        match place.statement:
            case s.Import(span=span):
                yield span
            case s.Annotated(annotation=annotation):
                yield annotation.span
            case s.Define(function=function):
                yield from of_function(function)


def of_function(function: s.Function) -> Iterator[Span]:
    """Where the annotations of a function's parameters and of its result stand."""
    found: tuple[Expression | None, ...] = (
        *(one.annotation for one in function.parameters),
        function.returns,
    )
    yield from (one.span for one in found if one is not None)
