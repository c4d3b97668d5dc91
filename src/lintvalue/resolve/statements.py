"""What statements do to names, locks and control."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.span import Location
from lintvalue.resolve.narrowing import narrowed
from lintvalue.resolve.plain import Plain
from lintvalue.resolve.state import Loop, State, interrupted, merge, without
from lintvalue.resolve.values import NONE, Container, Decision, Value, join

if TYPE_CHECKING:
    from lintvalue.model.span import Span
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame

# A loop's body is run until nothing new comes round, which is nearly always the second time.
_MOST_TURNS = 4


class Statements:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def block(self, frame: Frame, block: s.Block | None) -> None:
        """Run statements until one of them leaves."""
        for statement in block.statements if block else ():
            if frame.state is None:
                return
            self._execute(frame, statement)

    def _enter(self, frame: Frame, span: Span) -> None:
        self.run.steps += 1
        frame.statement = span
        frame.statement_serial = self.run.next()

    def _execute(self, frame: Frame, node: s.Statement) -> None:
        self._enter(frame, node.span)
        match node:
            case s.Assign() | s.Annotated() | s.Augment() | s.Evaluate() | s.TypeAlias():
                self._assign(frame, node)
            case s.Return() | s.Raise() | s.Leave():
                self._leave(frame, node)
            case s.If() | s.While() | s.For() | s.Match() | s.Assert():
                self._branch(frame, node)
            case s.With():
                self.run.locking.with_statement(frame, node)
            case s.Try():
                self._try(frame, node)
            case _:
                self._declare(frame, node)

    def _evaluate(self, frame: Frame, node: e.Expression) -> Value:
        return self.run.expressions.evaluate(frame, node)

    # Simple statements

    def _declare(
        self, frame: Frame, node: s.Define | s.DefineClass | s.Import | s.Scope | s.Delete
    ) -> None:
        match node:
            case s.Define():
                self.run.definitions.define(frame, node.function)
            case s.DefineClass():
                self.run.definitions.define_class(frame, node.definition)
            case s.Import():
                for item in node.names:
                    self.run.names.imported(frame, item)
            case s.Scope():
                names = frame.global_names if node.kind == "global" else frame.outer_names
                names.update(node.names)
            case s.Delete():
                self._delete(frame, node)

    def _assign(
        self, frame: Frame, node: s.Assign | s.Annotated | s.Augment | s.Evaluate | s.TypeAlias
    ) -> None:
        match node:
            case s.Assign():
                value = self._evaluate(frame, node.value)
                for target in node.targets:
                    self.run.names.assign(frame, target, value)
            case s.Annotated():
                self._annotated(frame, node)
            case s.Augment():
                self.run.accesses.augment(frame, node)
            case s.Evaluate():
                self._evaluate(frame, node.value)
            case s.TypeAlias():
                self.run.names.store(frame, node.name.id, self._evaluate(frame, node.value))

    def _annotated(self, frame: Frame, node: s.Annotated) -> None:
        self.run.definitions.field(frame, node)
        if node.value is not None:
            value = self._evaluate(frame, node.value)
            self.run.declarations.declared(frame.path, node.annotation, value)
            self.run.names.assign(frame, node.target, value)

    def _delete(self, frame: Frame, node: s.Delete) -> None:
        for target in node.targets:
            self._evaluate(frame, target)
            if isinstance(target, e.Name) and frame.state is not None:
                frame.state.env.pop(target.id, None)

    def _leave(self, frame: Frame, node: s.Return | s.Raise | s.Leave) -> None:
        state = frame.state
        assert state is not None
        match node:
            case s.Return():
                value = self._evaluate(frame, node.value) if node.value else NONE
                state.left = node.span
                self.run.results.kept(frame, node.value, value)
                here = (decision.read for decision in state.deciding - frame.inherited)
                frame.returns.append((value.depending_on(here), state))
            case s.Raise():
                for part in node.parts:
                    self._evaluate(frame, part)
                state.left = node.span
                if not node.parts:
                    state.taken = frozenset()  # it only lets the exception pass
                frame.raises.append(state)
            case s.Leave() if frame.loops:
                loop = frame.loops[-1]
                (loop.breaks if node.kind == "break" else loop.continues).append(state)
        frame.state = None

    # Branches

    def _branch(self, frame: Frame, node: s.If | s.While | s.For | s.Match | s.Assert) -> None:
        match node:
            case s.If():
                self._if(frame, node)
            case s.While() | s.For():
                self._loop(frame, node)
            case s.Match():
                self._match(frame, node)
            case s.Assert():
                true, false = self.fork(frame, node.test)
                if node.message is not None and false is not None:
                    frame.state = false
                    self._evaluate(frame, node.message)
                frame.state = true

    def _if(self, frame: Frame, node: s.If) -> None:
        blocks = (node.body, node.orelse)
        self.run.wrappers.guard(frame, node.test, node.body.statements)
        states = self.fork(frame, node.test, _roles(blocks))
        ends = []
        for state, block in zip(states, blocks, strict=True):
            frame.state = state
            self.block(frame, block)
            ends.append(frame.state)
        self.run.releases.branched(node.test, (ends[0], ends[1]))
        frame.state = merge(ends)

    def fork(
        self, frame: Frame, test: e.Expression, roles: tuple[str, str] = ("", "")
    ) -> tuple[State | None, State | None]:
        """The states in which a test is true and in which it is false; None where it never is."""
        value = self.run.expressions.tested(frame, test)
        assert frame.state is not None
        states = (frame.state.copy(), frame.state.copy())
        place = Location(frame.path, test.span)
        for way, (state, role, told) in enumerate(zip(states, roles, _tells(test), strict=True)):
            if told:
                state.decided |= {Decision(read, place, way, role) for read in value.reads}
        self.run.releases.tested(test, states)
        self.run.locking.acquired_by_test(frame, test, value, states)
        true, false = narrowed(test, states)
        plain = Plain(partial(self.run.names.load, frame), frame.global_names)
        return plain.told(test, true, outcome=True), plain.told(test, false, outcome=False)

    def _match(self, frame: Frame, node: s.Match) -> None:
        subject = self._evaluate(frame, node.subject)
        before = frame.state
        assert before is not None
        place = Location(frame.path, node.subject.span)
        ends: list[State | None] = []
        exhaustive = False
        for way, case in enumerate(node.cases):
            frame.state = before.copy()
            frame.state.decided |= {Decision(read, place, way) for read in subject.reads}
            for part in case.parts:
                self.run.wrappers.matched(frame, node.subject, subject, self._evaluate(frame, part))
            for name in case.captures:
                self.run.names.store(frame, name, subject)
            if case.guard is not None:
                frame.state = self.fork(frame, case.guard)[0]
            self.block(frame, case.body)
            ends.append(frame.state)
            exhaustive |= case.irrefutable and case.guard is None
        frame.state = merge(ends if exhaustive else [*ends, before.copy()])

    # Loops

    def _loop(self, frame: Frame, node: s.While | s.For) -> None:
        place = Location(frame.path, node.span)
        outer = self.run.loops
        iterable = self._evaluate(frame, node.iterable) if isinstance(node, s.For) else None
        entry = frame.state
        assert entry is not None
        loop, leaving = Loop(), None
        self.run.loops = (*outer, place)
        frame.loops.append(loop)
        for _ in range(_MOST_TURNS):
            frame.state = entry.copy()
            leaving = self._turn(frame, node, iterable, place)
            again = merge([entry, frame.state, *loop.continues])
            loop.continues.clear()
            if again is None or again.same(entry):
                break
            entry = again
        frame.loops.pop()
        self.run.loops = outer
        frame.state = leaving
        self.block(frame, node.orelse)
        frame.state = merge([frame.state, *loop.breaks])

    def _turn(
        self, frame: Frame, node: s.While | s.For, iterable: Value | None, place: Location
    ) -> State | None:
        """Run a loop's head and body once; the state in which the loop ends is returned."""
        self._enter(frame, node.span)
        assert frame.state is not None
        entry = frame.state.copy()
        uses_up = isinstance(node, s.For) or self._is_container(frame, node.test)
        if isinstance(node, s.For):
            leaving: State | None = frame.state.copy()
            element = self.run.expressions.element(frame, iterable or NONE, place)
            self._each(frame, node, self.run.expressions.rows(element))
        else:
            frame.state, leaving = self.fork(frame, node.test, ("poll", ""))
            if isinstance(node.test, e.Literal) and node.test.value:
                leaving = None
            self.block(frame, node.body)
        return self._after_turn(entry, leaving, frame.state) if uses_up else leaving

    def _each(self, frame: Frame, node: s.For, rows: list[Value]) -> None:
        """Run a loop's body for what may come next, one by one."""
        entry, ends = frame.state, []
        for row in rows:
            frame.state = entry.copy() if entry is not None else None
            self.run.names.assign(frame, node.target, row)
            self.block(frame, node.body)
            ends.append(frame.state)
        frame.state = merge(ends)

    def _is_container(self, frame: Frame, test: e.Expression) -> bool:
        """Whether a `while` goes on until a container is empty."""
        return isinstance(test, e.Name) and bool(self._evaluate(frame, test).of(Container))

    def _after_turn(self, entry: State, leaving: State | None, end: State | None) -> State | None:
        """Where such a loop goes on: what one turn joins, the loop joins for all of its turns."""
        merged = merge([leaving, end])
        if merged is not None and end is not None:
            merged.live -= entry.live - end.live
        return merged

    # Exceptions

    def _try(self, frame: Frame, node: s.Try) -> None:
        assert frame.state is not None
        marks, decided = self._marks(frame), frame.state.decided
        thrown = self._tried(frame, node, marks[-1])
        self.block(frame, node.orelse)
        ends: list[State | None] = [frame.state]
        for handler in node.handlers:
            frame.state = thrown.copy() if thrown else None
            self._enter(frame, handler.span)
            self._handle(frame, handler)
            ends.append(frame.state)
        frame.state = merge(ends)
        if node.final is not None:
            self._finally(frame, node.final, thrown, marks, decided)

    def _tried(self, frame: Frame, node: s.Try, raised: int) -> State | None:
        """Run the body; the state in which an exception leaves it is returned.

        What the body itself releases is taken in that state only where the body raises by a statement
        of its own: whether a call raised before or after the release, we can't know.
        """
        entry = frame.state
        assert entry is not None
        closed, frame.closed = frame.closed, set()
        frame.state = entry.copy()
        expected = any(_expects_wrong_type(handler.type) for handler in node.handlers)
        self.run.wrappers.expected += expected
        self.block(frame, node.body)
        self.run.wrappers.expected -= expected
        silent = [without(state, frame.closed) for state in (entry, frame.state)]
        thrown = interrupted([*silent, *frame.raises[raised:]])
        frame.closed |= closed
        if node.handlers:  # they decide what is released
            for state in frame.raises[raised:]:
                state.taken = frozenset()
        return thrown

    def _handle(self, frame: Frame, handler: s.Handler) -> None:
        if handler.type is not None:
            self._evaluate(frame, handler.type)
        if handler.name is not None:
            self.run.names.store(frame, handler.name, join(()))
        self.block(frame, handler.body)

    def _marks(self, frame: Frame) -> tuple[int, int, int, int]:
        """How many early exits there were so far."""
        loop = frame.loops[-1] if frame.loops else Loop()
        return len(frame.returns), len(loop.breaks), len(loop.continues), len(frame.raises)

    def _finally(
        self,
        frame: Frame,
        block: s.Block,
        thrown: State | None,
        marks: tuple[int, int, int, int],
        decided: frozenset[Decision],
    ) -> None:
        """Run a `finally` on every way out: on through it, by exception, and by early exits."""
        loop = frame.loops[-1] if frame.loops else Loop()
        through = frame.state
        self._after(frame, block, thrown, decided)
        frame.returns[marks[0] :] = [
            (value, state)
            for value, early in frame.returns[marks[0] :]
            if (state := self._after(frame, block, early, decided)) is not None
        ]
        for early, mark in zip((loop.breaks, loop.continues, frame.raises), marks[1:], strict=True):
            ended = [self._after(frame, block, state, decided) for state in early[mark:]]
            early[mark:] = [state for state in ended if state is not None]
        self._after(frame, block, through, decided)

    def _after(
        self, frame: Frame, block: s.Block, state: State | None, decided: frozenset[Decision]
    ) -> State | None:
        """Run a `finally` on one way; no test inside the `try` decides it, since it is run on all."""
        frame.state = state
        if state is not None:
            inside = state.decided - decided
            state.decided -= inside
            self.block(frame, block)
            if frame.state is not None:
                frame.state.decided |= inside
        return frame.state


