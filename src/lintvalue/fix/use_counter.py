"""The Counter recipe: the object becomes a `Counter` wherever it is made, read and changed, or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix import imports
from lintvalue.fix.convertible import maker, paths, uses_of
from lintvalue.fix.counter_edits import edits_of
from lintvalue.fix.delays import dotted
from lintvalue.fix.retype import retyped, type_import
from lintvalue.fix.survey import Page, Survey, applicability
from lintvalue.fix.unimport import replaced, unimported
from lintvalue.fix.use_own import own_edits
from lintvalue.fix.visible import exported
from lintvalue.model.edit import Edit, Repair, Style
from lintvalue.model.project import Touch, Use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.fix.making import Made
    from lintvalue.model.finding import Finding
    from lintvalue.model.statements import Import


def use_counter(survey: Survey, family: frozenset[int], findings: Sequence[Finding]) -> Repair:
    """Convert a family that `check_family` has passed."""
    edits, kind = own_edits(survey, family), "the project's own counter"
    if not edits:
        pages = ((survey.pages[path], path) for path in paths(survey, family))
        uses = ((page, uses_of(survey, path, family)) for page, path in pages)
        edits = tuple(edit for page, own in uses for edit in _page_edits(survey, page, own))
        kind = "a `Counter`"
    names = sorted({finding.symbol for finding in findings})
    visible = exported(survey, family)
    message = "; ".join((f"Make {', '.join(f'`{name}`' for name in names)} {kind}", *visible))
    closes = tuple(finding.at for finding in findings)
    return Repair(Style.COUNTER, applicability(survey, visible), message, edits, closes)


def _page_edits(survey: Survey, page: Page, uses: tuple[Use, ...]) -> tuple[Edit, ...]:
    edits = edits_of(page, uses)
    makers = tuple(maker(survey, use) for use in uses if use.touch is Touch.MADE)
    near = _made_with(page, makers) or type_import(page, uses)
    if not makers and near is None:
        return edits
    name, present = imports.counter_name(survey, page, for_types=not makers)
    made = (edit for one in makers for edit in one.edits(page, name))
    edits = (*edits, *made, *retyped(page, uses, name))
    if present:
        return (*edits, *unimported(survey, page, edits, None, near))
    line = imports.import_line(survey.options.counter_import, name)
    return (*edits, *replaced(survey, page, edits, line, near))


def _made_with(page: Page, makers: Sequence[Made]) -> Import | None:
    """The import that the first of the calls needs."""
    bound = (one.binding.statement for one in makers if one.binding and not one.context)
    roots = {dotted(one.call.function).partition(".")[0] for one in makers}
    others = (one.statement for one in imports.bindings(page) if one.name in roots)
    return next(iter((*bound, *others)), None)
