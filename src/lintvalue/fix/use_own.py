"""A class of the project's own that counts, in the place of our Counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix import imports
from lintvalue.fix.convertible import maker, paths, uses_of
from lintvalue.fix.counter_edits import edits_of
from lintvalue.fix.neighbours import import_of, source
from lintvalue.fix.own_counter import OwnCounter, own_counter
from lintvalue.fix.retype import retyped, type_import
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.fix.tokens import mentions
from lintvalue.fix.unimport import replaced, unimported
from lintvalue.model.edit import Edit
from lintvalue.model.expressions import Literal
from lintvalue.model.lean import dataclass
from lintvalue.model.project import Touch, Use
from lintvalue.model.span import Location

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Home:
    """The class, and the file that defines it."""

    page: Page
    own: OwnCounter


def own_edits(survey: Survey, family: frozenset[int]) -> tuple[Edit, ...]:
    """The edits with the one such class that can stand wherever the objects are; none without it."""
    for home in _homes(survey, family):
        try:
            return tuple(
                edit
                for path in paths(survey, family)
                for edit in _page_edits(survey, path, uses_of(survey, path, family), home)
            )
        except Refusal:
            continue
    return ()


def _homes(survey: Survey, family: frozenset[int]) -> tuple[Home, ...]:
    """The class of a file where the objects are made, else the only one there is."""
    found = [
        Home(page, own) for page in survey.pages.values() if (own := own_counter(page)) is not None
    ]
    making = {
        use.at.path
        for use in survey.project.uses
        if use.touch is Touch.MADE and family & set(use.objects)
    }
    near = [home for home in found if home.page.path in making]
    return tuple(near or (found if len(found) == 1 else ()))


def _page_edits(survey: Survey, path: str, uses: tuple[Use, ...], home: Home) -> tuple[Edit, ...]:
    page, own = survey.pages[path], home.own
    edits = edits_of(page, uses, own)
    naming = [use for use in uses if use.touch in (Touch.MADE, Touch.ANNOTATION)]
    if not naming:
        return edits
    name, line = _name(survey, page, naming, home)
    made = (edit for use in naming for edit in _made(survey, page, use, own, name))
    edits = (*edits, *made, *retyped(page, uses, name))
    near = type_import(page, uses) if all(use.touch is not Touch.MADE for use in uses) else None
    if line is None:
        return (*edits, *unimported(survey, page, edits, None, near))
    return (*edits, *replaced(survey, page, edits, line, near))


def _made(survey: Survey, page: Page, use: Use, own: OwnCounter, name: str) -> Iterator[Edit]:
    if use.touch is not Touch.MADE:
        return
    made = maker(survey, use)
    codes = {survey.project.objects[number].typecode for number in use.objects}
    given = made.call.arguments
    if made.context or codes != {own.typecode} or any(one.keyword for one in given):
        raise Refusal(f"`{own.name}` can't be made like that")
    if own.initial or len(given) == 1:
        yield from made.edits(page, name)
    elif isinstance(given[1].value, Literal) and given[1].value.value == 0:
        yield Edit(Location(page.path, made.call.span), f"{name}()")
    else:
        raise Refusal(f"`{own.name}` always begins with 0")


def _name(survey: Survey, page: Page, naming: list[Use], home: Home) -> tuple[str, str | None]:
    """What the class is called in a file, and the import that this needs."""
    own = home.own
    if page is home.page:
        if any(use.at.span.line < own.row for use in naming):
            raise Refusal(f"`{own.name}` is defined after it")
        return own.name, None
    for binding in imports.bindings(page):
        same = binding.item.name == own.name
        if same and source(survey, page, binding.item) == home.page.path:
            return binding.name, None
    if mentions(page.lines.text, own.name) != 0:
        raise Refusal(f"`{own.name}` means something else there")
    return own.name, import_of(survey, page, home.page, own.name)