def _roles(blocks: tuple[s.Block, s.Block | None]) -> tuple[str, str]:
    """What a test decides for each of its branches, where it is less than it seems."""
    body, orelse = blocks
    then = "only" if _is_one_store(body) else ""
    other = "only" if orelse and _is_one_store(orelse) else ""
    if any(isinstance(last, s.Leave) and last.kind == "break" for last in body.statements[-1:]):
        other = "break"
    return then, other


def _is_one_store(block: s.Block) -> bool:
    """Whether a branch stores one constant and does nothing else."""
    match block.statements:
        case [s.Assign(value=e.Literal())] | [s.Assign(value=e.Literal()), s.Leave()]:
            return True
    return False


def _tells(test: e.Expression) -> tuple[bool, bool]:
    """Whether all of a test came out one way in each of its branches.

    Behind `if a and b: return`, b may never have been looked at.
    """
    operator = test.operator if isinstance(test, e.Choice) else ""
    return operator != "or", operator != "and"


def _expects_wrong_type(handled: e.Expression | None) -> bool:
    """Whether a handler is for what a wrong type raises: its `try` is how a type is asked for."""
    match handled:
        case e.Name(id=name):
            return name in {"TypeError", "AttributeError"}
        case e.Sequence(elements=elements):
            return any(map(_expects_wrong_type, elements))
    return False
