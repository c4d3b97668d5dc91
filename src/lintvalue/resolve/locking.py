"""Critical sections: what opens them, what closes them, which locks they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.lean import replace
from lintvalue.model.project import Fault, Kind, LockKind, Touch
from lintvalue.model.span import Location
from lintvalue.resolve.crowds import several
from lintvalue.resolve.releases import RELEASES
from lintvalue.resolve.spelling import spell
from lintvalue.resolve.state import Section, merge
from lintvalue.resolve.values import (
    PLAIN,
    UNKNOWN,
    Attempt,
    Const,
    Function,
    Instance,
    Library,
    Lock,
    Made,
    Method,
    Plain,
    Shared,
    Unknown,
    Value,
    bare,
    join,
    one,
)
from lintvalue.resolve.world import Slip

if TYPE_CHECKING:
    from lintvalue.model import statements as s
    from lintvalue.model.span import Span
    from lintvalue.resolve.arguments import Arguments
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame, State
    from lintvalue.resolve.values import Site


class Locking:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def with_statement(self, frame: Frame, node: s.With) -> None:
        """`with`: sections open from left to right and close together."""
        assert frame.state is not None
        before = {section.origin for section in frame.state.held}
        opened: set[int] = set()
        entered: list[Value] = []
        own: list[Value] = []  # what has methods that this statement calls
        for context, target in node.items:
            known = {section.origin for section in frame.state.held}
            value = self.run.expressions.evaluate(frame, context)
            entered.append(value)
            if self._is_yielded(frame, context):
                result = value
            else:
                own.append(value)
                result = self._enter(frame, context, value)
            opened |= {section.origin for section in frame.state.held} - known
            if target is not None:
                self.run.names.assign(frame, target, result)
        opened -= before
        raised = len(frame.raises)
        expected = any(_expects(context) for context, _ in node.items)
        self.run.wrappers.expected += expected
        self.run.statements.block(frame, node.body)
        self.run.wrappers.expected -= expected
        if frame.state is None and any(map(_may_swallow, entered)):
            frame.state = merge(frame.raises[raised:])
        if any(self._swallows(frame, context) for context, _ in node.items):
            for state in frame.raises[raised:]:
                state.taken = frozenset()  # the exception may end here
        self._call_exits(frame, own)
        self._exit(frame, opened, entered)

    def _is_yielded(self, frame: Frame, node: e.Expression) -> bool:
        """Whether a value is what a `@contextmanager` of the project's yields: that is not entered again."""
        if not isinstance(node, e.Call):
            return False
        functions = self.run.expressions.evaluate(frame, node.function)
        known = self.run.world.functions
        definitions = [known.get(bare(x)) for x in functions.of(Function)]
        return len(definitions) == len(functions.things) > 0 and all(
            one and one.generator and self.run.definitions.contextmanager(one)
            for one in definitions
        )

    def _call_exits(self, frame: Frame, entered: list[Value]) -> None:
        """Run the `__exit__` of the project's own context managers, the last one first."""
        if frame.state is None:
            return
        for value in reversed(entered):
            for thing in value.of(Instance):
                method = self.run.accesses.class_attribute(frame, thing, "__exit__")
                if method.of(Function):
                    self.run.calls.call_value(frame, method, None, UNKNOWN, UNKNOWN, UNKNOWN)

    def _swallows(self, frame: Frame, node: e.Expression) -> bool:
        """Whether a context that is called for, such as `suppress(…)`, may end an exception."""
        if not isinstance(node, e.Call):
            return False
        function = self.run.expressions.evaluate(frame, node.function)
        return any(
            not isinstance(thing, Library) or thing.name.endswith((".suppress", ".raises"))
            for thing in function.things
        )

    def _exit(self, frame: Frame, opened: set[int], entered: list[Value]) -> None:
        stacks = {made.site for value in entered for made in value.of(Made)}
        loop = frame.loops[-1] if frame.loops else None
        left = [*frame.raises, *(state for _, state in frame.returns)]
        left += [*loop.breaks, *loop.continues] if loop else []
        for state in [frame.state, *left]:
            if state is not None:
                state.held = tuple(
                    section
                    for section in state.held
                    if section.origin not in opened and section.stack not in stacks
                )
        if frame.state is not None:
            for value in entered:
                self.run.launches.context_left(frame, value)

    def _enter(self, frame: Frame, node: e.Expression, value: Value) -> Value:
        """Open what entering `value` opens; what `as` binds is returned."""
        locks: set[Lock | Unknown] = set()
        results: list[Value] = []
        for thing in value.things:
            match thing:
                case Shared():
                    locks |= self.own(thing) or {Unknown()}
                    self.asked(frame, thing, node)
                    self._use(frame, node, thing, value)
                    results.append(PLAIN)
                case Lock():
                    locks.add(thing)
                    results.append(PLAIN)
                case Instance():
                    results.append(self._enter_instance(frame, thing))
                case Method(receiver=Shared() as owner):
                    self.slip(frame, Fault.UNCALLED, owner, node)
                    locks.add(Unknown())  # it fails: nothing that follows is reached
                case Library() if not isinstance(node, e.Call):
                    locks.add(Unknown())  # an object of another library, by its name
                    results.append(UNKNOWN)
                case Unknown() if not isinstance(node, e.Call) or not self._foreign(frame, node):
                    locks.add(Unknown())
                    results.append(UNKNOWN)
                case _:
                    results.append(one(thing))  # a file, a pool: no lock
        if not value.things:
            locks.add(Unknown())
        if locks:
            self.open(frame, node, frozenset(locks))
        return join(results)

    def _use(self, frame: Frame, node: e.Expression, thing: Shared, value: Value) -> None:
        del thing
        self.run.records.use(frame, Touch.LOCK, node, node, value)

    def _foreign(self, frame: Frame, node: e.Call) -> bool:
        """Whether a call is one of code outside the project, such as `open()`: no lock of ours."""
        function = self.run.expressions.evaluate(frame, node.function)
        return bool(function.things) and all(
            isinstance(thing, (Library, Made)) or _of_library(thing) for thing in function.things
        )

    def _enter_instance(self, frame: Frame, thing: Instance) -> Value:
        enter = self.run.accesses.class_attribute(frame, thing, "__enter__")
        if not enter.of(Function):
            if self.run.definitions.has_unknown_bases(thing.definition):
                self.open(frame, None, frozenset({Unknown()}))
                return one(thing)
            return one(thing)
        return self.run.calls.call_value(frame, enter)

    # Locks of objects

    def own(self, thing: Shared) -> frozenset[Lock | Unknown]:
        """What `get_lock()` of a shared object may return."""
        return frozenset(self.run.world.shared[thing.site].lock)

    def locks_in(self, value: Value) -> frozenset[Lock | Unknown]:
        """The locks among a value; something else that may be a lock is Unknown."""
        own = (self.own(thing) for thing in value.of(Shared))
        unknown = frozenset([Unknown()] if value.of(Unknown) or not value.things else [])
        return frozenset(value.of(Lock)).union(*own) | unknown

    def asked(self, frame: Frame, thing: Shared, node: e.Expression) -> None:
        """Take down that an object is asked for its lock, and if it has none."""
        if not self.own(thing) or thing.view:
            if thing.kind not in {Kind.NAMESPACE, Kind.MANAGER_DICT}:
                self.slip(frame, Fault.LOCKLESS, thing, node)
        else:
            self.run.world.own_lock_taken.add(thing.site)

    def slip(self, frame: Frame, fault: Fault, thing: Shared, node: e.Expression) -> None:
        """Take down a fault that the statement shows by itself."""
        assert frame.statement is not None
        at = Location(frame.path, frame.statement)
        written = spell(node).removesuffix("()").removesuffix(".get_lock")
        symbol = written or self.run.world.shared[thing.site].name
        slip = Slip(fault, at, thing.site, symbol, frame.qualified)
        self.run.world.slips.setdefault((fault, at), slip)

    # Opening and closing

    def open(
        self,
        frame: Frame,
        node: e.Expression | None,
        locks: frozenset[Lock | Unknown],
        stack: Made | None = None,
    ) -> None:
        """Open a section here; a semaphore that lets several in opens none."""
        excluding = frozenset(lock for lock in locks if self._excludes(lock))
        if not excluding or frame.state is None:
            return
        span = node.span if node is not None else frame.statement
        assert span is not None
        self.run.world.interest += 1
        self._again(frame, excluding)
        section = self._section(frame, span, excluding, stack.site if stack else None)
        frame.state.held = (*frame.state.held, section)

    def _section(
        self, frame: Frame, span: Span, locks: frozenset[Lock | Unknown], stack: Site | None = None
    ) -> Section:
        place = Location(frame.path, span)
        statement = Location(frame.path, frame.statement or span)
        serial = self.run.next()
        return Section(serial, locks, place, statement, stack, origin=serial)

    def _again(self, frame: Frame, locks: frozenset[Lock | Unknown]) -> None:
        """Taking a lock that is held already waits for ever, unless it is reentrant."""
        for lock in locks:
            if isinstance(lock, Lock) and lock.kind is not LockKind.OWN:
                self.run.records.met(frame, lock.site)
            if len(locks) == 1 and isinstance(lock, Lock):
                self.taken_again(frame, lock, lock.site, "the lock")

    def taken_again(self, frame: Frame, lock: Lock, site: Site, symbol: str) -> None:
        """Take down that a lock which is surely held is taken once more, where that is first done."""
        info = self.run.world.locks.get(lock.site)
        if info is None or info.reentrant or info.thread or frame.state is None:
            return
        if several(lock.site):
            return  # it may well be that of another object
        for section in frame.state.held:
            if section.locks == {lock} and frame.statement is not None:
                at = Location(frame.path, frame.statement)
                slip = Slip(Fault.DEADLOCK, at, site, symbol, frame.qualified)
                self.run.world.slips.setdefault((Fault.DEADLOCK, section.statement), slip)

    def _excludes(self, lock: Lock | Unknown) -> bool:
        if isinstance(lock, Unknown) or lock.site not in self.run.world.locks:
            return True
        return self.run.world.locks[lock.site].excludes

    def close(self, frame: Frame, locks: frozenset[Lock | Unknown]) -> None:
        """Close the innermost section that one of `locks` may hold."""
        if frame.state is None:
            return
        self.run.world.interest += 1
        held = frame.state.held
        for section in reversed(held):
            if section.locks & locks:
                frame.state.held = tuple(other for other in held if other is not section)
                return
        if any(isinstance(lock, Unknown) for lock in locks) and held:
            frame.state.held = tuple(
                section
                for section in held
                if not any(isinstance(x, Unknown) for x in section.locks)
            )

    def interrupt(self, frame: Frame, locks: frozenset[Lock | Unknown]) -> None:
        """`wait()` gives the lock up and takes it again: the section ends, another one begins."""
        if frame.state is None:
            return
        frame.state.held = tuple(
            replace(section, id=self.run.next()) if section.locks & locks else section
            for section in frame.state.held
        )

    def method(
        self, frame: Frame, node: e.Call, receiver: Lock | Shared, name: str, arguments: Arguments
    ) -> Value:
        """A call of `acquire`, `release`, `wait`, … on a lock or on an object that has one."""
        locks = frozenset({receiver}) if isinstance(receiver, Lock) else self.own(receiver)
        if name in {"acquire", "__enter__"}:
            return self._acquire(frame, node, locks, name, arguments)
        if name in RELEASES:
            self.close(frame, locks)
            self.run.releases.released(frame, locks)
        elif name in {"wait", "wait_for"}:
            self.interrupt(frame, locks)
        return PLAIN

    def _acquire(
        self,
        frame: Frame,
        node: e.Call,
        locks: frozenset[Lock | Unknown],
        name: str,
        arguments: Arguments,
    ) -> Value:
        if _may_fail(arguments):
            self.run.releases.attempted(frame, node, locks, arguments)
            at = Location(frame.path, frame.statement or node.span)
            known = frozenset(lock for lock in locks if isinstance(lock, Lock))
            return one(Attempt(known, at))
        self.open(frame, node, locks)
        if name == "acquire":
            self.run.releases.acquired(frame, node, locks)
        return PLAIN

    def enter_stack(self, frame: Frame, node: e.Call, stack: Made, value: Value) -> Value:
        """`stack.enter_context(value)`: held until the stack's own `with` ends."""
        if any(isinstance(thing, (Lock, Shared, Unknown)) for thing in value.things):
            self.open(frame, node, self.locks_in(value), stack)
        return value

    def acquired_by_test(
        self, frame: Frame, test: e.Expression, value: Value, states: tuple[State, State]
    ) -> None:
        """`if lock.acquire(timeout=1):` holds the lock in one of the two branches."""
        inner, wanted = test, 0
        while isinstance(inner, e.Combined) and inner.operator == "not":
            inner, wanted = inner.parts[0], 1 - wanted
        if inner is not test:
            value = self._attempt_of(frame, inner)
        for attempt in value.of(Attempt):
            self.run.releases.answered(attempt, inner, states, wanted)
            section = self._section(frame, test.span, frozenset(attempt.locks))
            states[wanted].held = (*states[wanted].held, section)

    def _attempt_of(self, frame: Frame, node: e.Expression) -> Value:
        if isinstance(node, (e.Name, e.Call)):
            return self.run.expressions.evaluate(frame, node)
        return PLAIN


def _may_swallow(value: Value) -> bool:
    """Whether leaving a context may end an exception: locks and their objects never do."""
    return any(not isinstance(thing, (Lock, Shared)) for thing in value.things)


def _expects(node: e.Expression) -> bool:
    """`with pytest.raises(…):`, `with self.assertRaises(…):`, `with suppress(…):`."""
    name = spell(node.function).rpartition(".")[2] if isinstance(node, e.Call) else ""
    return name in {"raises", "suppress"} or name.startswith("assertRaises")


def _may_fail(arguments: Arguments) -> bool:
    """Whether an `acquire` with these arguments may come back without the lock."""
    blocking = [
        *arguments.positional[:1],
        *(value for name, value in arguments.keywords if name in {"block", "blocking"}),
    ]
    timeouts = [
        *arguments.positional[1:2],
        *(value for name, value in arguments.keywords if name == "timeout"),
    ]
    tried = any(value.things != frozenset({Const(True, "bool")}) for value in blocking)
    return tried or any(value.things != frozenset({Const(None, "NoneType")}) for value in timeouts)


def _of_library(thing: object) -> bool:
    return isinstance(thing, Method) and isinstance(thing.receiver, (Library, Made, Plain, Const))
