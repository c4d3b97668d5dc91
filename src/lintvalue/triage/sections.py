"""Critical sections, and where the locks go that are taken for them."""

from __future__ import annotations

import _ast as a
from typing import TYPE_CHECKING

from lintvalue.triage.definitions import Definitions
from lintvalue.triage.reader import Guard, spelled
from lintvalue.triage.slots import AS_IT_IS, NONE, OUT_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.triage.definitions import Own
    from lintvalue.triage.scope import Scope
    from lintvalue.triage.sketch import Sketch
    from lintvalue.triage.slots import Slots

# Statements that bind no name to what they read themselves.
_FLEETING = frozenset(
    {a.If, a.While, a.With, a.AsyncWith, a.Try, a.Return, a.Raise, a.Assert, a.Pass}
)


class Sections(Definitions):
    """Reads what opens critical sections, and tells what outlasts them."""

    def __init__(self, made: Sketch, scope: Scope, numbers: Iterator[int], own: Own) -> None:
        super().__init__(made, scope, numbers, own)
        self.depth = 0  # how many blocks are around
        self.loops = 0
        self.trusting = True

    def block_apart(self, statements: Sequence[a.stmt]) -> None:
        """Read a block before or after which other code runs, or the block itself once more."""
        self.plain.forget()
        self.block(statements)
        self.plain.forget()

    def with_(self, node: a.With | a.AsyncWith) -> None:
        guards, held = len(self.guards), len(self.held)
        for item in node.items:
            given = self._given(item)
            slots = self._enter(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, (self.move(slots, AS_IT_IS | OUT_OF), *given))
        self.block_apart(node.body)
        del self.guards[guards:]
        del self.held[held:]

    def _given(self, item: a.withitem) -> Slots:
        """What an object of the project's own gives as it is entered."""
        if item.optional_vars is None:
            return NONE
        method = a.Attribute(value=item.context_expr, attr="__enter__", ctx=a.Load())
        return self.read(a.Call(func=method, args=[], keywords=[]))

    def _enter(self, node: a.expr) -> Slots:
        slots = self.read(node)
        match node:
            case a.Call(func=a.Attribute(value=value, attr="get_lock"), args=[]):
                self._guard(value)
                return slots
            case a.Name() | a.Attribute():
                self._guard(node)
        self.sketch.asked.append(slots)
        self.sketch.entering.append((self.scope.function, slots))
        self.take(slots)
        return slots

    def _guard(self, node: a.expr) -> None:
        name = spelled(node)
        if name:
            depth = self.depth + 1 if self.loops else 0
            self.guards.append(Guard(name, next(self.numbers), depth))

    def outlasts(self, node: a.stmt) -> bool:
        """Whether what is read in a critical section may be used in that of the next turn of a loop."""
        guard = self.guards[-1]
        match node:
            case _ if not guard.depth or type(node) in _FLEETING:
                return False
            case a.Assign(targets=targets):
                stored = all(isinstance(one, (a.Attribute, a.Subscript)) for one in targets)
                anew = not guard.written and guard.depth == self.depth
                return not stored and not anew
            case a.AugAssign(target=target):
                return isinstance(target, a.Name)
            case a.Expr(value=a.Call(func=a.Name())):
                return False
        return True

    def ends(self, previous: a.stmt, final: Sequence[a.stmt]) -> None:
        """What is called before a `try`, and in its `finally`: `take()`, `free()`."""
        match previous:
            case a.Expr(value=a.Call(func=a.Name()) as call):
                called = [
                    one.value.func
                    for one in final
                    if isinstance(one, a.Expr) and isinstance(one.value, a.Call)
                ]
                self.sketch.finals.update(
                    (slot, list(map(self.read, called))) for slot in self.read(call)[:1]
                )


def releases(node: a.stmt, previous: a.stmt) -> bool:
    """Whether a statement is `try`, and surely releases what the one before it acquired."""
    match previous, node:
        case a.Expr(value=a.Call(func=a.Attribute(value=taken, attr="acquire"))), a.Try():
            return bool(spelled(taken)) and any(
                _is_release(one, spelled(taken)) for one in node.finalbody
            )
    return False


def gives_back(test: a.expr, first: a.stmt) -> bool:
    """`if lock.acquire(False): lock.release(); …`."""
    match test:
        case a.Call(func=a.Attribute(value=taken, attr="acquire")):
            return bool(spelled(taken)) and _is_release(first, spelled(taken))
    return False


def _is_release(node: a.stmt, name: str) -> bool:
    match node:
        case a.Expr(value=a.Call(func=a.Attribute(value=value, attr="release"))):
            return spelled(value) == name
    return False
