"""What the statements of one file do, read into its sketch."""

from __future__ import annotations

import _ast as a
from typing import TYPE_CHECKING

from lintvalue.triage.asked import leaves, relied, shown
from lintvalue.triage.bindings import Bindings
from lintvalue.triage.definitions import walk
from lintvalue.triage.instead import librarys, tried
from lintvalue.triage.reader import outlasting, over, tested
from lintvalue.triage.scope import Scope
from lintvalue.triage.sections import gives_back, releases
from lintvalue.triage.sketch import Sketch
from lintvalue.triage.slots import (
    AS_IT_IS,
    OUT_OF,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lintvalue.triage.definitions import Own


def sketch(
    body: Sequence[a.stmt],
    name: str,
    numbers: Iterator[int],
    own: Own,
    left: Iterable[str] = (),
    *,
    trusting: bool = True,
) -> Sketch:
    """All of a file but for definitions of the names that are `left`.

    `name` stands for what runs as it is imported. `own` tells which file of the project is meant by the name
    of a module, with its leading dots. `trusting`: what tests show is believed.
    """
    scope = Scope(next(numbers), name)
    made = Sketch(scope.number)
    reader = Statements(made, scope, numbers, own)
    reader.trusting = trusting
    made.left.extend(map(scope.define, left))
    reader.block(body)
    made.flows.extend(scope.flows())
    made.doubt |= scope.binds_left()
    made.everywhere.extend(((scope.number, one),) for one in scope.assigned)
    made.deceived |= scope.renames()
    reader.let_go()
    return made


class Statements(Bindings):
    """Reads all statements."""

    def __init__(self, made: Sketch, scope: Scope, numbers: Iterator[int], own: Own) -> None:
        super().__init__(made, scope, numbers, own)
        self._doers: dict[type, Callable[..., None]] = {
            a.Assign: self.assign,
            a.AugAssign: self.aug_assign,
            a.AnnAssign: self.ann_assign,
            a.For: self._for,
            a.AsyncFor: self._for,
            a.While: self._while,
            a.If: self._branch,
            a.Assert: self._assert,
            a.Raise: self._raise,
            a.With: self.with_,
            a.AsyncWith: self.with_,
            a.FunctionDef: self.function,
            a.AsyncFunctionDef: self.function,
            a.ClassDef: self.class_,
            a.Return: self._return,
            a.Expr: self._expression,
            a.Delete: self._delete,
            a.Try: self._try,
            a.Import: self._import,
            a.ImportFrom: self._import,
            a.Global: self.global_,
            a.Nonlocal: self.nonlocal_,
            a.Match: self._match,
        }

    def block(self, statements: Sequence[a.stmt]) -> None:
        previous: a.stmt | None = None
        self.depth += 1
        for node in statements:
            if previous is not None and releases(node, previous):
                self.sketch.leaky.pop()
            since = len(self.sketch.reads)
            self._doers.get(type(node), self._other)(node)
            if type(node) is a.Try and node.finalbody and previous is not None:
                self.ends(previous, node.finalbody)
            if self.guards and self.outlasts(node):
                self.since(since, outlasting)
            previous = node
        self.depth -= 1

    def _expression(self, node: a.Expr) -> None:
        self.read(node.value)

    def _other(self, node: a.AST) -> None:
        """A statement of no special meaning: its expressions and blocks."""
        for value in node.__dict__.values():
            if type(value) is list and value and isinstance(value[0], a.stmt):
                self.block_apart(value)
            else:
                for one in value if type(value) is list else (value,):
                    if isinstance(one, a.expr):
                        self.read(one)
                    elif isinstance(one, a.AST):
                        self._other(one)

    def _for(self, node: a.For | a.AsyncFor) -> None:
        self.bind(node.target, self.each(node.iter))
        start = next(self.numbers)
        self.loops += 1
        self.block_apart(node.body)
        self.loops -= 1
        self.turns(start)
        self.block_apart(node.orelse)

    def _while(self, node: a.While) -> None:
        self.sketch.returning.add(self.scope.function)
        start = next(self.numbers)
        self.loops += 1
        self.plain.forget()
        self._branch(node)
        self.plain.forget()
        self.loops -= 1
        self.turns(start)

    def _branch(self, node: a.If | a.While) -> None:
        """What all of a test that came out one way has read decides what it leads to."""
        since, named = len(self.sketch.reads), self.named
        self.operand(node.test)
        if node.body and gives_back(node.test, node.body[0]):
            self.sketch.leaky.pop()
        alone = named == self.named
        if alone:
            self.since(since, tested)
        looked = {(x.name, x.cell, x.section) for x in self.sketch.reads[since:] if x.section}
        if alone and _only_leaves(node):
            self._leave(node.body[0], since)
        self._ways(node, looked)

    def _ways(self, node: a.If | a.While, looked: set[tuple[str, str, int]]) -> None:
        """The blocks of a test; what is decided, held and known in one is not so in the other."""
        plain = self.plain.names
        ends: list[frozenset[str]] = []
        for block, unsure in ((node.body, a.Or), (node.orelse, a.And)):
            before, held, self.plain.names = self.decided, len(self.held), plain
            if not _is(node.test, unsure):
                self.decided = before | looked
            self._learn(node.test, outcome=unsure is a.Or)
            self.block(block)
            self.decided = before
            if block and isinstance(block[-1], (a.Return, a.Raise)):
                del self.held[held:]  # what is taken there is not held behind it
            if not leaves(block):
                ends.append(self.plain.names)
        self.plain.join(ends)

    def _learn(self, test: a.expr, *, outcome: bool) -> None:
        """What a test shows where it comes out like that."""
        names = shown(test, outcome=outcome)
        believed = self.trusting and self.class_scope is None and not self.scope.module().star
        if names and believed:
            self.plain.learn(names)
            self.scope.rely(relied(test))

    def _leave(self, how: a.stmt, since: int) -> None:
        """Behind `if a and b: return`, b may never have been looked at, so that it decides nothing."""
        swallowed = any(who == self.scope.function for who, _ in self.sketch.entering)
        if isinstance(how, a.Return):
            self.since(since, over)
        elif isinstance(how, a.Continue) or not swallowed:
            del self.sketch.reads[since:]

    def _assert(self, node: a.Assert) -> None:
        self.sketch.returning.add(self.scope.function)
        self.operand(node.test)
        self.read(node.msg)
        self._learn(node.test, outcome=True)

    def _raise(self, node: a.Raise) -> None:
        self.sketch.returning.add(self.scope.function)
        self.read(node.exc)
        self.read(node.cause)

    def _try(self, node: a.Try) -> None:
        self.block_apart(node.body)
        name, by = tried(node.body, self.scope.module().library)
        for handler in node.handlers:
            self.read(handler.type)
            unmade = self.scope.unmade
            if self.trusting and name and name.partition(".")[0] != handler.name:
                self.scope.unmade = name
                self.scope.rely_in_functions(by)
            self.block_apart(handler.body)
            self.scope.unmade = unmade
        self.block_apart(node.orelse)
        self.block_apart(node.finalbody)

    def _import(self, node: a.Import | a.ImportFrom) -> None:
        if isinstance(node, a.Import):
            self.import_(node)
        else:
            self.import_from(node)
        if self.depth == 1 and self.class_scope is None:
            self.scope.library.update(librarys(node, self._own_file))

    def _match(self, node: a.Match) -> None:
        self.sketch.returning.add(self.scope.function)
        subject = self.operand(node.subject)
        slots = (self.move(subject, AS_IT_IS | OUT_OF),)
        for case in node.cases:
            for one in walk(case.pattern):
                name = getattr(one, "name", None) or getattr(one, "rest", None)
                if isinstance(name, str):
                    self.flow(slots, (self._store(name),))
                elif isinstance(one, a.expr):
                    self.read(one)
            self.read(case.guard)
            self.block_apart(case.body)

    def _return(self, node: a.Return) -> None:
        function = self.scope.function
        self.sketch.returning.add(function)
        self.flow(self.read(node.value), (result(function),))

    def _delete(self, node: a.Delete) -> None:
        self.plain.forget()
        for target in node.targets:
            match target:
                case a.Attribute(value=value) | a.Subscript(value=value):
                    self.read(value)


def _is(test: a.expr, operator: type[a.boolop]) -> bool:
    return isinstance(test, a.BoolOp) and isinstance(test.op, operator)


def _only_leaves(node: a.If | a.While) -> bool:
    """`if a and b: raise …`, or any other way out by which nothing more is done."""
    match node:
        case a.If(body=[a.Raise() | a.Continue()], orelse=[]):
            return _is(node.test, a.And)
        case a.If(body=[a.Return(value=None | a.Constant() | a.Name())], orelse=[]):
            return _is(node.test, a.And)
    return False
