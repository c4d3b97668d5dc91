"""Small programs as flat instructions, calls written out, and which tests decide each of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

from properties.language import (
    CELLS,
    CONDITION,
    LOCALS,
    Call,
    Expression,
    For,
    Hold,
    If,
    Leave,
    Set,
    Statement,
    Store,
    Wait,
    While,
)


class Instruction(NamedTuple):
    """One step. What rests on loads is a local, a temporary or a test of one activation.

    begin        `sites` are the statements that are being executed, one for each activation
    rest         `name` rests on what `sources` rest on
    load, store  of cell `name`; what is loaded goes to `sources[0]`, what is stored comes from there
    acquire, release  of lock `name`
    fork         on, or to `to`, as the test `name` decides
    give         as rest, and on the tests of this activation that decided that we are here
    lift         what `name` rests on is now the caller's
    jump         to `to`
    """

    op: str
    name: object = None
    sources: tuple[object, ...] = ()
    sites: tuple[Statement, ...] = ()
    to: int = -1


Decision = tuple[object, bool]


@dataclass(frozen=True)
class Code:
    """`decisions[i]` are the tests, each with its side, that every way to instruction `i` takes."""

    instructions: tuple[Instruction, ...]
    decisions: tuple[frozenset[Decision], ...]
    callers: dict[int, int]  # of activations, by number


def is_test(name: object) -> bool:
    return isinstance(name, tuple) and name[1].startswith("test")


def compiled(body: tuple[Statement, ...]) -> Code:
    compiler = _Compiler()
    compiler.function(_Scope(end=compiler.end), body)
    code = compiler.finished()
    return Code(code, _decisions(code), compiler.callers)


@dataclass
class _Label:
    at: int = -1


@dataclass(frozen=True)
class _Loop:
    breaks: _Label
    again: _Label
    holds: int


@dataclass(frozen=True)
class _Scope:
    """Where a statement stands: the activation, its callers' statements, the loop, the locks held."""

    end: _Label
    number: int = 0  # of the activation
    callers: tuple[Statement, ...] = ()
    loop: _Loop | None = None
    holds: tuple[str, ...] = ()
    entered: int = 0  # locks that the caller holds

    def own(self, name: str) -> tuple[int, str]:
        return self.number, name


