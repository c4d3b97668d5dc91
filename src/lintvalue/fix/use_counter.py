"""The Counter recipe: the object becomes a `Counter` wherever it is made, read and changed, or nowhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from lintvalue.fix import imports
from lintvalue.fix.collapse import collapses
from lintvalue.fix.counter_edits import edits_of
from lintvalue.fix.delays import dotted
from lintvalue.fix.expressions import calls
from lintvalue.fix.extent import company
from lintvalue.fix.making import Made, made
from lintvalue.fix.own_counter import own_counter
from lintvalue.fix.survey import Page, Refusal, Survey, applicability
from lintvalue.fix.tickets import ticket
from lintvalue.fix.visible import exported
from lintvalue.model.edit import Edit, Repair, Style
from lintvalue.model.project import Fault, Form, Kind, SharedObject, Touch, Update, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lintvalue.fix.own_counter import OwnCounter
    from lintvalue.model.finding import Finding
    from lintvalue.model.statements import Import

# Signed cells, wide enough that nobody lets them wrap round; narrow and unsigned ones do wrap.
_TYPECODES = frozenset("ilq")
_WORDS = {
    Touch.LOCK: "its lock is used",
    Touch.ELEMENT: "its elements or fields are used",
    Touch.ANNOTATION: "an annotation says what it is",
    Touch.ESCAPE: "it is handed to code that is not seen, or used in a way that is not known",
}


def families(survey: Survey) -> tuple[frozenset[int], ...]:
    """Objects that meet in one expression, which are all converted or none of them."""
    leader = list(range(len(survey.project.objects)))

    def find(number: int) -> int:
        while leader[number] != number:
            number = leader[number]
        return number

    for group in (*(use.objects for use in survey.project.uses), *_one_update(survey)):
        for number in group[1:]:
            leader[find(number)] = find(group[0])
    members: dict[int, set[int]] = defaultdict(set)
    for number in range(len(leader)):
        members[find(number)].add(number)
    return tuple(frozenset(group) for group in members.values())


def _one_update(survey: Survey) -> Iterator[tuple[int, ...]]:
    return (update.objects for update in survey.project.updates)


def check_family(survey: Survey, family: frozenset[int]) -> None:
    """Raise Refusal with the reason why these objects can't be Counters."""
    applicability(survey, exported(survey, family))
    if survey.unread:
        raise Refusal(f"{survey.unread[0]}, which may use it too, could not be parsed")
    for number in sorted(family):
        _check_object(survey.project.objects[number])
    for use in survey.project.uses:
        if family & set(use.objects):
            _check_use(survey, use)
    for update in survey.project.updates:
        if not family & set(update.objects):
            continue
        if update.useless or any(
            survey.project.locks[lock].owner not in family for lock in update.held
        ):
            raise Refusal("some of its updates hold a lock, which all others should hold as well")
        _check_update(survey, update)
    _no_misuse(survey, family)
    _made_once(survey, family)
    for path in _paths(survey, family):
        edits_of(survey.pages[path], _uses(survey, path, family))


def _no_misuse(survey: Survey, family: frozenset[int]) -> None:
    """A Counter would only hide what else is wrong with the object."""
    for misuse in survey.project.misuses:
        if family & set(misuse.objects) and misuse.fault is not Fault.REDUNDANT:
            raise Refusal(
                f"something else is wrong with it at {misuse.at.path}:{misuse.at.span.line}"
            )


def _check_update(survey: Survey, update: Update) -> None:
    """A Counter's one step has to be the whole update: the read, the sum and the write."""
    if update.silence is not None:
        return
    here = [
        use
        for use in survey.project.uses
        if use.at.path == update.at.path and use.statement == update.at.span
    ]
    changed = [use for use in here if use.touch in (Touch.AUGMENT, Touch.STORE)]
    reads = [use for use in here if use.touch is Touch.READ]
    own = [use for use in reads if set(use.objects) & set(update.objects)]
    stored = any(use.touch is Touch.STORE for use in changed)
    if (
        update.form in (Form.SPLIT, Form.DECIDED)
        or not changed
        or len(own) != (1 if stored else 0)
        or not {update.read, *update.reads} <= {use.at for use in (own if stored else changed)}
    ):
        raise Refusal("it is read in one step and changed in another, which no Counter method does")


def _check_object(shared: SharedObject) -> None:
    if shared.kind is not Kind.VALUE or shared.by_annotation or shared.maker is None:
        raise Refusal("a Counter replaces only a Value that is made in sight")
    if shared.typecode not in _TYPECODES:
        code = "unknown" if shared.typecode is None else f"'{shared.typecode}'"
        raise Refusal(f"its cell type is {code}; a Counter is a signed 64-bit number")


def _check_use(survey: Survey, use: Use) -> None:
    place = f"{use.at.path}:{use.at.span.line}"
    if not use.sure:
        raise Refusal(f"at {place} it may be something else as well")
    if use.at.path not in survey.options.named or use.at.path not in survey.pages:
        raise Refusal(f"it is used at {place}, too, which is not among the files to fix")
    page = survey.pages[use.at.path]
    if use.touch in _WORDS and not (use.touch is Touch.LOCK and collapses(page, use)):
        raise Refusal(f"at {place} {_WORDS[use.touch]}")
    if use.touch in (Touch.AUGMENT, Touch.STORE) and not _is_one_step(page, use):
        raise Refusal(f"at {place} its value is read and changed in two steps that belong together")


