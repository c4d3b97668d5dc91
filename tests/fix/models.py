"""Projects made by hand: the uses and updates of named shared objects in small texts."""

from __future__ import annotations

from dataclasses import replace

from lintvalue.extract import extract
from lintvalue.fix import FixOptions, apply, plan
from lintvalue.fix.expressions import calls, deep, of_statement, walk
from lintvalue.fix.places import places
from lintvalue.model.expressions import Attribute
from lintvalue.model.finding import Finding, Severity
from lintvalue.model.project import (
    Form,
    Kind,
    Lock,
    LockKind,
    Project,
    SharedObject,
    Touch,
    Update,
    Use,
)
from lintvalue.model.source import Source
from lintvalue.model.span import Location, Span
from lintvalue.model.statements import Assign, Augment, For

PATH = "app.py"
NOWHERE = Location("elsewhere.py", Span(1, 0, 1, 5))
OWN_LOCK = Lock(0, LockKind.OWN, NOWHERE, shared=True, reentrant=True, owner=0)
VALUE = SharedObject(0, Kind.VALUE, "v", NOWHERE, lock=0, typecode="i")


def project_of(text, names=("v",), shared=VALUE, locks=(OWN_LOCK,)):
    """Each of `names` is a shared object (as its text, `self.hits`) of the kind of `shared`."""
    facts = extract(Source(PATH, text))
    assert facts.problem is None
    objects = [replace(shared, id=number, name=name) for number, name in enumerate(names)]
    uses, updates = [], []
    for span, place in places(facts.body).items():
        for expression in of_statement(place.statement):
            for part in deep(expression):
                use = _use(text, part, place.statement, names)
                uses += [use] if use else []
        updates += [
            _update(use, span, uses)
            for use in uses
            if use.statement == span and _changes(use, uses)
        ]
    for call in calls(place.statement for place in places(facts.body).values()):
        if _cut(text, call.function.span).endswith("Value"):
            number = sum(use.touch is Touch.MADE for use in uses)
            at = Location(PATH, call.span)
            objects[number] = replace(objects[number], made=at, maker=call.function.span)
            uses.append(Use(Touch.MADE, at, call.span, call.span, (number,), sure=True))
    return facts, Project(tuple(objects), locks, tuple(updates), tuple(uses))


def _use(text, part, statement, names):
    if not (isinstance(part, Attribute) and part.name == "value"):
        return None
    base = _cut(text, part.value.span)
    if base not in names:
        return None
    touch = Touch.READ
    if isinstance(statement, Augment) and statement.target == part:
        touch = Touch.AUGMENT
    elif any(part in walk(target) for target in _targets(statement)):
        touch = Touch.STORE
    at = Location(PATH, part.span)
    return Use(touch, at, part.value.span, statement.span, (names.index(base),), sure=True)


def _targets(statement):
    match statement:
        case Assign(targets=targets):
            return targets
        case For(target=target):
            return (target,)
        case _:
            return ()


def _changes(use, uses):
    if use.touch is Touch.AUGMENT:
        return True
    return use.touch is Touch.STORE and any(_is_own_read(one, use) for one in uses)


def _update(use, span, uses):
    augmented = use.touch is Touch.AUGMENT
    form = Form.AUGMENTED if augmented else Form.SINGLE
    read = use.at if augmented else next(one.at for one in uses if _is_own_read(one, use))
    return Update(use.objects, form, Location(PATH, span), read, "v", "", (), (), None, use.base)


def _is_own_read(one, use):
    same = one.statement == use.statement and one.objects == use.objects
    return same and one.touch is Touch.READ


def _cut(text, span):
    rows = text.split("\n")[span.line - 1 : span.end_line]
    rows[-1] = rows[-1][: span.end_column]
    rows[0] = rows[0][span.column :]
    return "\n".join(rows)


def findings_of(project):
    codes = {
        Form.AUGMENTED: "LV101",
        Form.SINGLE: "LV102",
        Form.SPLIT: "LV103",
        Form.DECIDED: "LV104",
    }
    return tuple(
        Finding(
            codes[update.form],
            "",
            Severity.ERROR,
            update.at,
            "",
            update.symbol,
            "",
            update.objects,
            None,
            None,
        )
        for update in project.updates
    )


def planned(text, style=None, *, change=lambda project: project, **options):
    facts, project = project_of(text, **options)
    project = change(project)
    wanted = FixOptions(style, "lintvalue.runtime", unsafe=False, named=frozenset({PATH}))
    return plan(project, findings_of(project), {PATH: facts}, {PATH: Source(PATH, text)}, wanted)


def fixed(text, style=None, **options):
    """The text with the first repair that is planned, then the next, as long as there is one."""
    found = planned(text, style, **options)
    while found.repairs:
        text = apply(text, found.repairs[0].edits)
        before, found = found, planned(text, style, **options)
        if len(found.repairs) >= len(before.repairs):
            break
    return text
