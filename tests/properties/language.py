"""Small programs for two processes: what they are made of.

A statement is known by its identity: two that look alike are two places in the text.
"""

from __future__ import annotations

from dataclasses import dataclass

CELLS = ("hits", "done")  # shared integers, each with a reentrant lock of its own
MUTEX = "lock"  # a Lock
CONDITION = "turn"  # a Condition; like the cells' locks, it can be taken again by who has it
OBJECTS = (*CELLS, MUTEX, CONDITION)
LOCALS = ("x", "y")
CHANCE = "chance"  # a number of which nothing is known


@dataclass(frozen=True)
class Expression:
    """Something computed from cells, locals and chance, in this order."""

    atoms: tuple[str, ...]
    shape: int = 0  # in which of several ways it is written


@dataclass(frozen=True, eq=False)
class Set:
    local: str
    value: Expression


@dataclass(frozen=True, eq=False)
class Store:
    cell: str
    value: Expression
    augmented: bool  # cell += value


@dataclass(frozen=True, eq=False)
class If:
    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


@dataclass(frozen=True, eq=False)
class While:
    test: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, eq=False)
class For:
    body: tuple[Statement, ...]


@dataclass(frozen=True, eq=False)
class Hold:
    """A critical section of a lock: the mutex, the condition, or a cell's own, by the cell's name."""

    lock: str
    body: tuple[Statement, ...]
    shape: int = 0


@dataclass(frozen=True, eq=False)
class Wait:
    """`turn.wait()`, under the condition."""


@dataclass(frozen=True, eq=False)
class Leave:
    """`break`, `continue`, `raise`, or `return` with what the function is to return, if anything."""

    kind: str
    value: Expression | None = None


@dataclass(frozen=True, eq=False)
class Call:
    """A call of a function of its own, which gets all objects and locals and returns `result`."""

    body: tuple[Statement, ...]
    result: Expression | None
    target: str | None  # the local that keeps the result


Statement = Set | Store | If | While | For | Hold | Wait | Leave | Call


@dataclass(frozen=True, eq=False)
class Program:
    """What the two processes run; the same body twice is one function with two processes."""

    bodies: tuple[tuple[Statement, ...], tuple[Statement, ...]]
    shape: int = 0


def falls_through(block: tuple[Statement, ...]) -> bool:
    """Whether the end of a block may be reached."""
    return all(_goes_on(statement) for statement in block)


def _goes_on(statement: Statement) -> bool:
    match statement:
        case Leave():
            return False
        case If():
            return falls_through(statement.body) or falls_through(statement.orelse)
        case Hold():
            return falls_through(statement.body)
    return True
