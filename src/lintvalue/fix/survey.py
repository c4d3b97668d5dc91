"""What the recipes look at: the project, and for each file its text, its statements and its uses."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.fix.delays import quick_functions, runs_through
from lintvalue.fix.lines import Lines, lines_of
from lintvalue.fix.places import Place, places, within
from lintvalue.fix.tokens import rows_in_strings
from lintvalue.model.edit import Applicability
from lintvalue.model.lean import dataclass, field
from lintvalue.model.modules import Modules, link
from lintvalue.model.project import Fault
from lintvalue.model.statements import Define

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lintvalue.fix.options import FixOptions
    from lintvalue.model.facts import FileFacts
    from lintvalue.model.project import Project, Update, Use
    from lintvalue.model.source import Source
    from lintvalue.model.span import Location, Span


NO_MODULES = link(())
_VOID = frozenset({Fault.PRIVATE, Fault.THREAD})


class Refusal(Exception):  # noqa: N818 - no error: the recipe's answer
    """A recipe does not fit; the message is the reason that the user gets."""


class Inapplicable(Refusal):
    """A recipe is for other findings, so that its reason tells nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """One file. `strings` are the rows that begin inside a string, None where unknown.

    `several` are objects of which there may be more than one, made by the same text.
    """

    path: str
    facts: FileFacts
    lines: Lines
    places: Mapping[Span, Place]
    uses: tuple[Use, ...]
    strings: frozenset[int] | None
    several: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Survey:
    """All files that touch shared objects; `unread` are others that may, but could not be parsed.

    `void` is where locks are made that do not keep out other processes; `converted` are objects
    that become Counters, whose locks never have another one taken inside them; `facts` and `texts` are of
    the whole project.
    """

    project: Project
    pages: Mapping[str, Page]
    options: FixOptions
    unread: tuple[str, ...] = ()
    void: frozenset[Location] = frozenset()
    modules: Modules = NO_MODULES
    facts: Mapping[str, FileFacts] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    converted: frozenset[int] = frozenset()


def applicability(survey: Survey, reasons: tuple[str, ...]) -> Applicability:
    """Unsafe where there is a reason. Raises Refusal with it where only safe repairs are wanted."""
    if reasons and not survey.options.unsafe:
        raise Refusal(f"--unsafe-fixes would do it, but {reasons[0]}")
    return Applicability.UNSAFE if reasons else Applicability.SAFE


def survey(
    project: Project,
    facts: Mapping[str, FileFacts],
    sources: Mapping[str, Source],
    options: FixOptions,
) -> Survey:
    """The files in which the project's objects are touched."""
    uses: dict[str, list[Use]] = defaultdict(list)
    for use in project.uses:
        uses[use.at.path].append(use)
    faults = (at.path for misuse in project.misuses for at in (misuse.at, misuse.related))
    touched = {*uses, *(update.at.path for update in project.updates), *faults}
    paths = touched & set(facts) & set(sources)
    several = frozenset(shared.id for shared in project.objects if shared.several)
    pages = {
        path: _page(facts[path], sources[path], tuple(uses[path]), several)
        for path in sorted(paths)
    }
    unread = (
        path
        for path, one in facts.items()
        if one.problem is not None and path in sources and ".value" in sources[path].text
    )
    void = frozenset(misuse.related for misuse in project.misuses if misuse.fault in _VOID)
    texts = {path: source.text for path, source in sources.items()}
    return Survey(project, pages, options, tuple(sorted(unread)), void, link(sources), facts, texts)


def _page(facts: FileFacts, source: Source, uses: tuple[Use, ...], several: frozenset[int]) -> Page:
    lines = lines_of(source.text)
    strings = rows_in_strings(source.text)
    return Page(facts.path, facts, lines, places(facts.body), uses, strings, several)


def quick(page: Page, objects: tuple[int, ...]) -> frozenset[str]:
    """Functions of the file that neither wait nor touch other shared objects than these."""
    ours = set(objects) - page.several
    others = {use.statement for use in page.uses if set(use.objects) - ours}
    return frozenset(
        name
        for name, function in quick_functions(page.facts.body).items()
        if not others & {one.span for outer in function.body.statements for one in within(outer)}
    )


def quick_methods(survey: Survey, update: Update) -> frozenset[str]:
    """`box.set` for a method that surely neither waits nor touches others than the update's objects.

    What `box` is, is known from the object that it holds; every method of that name has to be quick.
    """
    holders = {text.partition(".")[0] for _, text in update.in_reach if text.count(".") > 1}
    found: dict[str, bool] = {}
    for page in survey.pages.values():
        for place in page.places.values():
            if isinstance(place.statement, Define) and place.outer is not None:
                name = place.statement.function.name
                fits = runs_through(place.statement) and _touches_own(page, place.statement, update)
                found[name] = found.get(name, True) and fits
    return frozenset(f"{one}.{name}" for one in holders for name, fits in found.items() if fits)


def _touches_own(page: Page, define: Define, update: Update) -> bool:
    inside = {one.span for outer in define.function.body.statements for one in within(outer)}
    return all(
        set(use.objects) <= set(update.objects) and page.lines.cut(use.base).startswith("self.")
        for use in page.uses
        if use.statement in inside
    )


def is_another(page: Page, use: Use, update: Update) -> bool:
    """Whether a use may be of another object than an update's: made elsewhere, or named otherwise."""
    if set(use.objects) - set(update.objects):
        return True
    if update.base is None or not page.several & set(use.objects):
        return False
    return page.lines.cut(use.base) != page.lines.cut(update.base)
