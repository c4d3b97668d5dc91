"""Draws small programs with Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from properties.language import (
    CELLS,
    CHANCE,
    CONDITION,
    LOCALS,
    MUTEX,
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
    falls_through,
)

_MOST_STATEMENTS = 9
_SHAPES = st.integers(0, 3)
_CELLS = st.sampled_from((CELLS[0], CELLS[0], CELLS[0], CELLS[1]))
_LOCALS = st.sampled_from((LOCALS[0], LOCALS[0], LOCALS[1]))
_ATOMS = st.sampled_from((CELLS[0], CELLS[0], CELLS[0], *LOCALS, CHANCE, CELLS[1]))
_STORED = st.sampled_from((LOCALS[0], LOCALS[0], LOCALS[1], CHANCE, *CELLS))
_SIMPLE = ("set", "set", "set", "store", "store", "store", "add")
_NESTED = ("hold",) * 5 + ("update", "update", "if", "if", "while", "for", "call", "call")


def _of(atoms):
    several = st.lists(atoms, min_size=1, max_size=2, unique=True).map(tuple)
    return st.builds(Expression, several, _SHAPES)


expressions, stored = _of(_ATOMS), _of(_STORED)


@dataclass(frozen=True)
class _Place:
    """Where a statement is drawn: how deep, under which locks, and what may be left there."""

    depth: int = 0
    calls: int = 0
    held: tuple[str, ...] = ()
    looping: bool = False
    returns: bool = False  # a value

    def kinds(self) -> tuple[str, ...]:
        nested = _NESTED if self.depth < 3 else ()
        kinds = _SIMPLE + tuple(kind for kind in nested if kind != "call" or self.calls < 2)
        # Who waits and holds another lock waits for ever.
        return (*kinds, "wait") if set(self.held) == {CONDITION} else kinds

    def ways_out(self) -> tuple[str, ...]:
        loop = ("break", "continue") if self.looping else ()
        return ("", "", "", "", "return", *loop, "raise")


class _Drawing:
    def __init__(self, draw):
        self.draw = draw
        self.left = draw(st.integers(3, _MOST_STATEMENTS))

    def block(self, place: _Place, least: int = 0):
        body = []
        for _ in range(self.draw(st.integers(least, 3))):
            if self.left <= 0:
                break
            self.left -= 1
            body += self.statements(place)
            if not falls_through(tuple(body)):
                break
        return tuple(body)

    def statements(self, place):
        kind = self.draw(st.sampled_from(place.kinds()))
        return self.update(place) if kind == "update" else [self.statement(place, kind)]

    def update(self, place):
        """A load into a local and a store of it, each under a lock or not, with something between."""
        cell, local = self.draw(_CELLS), self.draw(_LOCALS)
        load = Set(local, Expression((cell,), self.draw(_SHAPES)))
        store = Store(cell, Expression((local,), self.draw(_SHAPES)), augmented=False)
        between = self.block(replace(place, depth=place.depth + 1))
        last = [self.perhaps_held(place, store)] if falls_through(between) else []
        return [self.perhaps_held(place, load), *between, *last]

    def perhaps_held(self, place, statement):
        return self.hold(place, (statement,)) if self.draw(st.booleans()) else statement

    def statement(self, place, kind):
        inner = replace(place, depth=place.depth + 1)
        match kind:
            case "set":
                return Set(self.draw(_LOCALS), self.draw(expressions))
            case "store" | "add":
                return Store(self.draw(_CELLS), self.draw(stored), kind == "add")
            case "if":
                body = self.block(inner, 1) + self.way_out(place)
                return If(self.draw(expressions), body, self.block(inner))
            case "while":
                looping = replace(inner, looping=True)
                return While(self.draw(expressions), self.block(looping))
            case "for":
                return For(self.block(replace(inner, looping=True), 1))
            case "hold":
                return self.hold(inner)
            case "wait":
                return Wait()
        return self.call(inner)

    def way_out(self, place):
        kind = self.draw(st.sampled_from(place.ways_out()))
        if not kind:
            return ()
        value = self.draw(expressions) if kind == "return" and place.returns else None
        return (Leave(kind, value),)

    def hold(self, inner, body=None):
        free = [
            lock for lock in (*CELLS, MUTEX, CONDITION) if lock != MUTEX or MUTEX not in inner.held
        ]
        lock = self.draw(st.sampled_from([CELLS[0], *free]))
        body = body or self.block(replace(inner, held=(*inner.held, lock)), 1)
        return Hold(lock, body, self.draw(_SHAPES))

    def call(self, inner):
        target = self.draw(st.sampled_from((None, *LOCALS)))
        place = replace(inner, calls=inner.calls + 1, looping=False, returns=bool(target))
        result = self.draw(expressions) if target else None
        return Call(self.block(place, 1), result, target)


@st.composite
def programs(draw):
    """Programs of which both processes run the same, or each its own."""
    body = _Drawing(draw).block(_Place(), 1)
    other = body if draw(st.integers(0, 2)) else _Drawing(draw).block(_Place(), 1)
    return Program((body, other), draw(_SHAPES))