@dataclass
class _Compiler:
    steps: list[tuple[Instruction, _Label | None]] = field(default_factory=list)
    end: _Label = field(default_factory=_Label)
    numbers: count = field(default_factory=lambda: count(1))
    callers: dict[int, int] = field(default_factory=dict)

    def emit(self, op, name=None, sources=(), sites=(), to=None):
        self.steps.append((Instruction(op, name, tuple(sources), sites), to))

    def place(self, label):
        label.at = len(self.steps)

    def finished(self):
        self.place(self.end)
        self.emit("end")
        return tuple(step._replace(to=to.at) if to else step for step, to in self.steps)

    def function(self, scope, body):
        self.block(scope, body)
        if scope.end is not self.end:
            self.place(scope.end)

    def block(self, scope, body):
        for statement in body:
            self.statement(scope, statement)

    def statement(self, scope, statement):
        sites = (*scope.callers, statement)
        self.emit("begin", sites=sites)
        match statement:
            case Set():
                result = self.evaluate(scope, statement.value, sites)
                self.emit("rest", scope.own(statement.local), [result])
            case Store():
                self.store(scope, statement, sites)
            case If():
                self.branch(scope, statement, sites)
            case While() | For():
                self.loop(scope, statement, sites)
            case Hold():
                self.emit("acquire", statement.lock)
                inner = replace(scope, holds=(*scope.holds, statement.lock))
                self.block(inner, statement.body)
                self.emit("release", statement.lock)
            case Wait():
                times = scope.holds.count(CONDITION)
                for op in ["release"] * times + ["acquire"] * times:
                    self.emit(op, CONDITION)
            case Leave():
                self.leave(scope, statement, sites)
            case Call():
                self.call(scope, statement, sites)

    def evaluate(self, scope, value: Expression, sites, name="value"):
        """The temporary that the value of an expression rests on."""
        result = scope.own(name)
        self.emit("rest", result, [scope.own(atom) for atom in value.atoms if atom in LOCALS])
        for cell in (atom for atom in value.atoms if atom in CELLS):
            self.emit("load", cell, [result], sites)
        return result

    def store(self, scope, statement, sites):
        value = statement.value
        if statement.augmented:
            value = Expression((statement.cell, *value.atoms))
        result = self.evaluate(scope, value, sites)
        self.emit("store", statement.cell, [result], sites)

    def test(self, scope, statement, sites, otherwise):
        name = self.evaluate(scope, statement.test, sites, name=f"test {next(self.numbers)}")
        self.emit("fork", name, to=otherwise)

    def branch(self, scope, statement, sites):
        otherwise, end = _Label(), _Label()
        self.test(scope, statement, sites, otherwise)
        self.block(scope, statement.body)
        self.emit("jump", to=end)
        self.place(otherwise)
        self.block(scope, statement.orelse)
        self.place(end)

    def loop(self, scope, statement, sites):
        again, end = _Label(), _Label()
        self.place(again)
        if isinstance(statement, While):
            self.emit("begin", sites=sites)
            self.test(scope, statement, sites, end)
        else:
            self.emit("fork", to=end)
        inner = replace(scope, loop=_Loop(end, again, len(scope.holds)))
        self.block(inner, statement.body)
        self.emit("jump", to=again)
        self.place(end)

    def leave(self, scope, statement, sites):
        if statement.value is not None:
            result = self.evaluate(scope, statement.value, sites)
            self.emit("give", scope.own("result"), [result])
        kept, to = self.way_out(scope, statement.kind)
        for lock in reversed(scope.holds[kept:]):
            self.emit("release", lock)
        self.emit("jump", to=to)

    def way_out(self, scope, kind):
        """How many locks stay held, and where it goes on."""
        if kind == "raise":
            return 0, self.end
        if kind == "return":
            return scope.entered, scope.end
        to = scope.loop.breaks if kind == "break" else scope.loop.again
        return scope.loop.holds, to

    def call(self, scope, statement, sites):
        inner = _Scope(
            end=_Label(),
            number=next(self.numbers),
            callers=sites,
            holds=scope.holds,
            entered=len(scope.holds),
        )
        self.callers[inner.number] = scope.number
        for name in LOCALS:
            self.emit("rest", inner.own(name), [scope.own(name)])
        body = statement.body
        if statement.result is not None:
            body = (*body, Leave("return", statement.result))
        self.function(inner, body)
        for name in (*LOCALS, "value"):
            self.emit("rest", inner.own(name))
        if statement.target:
            self.emit("lift", inner.own("result"), sites=sites)
            self.emit("rest", scope.own(statement.target), [inner.own("result")])
        self.emit("rest", inner.own("result"))


def _decisions(code: tuple[Instruction, ...]) -> tuple[frozenset[Decision], ...]:
    """For each instruction, the sides of tests that all ways to it take."""
    known: list[frozenset[Decision] | None] = [None] * len(code)
    waiting: list[tuple[int, frozenset[Decision]]] = [(0, frozenset())]
    while waiting:
        at, arriving = waiting.pop()
        before = known[at]
        here = arriving if before is None else before & arriving
        if here != before:
            known[at] = here
            waiting.extend(_onwards(at, code[at], here))
    return tuple(here or frozenset() for here in known)


def _onwards(at, step, here):
    if step.op == "end":
        return
    if step.op == "fork":
        others = frozenset(decision for decision in here if decision[0] != step.name)
        yield at + 1, others | {(step.name, True)}
        yield step.to, others | {(step.name, False)}
    else:
        yield (step.to if step.op == "jump" else at + 1), here
