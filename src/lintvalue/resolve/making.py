"""Calls of code outside the project: what they make, and what they do to what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.lean import replace
from lintvalue.model.project import Kind, LockKind, Touch
from lintvalue.model.span import Location
from lintvalue.resolve import library
from lintvalue.resolve.spelling import spell
from lintvalue.resolve.values import (
    PLAIN,
    UNKNOWN,
    Class,
    Const,
    Container,
    Distinct,
    Instance,
    Items,
    Library,
    Lock,
    Made,
    Method,
    Parent,
    Partial,
    Shared,
    Site,
    Value,
    join,
    one,
)
from lintvalue.resolve.world import LockInfo, SharedInfo

if TYPE_CHECKING:
    from lintvalue.resolve.arguments import Arguments
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.state import Frame

_OWN_PID = frozenset({"os.getpid", "threading.get_ident", "threading.get_native_id", "uuid.uuid4"})
_FIELDS = frozenset({"dataclasses.field", "attrs.field", "attr.ib", "attr.attrib"})
_VIEWS = frozenset(
    {"numpy.frombuffer", "numpy.asarray", "numpy.ctypeslib.as_array", "numpy.ndarray"}
)
_NAMESPACES = frozenset({"types.SimpleNamespace", "argparse.Namespace"})
_CONTAINERS = {"collections.deque": "list", "collections.OrderedDict": "dict"}
_SAME_VIEW = frozenset({"reshape", "view", "ravel", "transpose"})
_REENTRANT = frozenset({LockKind.RLOCK, LockKind.CONDITION})
_WHOLE_READS = frozenset({"items", "values", "keys", "copy", "count", "index", "__len__", "tolist"})


class Making:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def call(self, frame: Frame, node: e.Call, thing: Library, arguments: Arguments) -> Value:
        """Call a name of code outside the project."""
        if library.member(thing.name) is not None:
            made = self._multiprocessing(frame, node, thing, arguments)
            if made is not None:
                return made
        if thing.name in library.THREAD_LOCKS:
            return self.lock(frame, node, LockKind.THREAD, arguments)
        if thing.name in library.THREADS | library.POOLS | library.THREAD_POOLS:
            return self.run.launches.create(frame, node, thing, arguments)
        if thing.name.startswith("builtins."):
            return self.run.builtins.call(
                frame, node, thing.name.removeprefix("builtins."), arguments
            )
        self.run.wrappers.called(frame, thing.name, arguments)
        return self._other(frame, node, thing.name, arguments)

    def _multiprocessing(
        self, frame: Frame, node: e.Call, thing: Library, arguments: Arguments
    ) -> Value | None:
        member = library.member(thing.name) or ""
        if member in library.SHARED:
            return self.shared(frame, node, library.SHARED[member], arguments)
        if member in library.LOCKS:
            return self.lock(frame, node, library.LOCKS[member], arguments)
        if member in library.CONTEXTS:
            return self._context(member, arguments)
        if member in library.MANAGERS:
            return one(Made(self.run.expressions.site(frame, node), "manager"))
        if member in library.CHANNELS:
            return one(Made(self.run.expressions.site(frame, node), "channel"))
        if member == "Pipe":
            end = one(Made(self.run.expressions.site(frame, node), "channel"))
            return one(Items((end, end)))
        if member == "synchronized":
            return self._synchronized(frame, node, arguments)
        if member == "current_process":
            return one(Made(self.run.expressions.site(frame, node), "current process"))
        if member in library.PROCESSES or member in {
            "Pool",
            "ThreadPool",
            "spawn",
            "start_processes",
        }:
            return self.run.launches.create(
                frame, node, replace(thing, name=f"{library.MULTIPROCESSING}.{member}"), arguments
            )
        return None

    def _context(self, member: str, arguments: Arguments) -> Value:
        """`get_context("fork")`, `set_start_method("spawn")`, `ForkContext()`."""
        match list(arguments.keyword("method", 0).things):
            case [Const(value=str(method))]:
                pass
            case _:
                method = library.CONTEXTS[member]
        if member != "set_start_method":
            return one(Library(library.MULTIPROCESSING, method))
        self.run.world.chosen.add(method)
        return PLAIN

    def _other(self, frame: Frame, node: e.Call, name: str, arguments: Arguments) -> Value:
        if name == "functools.partial" and arguments.positional:
            function, *given = arguments.positional
            return one(Partial(function, tuple(given), arguments.keywords))
        if name in _OWN_PID:
            return one(Distinct(None))
        if name in _FIELDS:
            return self._field(frame, node, arguments)
        if name in _VIEWS:
            return self._view(frame, arguments)
        if name in {"typing.cast", "typing_extensions.cast"}:
            return arguments.keyword("val", 1)
        if name in {"contextlib.ExitStack", "contextlib.AsyncExitStack"}:
            return one(Made(self.run.expressions.site(frame, node), "exit stack"))
        if name == "contextlib.nullcontext":
            return PLAIN
        if name in _NAMESPACES:
            return self._namespace(frame, node, arguments)
        if name in _CONTAINERS:
            return self.run.builtins.call(frame, node, _CONTAINERS[name], arguments)
        return self.run.calls.unknown(frame, node, arguments)

    def _field(self, frame: Frame, node: e.Call, arguments: Arguments) -> Value:
        made = Made(self.run.expressions.site(frame, node), "field")
        factory = join((arguments.keyword("default_factory"), arguments.keyword("factory")))
        if not factory.things:
            return arguments.keyword("default", 0)
        self.run.world.store(("made", made.site, "factory"), factory)
        return one(made)

    def _namespace(self, frame: Frame, node: e.Call, arguments: Arguments) -> Value:
        """`SimpleNamespace(hits=hits)`: an object of nothing but attributes."""
        made = Made(self.run.expressions.site(frame, node), "namespace")
        for name, value in arguments.keywords:
            self.run.world.store(("made", made.site, name), value)
        return one(made)

    def _view(self, frame: Frame, arguments: Arguments) -> Value:
        """A numpy array over shared memory, which has to be bare."""
        given = arguments.all()
        for part, value in arguments.given:
            self.run.records.escape(frame, part, value)
        views = [replace(thing, view="numpy") for thing in given.of(Shared)]
        return Value(frozenset(views)) if views else Value(UNKNOWN.things, given.reads)

    # Shared objects and locks

    def shared(self, frame: Frame, node: e.Call, kind: Kind, arguments: Arguments) -> Value:
        """`Value("i", 0)` and its kin."""
        site = self.run.expressions.site(frame, node)
        code = arguments.keyword("typecode_or_type", 0)
        lock = arguments.keyword("lock")
        lockless = kind not in {Kind.VALUE, Kind.ARRAY} or lock.things == {Const(False, "bool")}
        self.run.world.shared[site] = SharedInfo(
            kind=self._lockless(kind) if lockless else kind,
            lock=frozenset() if lockless else self._given_lock(frame, site, lock),
            loops=self.run.loops,
            root=self.run.root,
            typecode=_typecode(code),
            structure=_is_structure(code),
            name=self._old_name(site),
            maker=node.function.span,
            context=frame.context,
            in_module=frame.kind in {"module", "class"},
            statement=_statement(frame),
        )
        thing = Shared(site, self.run.world.shared[site].kind)
        self.run.records.use(frame, Touch.MADE, node, node.function, one(thing))
        return one(thing)

    def _old_name(self, site: Site) -> str:
        old = self.run.world.shared.get(site)
        return old.name if old else ""

    def _lockless(self, kind: Kind) -> Kind:
        return {Kind.VALUE: Kind.RAW_VALUE, Kind.ARRAY: Kind.RAW_ARRAY}.get(kind, kind)

    def _given_lock(self, frame: Frame, site: Site, lock: Value) -> frozenset[Lock]:
        """The lock of a Value: the one it was given, else an RLock of its own."""
        if given := lock.of(Lock):
            return frozenset(given)
        own = Lock(site, LockKind.OWN)
        self.run.world.locks[site] = LockInfo(
            shared=True, reentrant=True, loops=self.run.loops, context=frame.context
        )
        return frozenset({own})

    def managed(self, frame: Frame, node: e.Call, name: str, arguments: Arguments) -> Value:
        """`manager.dict()` and its kin."""
        if name in library.LOCKS:
            return self.lock(frame, node, LockKind.MANAGER, arguments)
        kind = library.MANAGED.get(name)
        if kind is None:
            return self.run.calls.unknown(frame, node, arguments)
        site = self.run.expressions.site(frame, node)
        self.run.world.shared[site] = SharedInfo(
            kind,
            frozenset(),
            self.run.loops,
            self.run.root,
            name=self._old_name(site),
            maker=node.function.span,
            context=frame.context,
        )
        self.run.records.use(frame, Touch.MADE, node, node.function, one(Shared(site, kind)))
        return one(Shared(site, kind))

    def _synchronized(self, frame: Frame, node: e.Call, arguments: Arguments) -> Value:
        """`synchronized(raw)`: the same memory, with a lock."""
        found = []
        for thing in arguments.keyword("obj", 0).of(Shared):
            info = self.run.world.shared[thing.site]
            info.lock = self._given_lock(frame, thing.site, arguments.keyword("lock", 1))
            info.kind = {Kind.RAW_VALUE: Kind.VALUE, Kind.RAW_ARRAY: Kind.ARRAY}.get(
                info.kind, info.kind
            )
            self.run.records.use(frame, Touch.ESCAPE, node, node, one(thing))
            found.append(Shared(thing.site, info.kind))
        return Value(frozenset(found)) if found else UNKNOWN

    def lock(self, frame: Frame, node: e.Call, kind: LockKind, arguments: Arguments) -> Value:
        """`Lock()` and its kin; a Condition over a lock is that lock."""
        given = arguments.keyword("lock", 0).of(Lock)
        if given and kind in {LockKind.CONDITION, LockKind.THREAD}:
            return Value(frozenset(given))
        self.run.world.interest += 1
        site = self.run.expressions.site(frame, node)
        size = arguments.keyword("value", 0)
        one_at_a_time = kind is not LockKind.SEMAPHORE or not size.things or _is_one(size)
        old = self.run.world.locks.get(site)  # `context.Lock()` may make this or that
        thread = kind is LockKind.THREAD and (old is None or old.thread)
        self.run.world.locks[site] = LockInfo(
            shared=not thread,
            reentrant=kind in _REENTRANT or (old is not None and old.reentrant),
            loops=self.run.loops,
            context=frame.context,
            excludes=one_at_a_time,
            thread=thread,
            name=old.name if old else "",
            statement=_statement(frame),
        )
        return one(Lock(site, kind))

    # Methods

    def attribute(self, thing: Made, name: str) -> Value:
        """An attribute of something made by the library."""
        if thing.kind == "current process":
            return one(Distinct(None))
        stored = self.run.world.load("made", thing.site, name)
        if thing.kind == "namespace":
            return stored if stored.things else UNKNOWN
        return (
            join((stored, one(Method(thing, name)))) if stored.things else one(Method(thing, name))
        )

    def method(self, frame: Frame, node: e.Call, thing: Method, arguments: Arguments) -> Value:
        """Call a method of something that is no instance of the project's classes."""
        receiver = thing.receiver
        match receiver:
            case Shared():
                return self._shared_method(frame, node, receiver, thing.name, arguments)
            case Lock():
                return self.run.locking.method(frame, node, receiver, thing.name, arguments)
            case Made(kind="manager"):
                return self.managed(frame, node, thing.name, arguments)
            case Made(kind="channel"):
                return self._channel_method(frame, thing.name, arguments)
            case Made(kind="exit stack"):
                return self._stack_method(frame, node, receiver, thing.name, arguments)
            case Made() | Instance() | Parent() | Class():
                return self._object_method(frame, node, receiver, thing.name, arguments)
            case Container():
                return self.run.builtins.container_method(
                    frame, node, receiver, thing.name, arguments
                )
            case Library():
                return self.run.calls.unknown(frame, node, arguments)
        for part, value in arguments.given:
            self.run.records.escape(frame, part, value)
        return Value(PLAIN.things, arguments.all().reads)

    def _object_method(
        self,
        frame: Frame,
        node: e.Call,
        receiver: Made | Instance | Parent | Class,
        name: str,
        arguments: Arguments,
    ) -> Value:
        managed = name in library.MANAGED or name in library.LOCKS
        if managed and isinstance(receiver, Instance) and self._is_manager(receiver):
            return self.managed(frame, node, name, arguments)
        result = self.run.launches.method(frame, receiver, name, arguments)
        return self.run.calls.unknown(frame, node, arguments) if result is None else result

    def _is_manager(self, receiver: Instance) -> bool:
        bases = self.run.definitions.library_bases(receiver.definition)
        return any(library.member(base) in library.MANAGERS for base in bases)

    def _channel_method(self, frame: Frame, name: str, arguments: Arguments) -> Value:
        if name in library.SENDS:
            self.run.sending.sent(frame, arguments.positional[:1])
            self.run.results.kept(frame, None, arguments.all())
        for part, value in arguments.given:
            self.run.records.escape(frame, part, value)
        return UNKNOWN

    def _stack_method(
        self, frame: Frame, node: e.Call, stack: Made, name: str, arguments: Arguments
    ) -> Value:
        if name in {"enter_context", "enter_async_context"}:
            return self.run.locking.enter_stack(frame, node, stack, arguments.keyword("cm", 0))
        return UNKNOWN

    def _shared_method(
        self, frame: Frame, node: e.Call, thing: Shared, name: str, arguments: Arguments
    ) -> Value:
        base = node.function.value if isinstance(node.function, e.Attribute) else node
        if name in {"get_lock", "acquire", "release", "__enter__", "__exit__"}:
            self.run.locking.asked(frame, thing, node.function)
        if name == "get_lock":
            self.run.records.use(frame, Touch.LOCK, node, base, one(thing))
            return Value(frozenset(self.run.locking.own(thing)))
        if name == "get_obj":
            self.run.records.use(frame, Touch.ESCAPE, node, base, one(thing))
            return one(replace(thing, view="raw"))
        if name in {"acquire", "release", "__enter__", "__exit__"}:
            self.run.records.use(frame, Touch.LOCK, node, base, one(thing))
            return self.run.locking.method(frame, node, thing, name, arguments)
        if thing.view == "numpy":
            return one(thing) if name in _SAME_VIEW else PLAIN
        return self._cell_method(frame, node, thing, name, arguments)

    def _cell_method(
        self, frame: Frame, node: e.Call, thing: Shared, name: str, arguments: Arguments
    ) -> Value:
        given = node.arguments[0].value if node.arguments else None
        records = self.run.records
        records.touch(frame, thing)
        if name == "__setattr__" and isinstance(given, e.Literal):
            records.write(frame, node, thing, str(given.value), arguments.keyword("", 1))
            return PLAIN
        if name == "set" and thing.kind is Kind.MANAGER_VALUE:
            records.write(frame, node, thing, "value", arguments.keyword("value", 0))
            return PLAIN
        cell = None
        if name == "get":
            cell = (
                "value"
                if thing.kind is Kind.MANAGER_VALUE
                else f"[{spell(given) if given else ''}]"
            )
        elif name in _WHOLE_READS:
            cell = "[*]"
        reads = frozenset({records.read(frame, node, thing, cell)}) if cell else frozenset()
        return Value(UNKNOWN.things, reads | arguments.all().reads)


def _statement(frame: Frame) -> Location:
    assert frame.statement is not None
    return Location(frame.path, frame.statement)


def _typecode(code: Value) -> str | None:
    match list(code.things):
        case [Const(value=str(text))]:
            return text
    return None


def _is_structure(code: Value) -> bool:
    """Whether cells have fields: a ctypes Structure of the project's, or a type we can't see."""
    return bool(code.things) and all(isinstance(thing, Class) for thing in code.things)


def _is_one(size: Value) -> bool:
    return size.things == {Const(1, "int")}
