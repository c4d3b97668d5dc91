"""Locks that are acquired by a call: whether every way out of the activation releases them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.lean import replace
from lintvalue.model.span import Location
from lintvalue.resolve.conditions import implied, truth
from lintvalue.resolve.makers import walk
from lintvalue.resolve.spelling import spell
from lintvalue.resolve.state import Taken
from lintvalue.resolve.values import Attempt, Function, Lock, Method, Partial, Unknown, bare, one
from lintvalue.resolve.world import Leak

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lintvalue.model.span import Span
    from lintvalue.model.statements import Function as FunctionNode
    from lintvalue.resolve.arguments import Arguments
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Fact, Frame, Freed, State
    from lintvalue.resolve.values import Value

RELEASES = frozenset({"release", "__exit__"})
_PROTOCOL = frozenset({"__enter__", "__aenter__"})


class Releases:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    # Acquiring

    def acquired(self, frame: Frame, node: e.Call, locks: Iterable[Lock | Unknown]) -> None:
        """`lock.acquire()`: from here on, the activation has it."""
        if frame.state is not None:
            for lock in self._judged(locks):
                self._add(frame.state, self._taken(frame, node, lock))

    def attempted(
        self, frame: Frame, node: e.Call, locks: Iterable[Lock | Unknown], arguments: Arguments
    ) -> None:
        """`lock.acquire(timeout=1)`: the activation has it if the answer says so."""
        waits = any(name == "timeout" for name, _ in arguments.keywords)
        if frame.state is not None:
            for lock in self._judged(locks):
                taken = self._taken(frame, node, lock)
                self._add(frame.state, replace(taken, sure=False, waits=waits))

    def answered(
        self, attempt: Attempt, test: e.Expression, states: tuple[State, State], wanted: int
    ) -> None:
        """A test of an attempt's answer: it has the lock in one of the two branches.

        Of `got and more` only the one, of `got or more` only the other branch tells.
        """
        operator = test.operator if isinstance(test, e.Choice) else ""
        for index, state in enumerate(states):
            for taken in [taken for taken in state.taken if _made_by(attempt, taken)]:
                if index == wanted and operator != "or" and not taken.borrowed:
                    self._add(state, replace(taken, sure=True, sometimes=False))
                elif index != wanted and operator != "and" and not taken.borrowed:
                    self._add(state, replace(taken, sure=False, sometimes=False))

    def _judged(self, locks: Iterable[Lock | Unknown]) -> Iterator[Lock]:
        """Locks between processes that one alone can have; others are none of ours."""
        for lock in locks:
            if isinstance(lock, Lock):
                info = self.run.world.locks.get(lock.site)
                if info is None or (info.excludes and not info.thread):
                    yield lock

    def _taken(self, frame: Frame, node: e.Call, lock: Lock) -> Taken:
        assert frame.state is not None
        at = Location(frame.path, frame.statement or node.span)
        symbol = spell(node.function).removesuffix(".acquire") or "the lock"
        return Taken(lock, at, symbol, facts=self._flags(frame) | {(symbol, True)})

    def _flags(self, frame: Frame) -> frozenset[Fact]:
        """Names that are surely true or false here, whoever calls."""
        assert frame.state is not None
        given = {parameter.name for parameter in frame.node.parameters} if frame.node else set()
        known = ((name, truth(value)) for name, value in frame.state.env.items())
        return frozenset((n, told) for n, told in known if told is not None and n not in given)

    def _add(self, state: State, taken: Taken) -> None:
        others = (
            x
            for x in state.taken
            if x.key != taken.key and not (x.borrowed and x.lock == taken.lock)
        )
        state.taken = frozenset(others) | {taken}

    # What is known of it

    def tested(self, test: e.Expression, states: tuple[State, State]) -> None:
        """In each branch of a test, what was acquired where it came out the other way is not held."""
        for state, outcome in zip(states, (True, False), strict=True):
            if state.taken:
                excluded = {(key, not told) for key, told in implied(test, outcome)}
                state.taken = frozenset(
                    replace(x, sure=False) if x.facts & excluded else x for x in state.taken
                )

    def branched(self, test: e.Expression, ends: tuple[State | None, State | None]) -> None:
        """Where only one branch comes out with a lock, the test tells later that it has it."""
        for state, other, outcome in zip(ends, ends[::-1], (True, False), strict=True):
            if state is None or other is None or state.taken == other.taken:
                continue
            both = {taken.key for taken in other.taken}
            facts = implied(test, outcome)
            state.taken = frozenset(
                x if x.key in both else replace(x, facts=x.facts | facts) for x in state.taken
            )

    def bound(self, frame: Frame, target: e.Expression | str, value: Value) -> None:
        """A name or an attribute that gets another value: what its tests told is no longer so."""
        if frame.state is None or not frame.state.taken:
            return
        name = target if isinstance(target, str) else spell(target)
        told = truth(value)
        facts = frozenset() if told is None else frozenset({(name, told)})
        frame.state.taken = frozenset(
            replace(x, facts=frozenset(fact for fact in x.facts if fact[0] != name) | facts)
            for x in frame.state.taken
        )

    def optional(self, frame: Frame, before: frozenset[Taken]) -> None:
        """`lock and lock.acquire()`: what is acquired in a part that may be left out."""
        if frame.state is not None and frame.state.taken != before:
            frame.state.taken = frozenset(
                x if x in before else replace(x, sure=False) for x in frame.state.taken
            )

    # Releasing

    def released(self, frame: Frame, locks: Iterable[Lock | Unknown]) -> None:
        """`lock.release()`, of who knows which lock if one is Unknown."""
        for lock in locks:
            self._free(frame, (lock, frozenset()))

    def _free(self, frame: Frame, freed: Freed) -> None:
        """Release what this activation has taken; else its caller may have taken it."""
        if frame.state is None:
            return
        lock, functions = freed
        ended = [x for x in frame.state.taken if isinstance(lock, Unknown) or x.lock == lock]
        frame.state.taken -= set(ended)
        own = [taken for taken in ended if not taken.borrowed]
        frame.closed.update(taken.key for taken in own)
        frame.doubtful.update(taken.key for taken in own if taken.sometimes)
        if ended:
            self.run.world.lent.update(taken.key for taken in ended if not own)
        if ended or lock in frame.handed:
            return
        self.run.world.interest += 1
        if frame.node is None:
            self.run.world.freed.add((lock, functions))
        else:
            frame.freed.add((lock, functions | {(frame.path, frame.node.span)}))

    def returned(self, frame: Frame, freed: Iterable[Freed], taken: Iterable[Taken] = ()) -> None:
        """Come back from a call that has released what it had not taken, or the other way round."""
        for what in freed:
            self._free(frame, what)
        if frame.state is not None and frame.node is not None:
            own = {x.lock for x in frame.state.taken if not x.borrowed}
            frame.state.taken |= {
                replace(x, sure=False, sometimes=False, borrowed=True, facts=frozenset())
                for x in taken
                if x.lock not in own
            }

    def handed(self, frame: Frame, value: Value) -> None:
        """`atexit.register(lock.release)`: somebody else will release it."""
        given = [part for partial in value.of(Partial) for part in partial.function.things]
        for thing in (*value.things, *given):
            if isinstance(thing, Method) and thing.name in RELEASES:
                self._let_go(frame, self.run.locking.locks_in(one(thing.receiver)))
            elif isinstance(thing, Function) and frame.state is not None and frame.state.taken:
                self._called_later(frame, frame.state.taken, thing)

    def _called_later(self, frame: Frame, taken: Iterable[Taken], thing: Function) -> None:
        """`stack.callback(lambda: lock.release())`: a nested function that releases something."""
        body = self.run.world.functions[bare(thing)].body
        names = {node.name for node in walk(body.statements) if isinstance(node, e.Attribute)}
        if thing.frame != -1 and names & RELEASES:
            self._let_go(frame, [x.lock for x in taken])

    def escaped(self, frame: Frame, value: Value) -> None:
        """A lock that is given to code that we can't see may be released there."""
        if value.of(Lock):
            self._let_go(frame, value.of(Lock))

    def _let_go(self, frame: Frame, locks: Iterable[Lock | Unknown]) -> None:
        locks = tuple(locks)
        self.released(frame, locks)
        frame.handed.update(locks)

    def unseen(self, frame: Frame) -> None:
        """A call that is not entered: who knows what it releases."""
        if frame.state is not None:
            frame.state.taken = frozenset()

    # Leaving

    def left(
        self,
        frame: Frame,
        definition: FunctionNode,
        ends: Iterable[State],
        before: frozenset[Taken],
    ) -> None:
        """Take down what is still taken where an activation ends.

        What has gone from `before` since is released by a nested function that somebody calls later.
        """
        kept = frame.state.taken if frame.state else before
        loose = {taken.key for taken in before} - {taken.key for taken in kept}
        if definition.name in _PROTOCOL or self.run.definitions.contextmanager(definition):
            return
        last = definition.body.statements[-1].span if definition.body.statements else None
        for state in ends:
            for taken in state.taken:
                own = taken.sure and not taken.borrowed
                if own and taken.key not in loose and not self._doubted(frame, taken):
                    self._leak(frame, definition, taken, state.left or last)

    def _doubted(self, frame: Frame, taken: Taken) -> bool:
        """Whether it may be released after all, or was only given up for a while."""
        if taken.lock in frame.handed or any(lock == taken.lock for lock, _ in frame.freed):
            return True
        return taken.sometimes and taken.key in frame.doubtful

    def _leak(self, frame: Frame, definition: FunctionNode, taken: Taken, end: Span | None) -> None:
        if end is None:
            return
        elsewhere = taken.key in frame.closed
        if not elsewhere and (frame.context.root or not taken.waits):
            return  # it may be meant to be held by whoever called, or by the first one for good
        leak = Leak(
            taken.lock,
            taken.at,
            Location(frame.path, end),
            taken.symbol,
            frame.qualified,
            (frame.path, definition.span),
            elsewhere,
        )
        self.run.world.leaks.add(leak)


def _made_by(attempt: Attempt, taken: Taken) -> bool:
    return taken.lock in attempt.locks and taken.at == attempt.at
