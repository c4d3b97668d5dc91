"""What is reported in small programs is what can be lost in them, statement by statement."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from properties.judging import reported
from properties.language import (
    Call,
    Expression,
    For,
    Hold,
    If,
    Leave,
    Program,
    Set,
    Store,
    Wait,
    While,
)
from properties.oracle import verdict
from properties.printing import Style, printed
from properties.programs import programs

HITS, DONE, X, CHANCE = (Expression((atom,)) for atom in ("hits", "done", "x", "chance"))


def add(cell="hits"):
    return Store(cell, CHANCE, augmented=True)


def load():
    return Set("x", HITS)


def store(value=X):
    return Store("hits", value, augmented=False)


def if_low(*body):
    return If(HITS, body, ())


def hold(*body, lock="lock"):
    return Hold(lock, body)


# What the oracle itself says, where it is known

LOST = {
    "an update": ([add()], ["LV101"]),
    "an update under a lock": ([hold(add())], []),
    "an update from its own value": ([store(HITS)], ["LV102"]),
    "a store": ([store(CHANCE)], []),
    "a copy": ([store(DONE)], []),
    "a split update": ([load(), store()], ["LV103"]),
    "a split update in one section": ([hold(load(), store())], []),
    "a split update in two sections": ([hold(load()), hold(store())], ["LV103"]),
    "a load in an outer section": ([hold(load(), hold(store(), lock="done"))], []),
    "a local that is overwritten": ([load(), Set("x", CHANCE), store()], []),
    "a wait between": ([hold(load(), Wait(), store(), lock="turn")], ["LV103"]),
    "a wait before": ([hold(Wait(), load(), store(), lock="turn")], []),
    "a check": ([if_low(store(CHANCE))], ["LV104"]),
    "a check of a locked update": ([if_low(hold(add()))], ["LV104"]),
    "a check under the lock": ([hold(if_low(add()))], []),
    "a check made twice": ([if_low(hold(if_low(add())))], []),
    "a check, and both ways meet": ([if_low(Set("y", CHANCE)), store(CHANCE)], []),
    "a check with an exit": ([if_low(Leave("return")), store(CHANCE)], ["LV104"]),
    "a check of another cell": ([If(DONE, (store(CHANCE),), ())], []),
    "a value compared again": (
        [load(), hold(If(Expression(("hits", "x")), (store(),), ()))],
        [],
    ),
    "a value not compared again": ([load(), hold(if_low(store()))], ["LV103"]),
    "a polling loop": ([While(HITS, (hold(add()),))], ["LV104"]),
    "a mutex made of a loop": ([While(HITS, ()), store(CHANCE)], ["LV104"]),
    "a local carried round a loop": ([For((hold(store(), load()),))], ["LV103"]),
    "a load in each turn": ([For((hold(load(), store()),))], []),
    "a load in a call": ([Call((), HITS, "x"), store()], ["LV103"]),
    "a store in a call": ([load(), Call((store(),), None, None)], ["LV103"]),
    "both in a call": ([Call((load(), store()), None, None)], ["LV103"]),
    "both in a call under a lock": ([hold(Call((load(), store()), None, None))], []),
    "a check in a call": ([Call((), HITS, "x"), If(X, (store(CHANCE),), ())], ["LV104"]),
    "a call that raises": ([Call((if_low(Leave("raise")),), None, None), store(CHANCE)], ["LV104"]),
}


@pytest.mark.parametrize("name", LOST)
def test_the_oracle_knows_what_is_lost_in(name):
    body, codes = LOST[name]
    told = verdict(Program((tuple(body), tuple(body))))
    assert sorted(min(several) for several in told.lost.values()) == codes
    assert told.inconsistent == set()


@pytest.mark.parametrize("name", LOST)
def test_nothing_is_lost_where_one_process_alone_writes(name):
    assert verdict(Program((tuple(LOST[name][0]), (load(),)))).lost == {}


def test_two_locks_that_exclude_nobody_are_inconsistent():
    told = verdict(Program(((hold(add()),), (hold(add(), lock="done"),))))
    assert (told.lost, told.inconsistent) == ({}, {"hits"})


def test_an_update_without_a_lock_is_itself_to_blame():
    locked, bare = hold(add()), add()
    told = verdict(Program(((locked,), (bare,))))
    assert (told.lost, told.inconsistent) == ({bare: {"LV101"}}, set())


# What is reported


def lost(program, text):
    """The most specific code for each row at which an update is lost."""
    return {
        (*text.places[statement], min(codes)) for statement, codes in verdict(program).lost.items()
    }


def agree(program):
    """Compare; where other updates hold another lock, LV203 stands for what else is lost there."""
    text = printed(program, Style(methods=program.shape % 2 == 1))
    found = reported(text.texts)
    wanted = lost(program, text)
    elsewhere = {(path, row) for path, row, code in found if code == "LV203"}
    updates = {mark for mark in found if mark[2] != "LV203"}
    missed = {mark for mark in wanted - updates if mark[:2] not in elsewhere}
    assert (updates - wanted, missed) == (set(), set()), text
    assert bool(elsewhere) == bool(verdict(program).inconsistent), text
    return {code for _, _, code in found}


def many(number):
    """That many programs, the same ones in each run."""
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("name", LOST)
def test_what_is_known_to_be_lost_is_reported_in(name):
    body = tuple(LOST[name][0])
    agree(Program((body, body)))


@many(200)
@given(programs())
def test_what_is_reported_is_what_can_be_lost(program):
    agree(program)


@pytest.mark.slow
def test_what_is_reported_is_what_can_be_lost_in_thousands_of_programs():
    seen = Counter()

    @many(5000)
    @given(programs())
    def run(program):
        seen.update(agree(program) or {"nothing"})

    run()
    assert sum(seen.values()) >= 5000
    for code in ("LV101", "LV102", "LV103", "LV104", "nothing"):
        assert seen[code] > 100, "too few of these to prove anything"
    assert seen["LV203"] > 10
