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
_ATOMS = st.sampled_from((CELLS[0], CELLS[0], *LOCALS, CHANCE, CELLS[1]))
_SIMPLE = ("set", "set", "store", "store", "add")
_NESTED = ("hold", "hold", "hold", "hold", "hold", "hold", "if", "if", "while", "for", "call", "call")

expressions = st.builds(
    Expression, st.lists(_ATOMS, min_size=1, max_size=2, unique=True).map(tuple), _SHAPES
)


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
        return (*kinds, "wait") if CONDITION in self.held else kinds

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
            body.append(self.statement(place))
            if not falls_through(tuple(body)):
                break
        return tuple(body)

    def statement(self, place):
        kind = self.draw(st.sampled_from(place.kinds()))
        inner = replace(place, depth=place.depth + 1)
        match kind:
            case "set":
                return Set(self.draw(st.sampled_from(LOCALS)), self.draw(expressions))
            case "store" | "add":
                return Store(self.draw(_CELLS), self.draw(expressions), kind == "add")
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

    def hold(self, inner):
        free = [lock for lock in (*CELLS, MUTEX, CONDITION) if lock != MUTEX or MUTEX not in inner.held]
        lock = self.draw(st.sampled_from([CELLS[0], *free]))
        body = self.block(replace(inner, held=(*inner.held, lock)), 1)
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
