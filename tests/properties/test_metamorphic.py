"""Changes of a program's text that silence it, bring a finding back, or change nothing but places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import all_cases, found_in, not_yet
from hypothesis import HealthCheck, given, settings
from properties.judging import reported
from properties.language import (
    LOCALS,
    MUTEX,
    OBJECTS,
    Call,
    Expression,
    For,
    Hold,
    If,
    Leave,
    Set,
    Store,
    While,
)
from properties.printing import Style, printed
from properties.programs import programs
from properties.rewriting import (
    changeable,
    commented,
    guarded,
    nests_functions,
    renamed,
    rows_of_functions,
)

_some = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
UPDATES = {"LV101", "LV102", "LV103", "LV104"}


def found(program, style=None):
    """Codes by statement, of what is found in a program."""
    text = printed(program, style or Style())
    statements = {place: statement for statement, place in text.places.items()}
    return {(statements[path, row], code) for path, row, code in reported(text.texts)}


def updates(marks):
    return {(place, code) for place, code in marks if code in UPDATES}


# Locks


def without_mutex(block):
    """The same statements, the mutex never taken."""
    return tuple(part for statement in block for part in _freed(statement))


def _freed(statement):
    match statement:
        case Hold(lock=lock, body=body) if lock == MUTEX:
            return without_mutex(body)
        case Hold() | For() | While() | Call():
            return (replace(statement, body=without_mutex(statement.body)),)
        case If():
            body, orelse = without_mutex(statement.body), without_mutex(statement.orelse)
            return (replace(statement, body=body, orelse=orelse),)
    return (statement,)


def each(program, change):
    """Both bodies changed; the same one stays the same one."""
    changed = {body: change(body) for body in program.bodies}
    return replace(program, bodies=tuple(changed[body] for body in program.bodies))


@_some
@given(programs())
def test_one_shared_lock_around_everything_silences_it(program):
    wrapped = each(program, lambda body: (Hold(MUTEX, without_mutex(body)),))
    assert updates(found(wrapped)) == set()


@_some
@given(programs())
def test_the_same_lock_in_two_blocks_does_not(program):
    """The load in the first half and the store in the second make a split update of what was safe."""
    split = each(program, in_halves)
    whole = each(split, lambda body: (Hold(MUTEX, without_mutex(body)),))
    stores = {body[-1].body[-1] for body in split.bodies}
    assert updates(found(whole)) == set()
    assert {(store, "LV103") for store in stores} <= found(split)


def in_halves(body):
    """A load and what the body does under the lock; then, under it again, a store of what was loaded."""
    load = Set("x", Expression(("hits",)))
    store = Store("hits", Expression(("x",)), augmented=False)
    kept = tuple(part for part in without_mutex(body) if not _leaves(part))
    between = Call(kept, None, None)  # it has locals of its own
    return Hold(MUTEX, (load, between)), Hold(MUTEX, (store,))


def _leaves(statement):
    """Whether a statement may end more than itself."""
    return any(isinstance(part, Leave) for part in _parts(statement))


def _parts(statement):
    yield statement
    for block in ("body", "orelse"):
        for inner in getattr(statement, block, ()):
            yield from _parts(inner)


# Places alone

_NAMES = dict(
    zip((*OBJECTS, *LOCALS), ("total", "ready", "guard", "gate", "old", "new"), strict=True)
)
STYLES = {
    "other names": Style(names=_NAMES),
    "comments": Style(comments=True),
    "methods": Style(methods=True),
    "functions in another module": Style(modules=True),
    "methods in another module": Style(methods=True, modules=True),
}


@pytest.mark.parametrize("name", STYLES)
def test_nothing_changes_with(name):
    @_some
    @given(programs())
    def same(program):
        assert found(program, STYLES[name]) == found(program)

    same()


@_some
@given(programs())
def test_nothing_changes_if_all_is_done_in_a_called_function(program):
    assert found(each(program, lambda body: (Call(body, None, None),))) == found(program)


# The cases

CASES = [case for case in all_cases() if all(changeable(source.text) for source in case.sources)]
RIGHT = [case for case in CASES if case.name not in not_yet()]


ALONE = [case for case in RIGHT if len(case.sources) == 1]
FLAT = [case for case in ALONE if not nests_functions(case.sources[0].text)]


def test_most_cases_can_be_changed():
    assert len(CASES) > 150
    assert len(FLAT) > 120


@pytest.mark.parametrize("case", ALONE, ids=str)
def test_other_names_change_nothing_in(case):
    assert found_in(case.with_texts(renamed)) == case.expected


@pytest.mark.parametrize("case", RIGHT, ids=str)
def test_comments_change_nothing_but_rows_in(case):
    variant = case.with_texts(commented)
    assert found_in(variant) == variant.expected


@pytest.mark.parametrize("case", FLAT, ids=str)
def test_one_shared_lock_in_all_functions_silences(case):
    variant = case.with_texts(guarded)
    inside = rows_of_functions(variant.sources[0].text)
    assert {
        mark for mark in found_in(variant) if mark.code in UPDATES and mark.row in inside
    } == set()