def _is_one_step(page: Page, use: Use) -> bool:
    """Whether a change stands alone, or with the read that its Counter's answer takes the place of."""
    whole, one = company(page, use), ticket(page, use)
    return whole == frozenset({use.statement}) or (one is not None and whole == one.spans)


def _made_once(survey: Survey, family: frozenset[int]) -> None:
    seen = {
        number for use in survey.project.uses if use.touch is Touch.MADE for number in use.objects
    }
    if not family <= seen:
        raise Refusal("a Counter replaces only a Value that is made in sight")
    for use in survey.project.uses:
        if use.touch is Touch.MADE and family & set(use.objects):
            _maker(survey, use)


def _maker(survey: Survey, use: Use) -> Made:
    page = survey.pages[use.at.path]
    statements = (place.statement for place in page.places.values())
    call = next((call for call in calls(statements) if call.span == use.at.span), None)
    if call is None:
        raise Refusal("the call that makes it was not understood")
    return made(survey, page, call, survey.project.objects[use.objects[0]])


def _paths(survey: Survey, family: frozenset[int]) -> tuple[str, ...]:
    return tuple(sorted({use.at.path for use in survey.project.uses if family & set(use.objects)}))


def _uses(survey: Survey, path: str, family: frozenset[int]) -> tuple[Use, ...]:
    return tuple(use for use in survey.pages[path].uses if family & set(use.objects))


# The repair


def use_counter(survey: Survey, family: frozenset[int], findings: Sequence[Finding]) -> Repair:
    """Convert a family that `check_family` has passed."""
    edits, kind = _own_edits(survey, family), "the project's own counter"
    if not edits:
        pages = ((path, survey.pages[path]) for path in _paths(survey, family))
        uses = ((page, _uses(survey, path, family)) for path, page in pages)
        edits = [edit for page, own in uses for edit in _page_edits(survey, page, own)]
        kind = "a `Counter`"
    names = sorted({finding.symbol for finding in findings})
    message = f"Make {', '.join(f'`{name}`' for name in names)} {kind}"
    closes = tuple(finding.at for finding in findings)
    visible = exported(survey, family)
    message = "; ".join((message, *visible))
    kind = applicability(survey, visible)
    return Repair(Style.COUNTER, kind, message, tuple(edits), closes)


def _own_edits(survey: Survey, family: frozenset[int]) -> list[Edit]:
    """The edits with a class of the project's own that counts, if the objects are made beside it."""
    made = [use for use in survey.project.uses if _makes(use, family)]
    if len({use.at.path for use in made}) != 1:
        return []
    page = survey.pages[made[0].at.path]
    own = own_counter(page)
    if own is None:
        return []
    edits: list[Edit] = []
    try:
        for use in made:
            edits += _made_by(survey, page, use, own)
        for path in _paths(survey, family):
            edits += edits_of(survey.pages[path], _uses(survey, path, family), own)
    except Refusal:
        return []
    return edits


def _makes(use: Use, family: frozenset[int]) -> bool:
    return use.touch is Touch.MADE and bool(family & set(use.objects))


def _made_by(survey: Survey, page: Page, use: Use, own: OwnCounter) -> Iterator[Edit]:
    maker = _maker(survey, use)
    codes = {survey.project.objects[number].typecode for number in use.objects}
    named = any(one.keyword for one in maker.call.arguments)
    named = named or (len(maker.call.arguments) > 1 and not own.initial)
    if maker.context or named or codes != {own.typecode} or use.at.span.line < own.row:
        raise Refusal(f"`{own.name}` can't be made like that")
    yield from maker.edits(page, own.name)
    if maker.binding and imports.is_unused(survey, page, maker.binding, 1):
        gone = imports.dropped(page, maker.binding, None)
        yield from () if gone is None else (gone,)


def _page_edits(survey: Survey, page: Page, uses: tuple[Use, ...]) -> Iterable[Edit]:
    yield from edits_of(page, uses)
    makers = tuple(_maker(survey, use) for use in uses if use.touch is Touch.MADE)
    if not makers:
        return
    module = survey.options.counter_import
    name, present = imports.counter_name(page, module)
    for maker in makers:
        yield from maker.edits(page, name)
    yield from _imports(
        survey, page, makers, None if present else imports.import_line(module, name)
    )


def _imports(
    survey: Survey, page: Page, makers: tuple[Made, ...], line: str | None
) -> Iterator[Edit]:
    """Drop the names that only made what is now a Counter, and import the Counter."""
    converted = Counter(maker.binding for maker in makers if maker.binding and not maker.context)
    near: Import | None = None
    for binding, count in converted.items():
        near = near or binding.statement
        edit = (
            imports.dropped(page, binding, line)
            if imports.is_unused(survey, page, binding, count)
            else None
        )
        if edit is not None:
            yield edit
            line = None if edit.content else line
    if line is not None:
        yield imports.added(page, line, near or _context_import(page, makers))


def _context_import(page: Page, makers: tuple[Made, ...]) -> Import | None:
    roots = {dotted(maker.call.function).partition(".")[0] for maker in makers}
    found = (one.statement for one in imports.bindings(page) if one.name in roots)
    return next(found, None)
