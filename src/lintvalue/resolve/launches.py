"""Processes, threads and pools: what they run, how many there are, when they live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.resolve import library
from lintvalue.resolve.arguments import Arguments
from lintvalue.resolve.state import Context, Frame, State
from lintvalue.resolve.values import (
    NOTHING,
    PLAIN,
    UNKNOWN,
    Const,
    Container,
    Distinct,
    Function,
    Instance,
    Items,
    Library,
    Made,
    Parent,
    Plain,
    Unknown,
    Value,
    join,
    one,
)
from lintvalue.resolve.world import Launch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model import expressions as e
    from lintvalue.resolve.interpreter import Interpreter
    from lintvalue.resolve.values import Site


_MOST_VARIANTS = 6
_CALLBACKS = frozenset({"callback", "error_callback"})


class Launches:
    def __init__(self, run: Interpreter) -> None:
        self.run = run

    # Making

    def create(self, frame: Frame, node: e.Call, thing: Library, arguments: Arguments) -> Value:
        """`Process(target=…)`, `Pool(initializer=…)`, `spawn(f, …)`."""
        site = self.run.expressions.site(frame, node)
        name, method = thing.name, library.start_method(thing)
        member = name.rpartition(".")[2]
        if name in library.TORCH_SPAWN:
            return self._spawn(frame, site, arguments)
        if member in library.PROCESSES or name in library.THREADS:
            target = (
                arguments.keyword("target", 1)
                if member != "Timer"
                else arguments.keyword("function", 1)
            )
            place = 3 if member != "Timer" else 2
            self._enlist(
                frame,
                site,
                target,
                arguments.keyword("args", place),
                arguments.keyword("kwargs", place + 1),
                thread=name in library.THREADS,
                method=method,
            )
            return one(Made(site, "process"))
        return self._pool(frame, site, member, arguments, method)

    def _enlist(
        self,
        frame: Frame,
        site: Site,
        target: Value,
        positional: Value,
        keywords: Value,
        *,
        many: bool = False,
        thread: bool = False,
        method: str = "",
    ) -> Launch:
        self.run.world.interest += 1
        old = self.run.world.launches.get(site)
        launch = Launch(
            site,
            target,
            positional,
            keywords,
            self.run.loops,
            frame.context,
            many=many,
            thread=thread,
            unordered=frame.context.root,
            method=method,
        )
        if old is not None:
            launch.target = join((old.target, target))
            launch.positional = join((old.positional, positional))
            launch.keywords = join((old.keywords, keywords))
            launch.started, launch.beside = old.started, old.beside
            launch.overlapping, launch.unordered = old.overlapping, old.unordered
            launch.given, launch.variants = old.given, old.variants
        launch.variants.add((target, positional, keywords))
        self.run.world.launches[site] = launch
        return launch

    def _pool(
        self, frame: Frame, site: Site, member: str, arguments: Arguments, method: str
    ) -> Value:
        size = arguments.keyword("max_workers" if "Executor" in member else "processes", 0)
        launch = self._enlist(
            frame,
            site,
            NOTHING,
            NOTHING,
            NOTHING,
            many=size.things != {Const(1, "int")},
            thread=member.startswith("Thread"),
            method=method or _of_context(arguments.keyword("mp_context", 1)),
        )
        launch.started = True
        shift = 1 if member != "ProcessPoolExecutor" else 2
        initializer = arguments.keyword("initializer", shift)
        given = arguments.keyword("initargs", shift + 1)
        self._run(frame, launch, initializer, self._positional(frame, given), ())
        return one(Made(site, "pool"))

    def _spawn(self, frame: Frame, site: Site, arguments: Arguments) -> Value:
        """Torch's `spawn(f, args, nprocs)`: f is called with its rank first."""
        launch = self._enlist(frame, site, NOTHING, NOTHING, NOTHING, many=True, method="spawn")
        launch.started = True
        given = self._positional(frame, arguments.keyword("args", 1))
        before = frame.state.live if frame.state else frozenset()
        self._alive(frame, site)
        self._run(frame, launch, arguments.keyword("fn", 0), (one(Distinct(None)), *given), ())
        if frame.state is not None and not arguments.keyword("join", 3).things:
            frame.state.live = before
        return PLAIN

    def made(self, frame: Frame, instance: Instance) -> None:
        """An instance of a Process or Thread subclass is a launch, too."""
        known = instance.site in self.run.world.launches
        bases = self.run.definitions.library_bases(instance.definition)
        if not known and any(map(_is_process, bases)):
            thread = bool(bases & library.THREADS)
            method = self.run.definitions.start_method(instance.definition)
            self._enlist(
                frame, instance.site, NOTHING, NOTHING, NOTHING, thread=thread, method=method
            )

    # Running

    def method(
        self, frame: Frame, receiver: object, name: str, arguments: Arguments
    ) -> Value | None:
        """A method of a process, a thread or a pool; None if it is none."""
        if isinstance(receiver, Parent) and isinstance(receiver.receiver, Instance):
            return self._parent_method(frame, receiver, name, arguments)
        if not isinstance(receiver, (Made, Instance)):
            return None
        launch = self.run.world.launches.get(receiver.site)
        if launch is None:
            return None
        if isinstance(receiver, Made) and receiver.kind == "pool":
            return self._pool_method(frame, launch, name, arguments)
        if name == "start":
            self.start(frame, launch, receiver)
        elif name == "join":
            self.ended(frame, launch)
        elif name not in {"terminate", "kill", "is_alive", "close", "run"}:
            return None
        return PLAIN

    def _parent_method(
        self, frame: Frame, receiver: Parent, name: str, arguments: Arguments
    ) -> Value | None:
        instance = receiver.receiver
        assert isinstance(instance, Instance)
        self.made(frame, instance)
        launch = self.run.world.launches.get(instance.site)
        if launch is None:
            return None
        if name == "__init__":
            launch.target = join((launch.target, arguments.keyword("target", 1)))
            launch.positional = join((launch.positional, arguments.keyword("args", 3)))
            launch.keywords = join((launch.keywords, arguments.keyword("kwargs", 4)))
        elif name == "start":
            self.start(frame, launch, instance)
        elif name == "run":
            given = self._positional(frame, launch.positional)
            self.run.calls.call_value(frame, launch.target, None, *given)
        return PLAIN

    def start(self, frame: Frame, launch: Launch, receiver: Made | Instance) -> None:
        """`process.start()`: from here on it runs beside the rest."""
        launch.started = True
        if frame.state is not None:
            launch.overlapping |= launch.site in frame.state.live
            launch.beside |= frame.state.live - {launch.site}
        self._alive(frame, launch.site)
        self.run_target(frame, launch, receiver)

    def run_target(self, frame: Frame, launch: Launch, receiver: Made | Instance) -> None:
        """Run what a process runs, in a context of its own."""
        if isinstance(receiver, Instance):
            method = self.run.definitions.lookup(receiver.definition, "run")
            bound = [Function(f.path, f.span, f.frame, receiver) for f in method.of(Function)]
            if bound:
                self._run(frame, launch, Value(frozenset(bound)), (), ())
                return
        for target, given, named in _variants(launch):
            positional = tuple(map(_handed, self._positional(frame, given)))
            keywords = tuple((name, _handed(x)) for name, x in self._keywords(named))
            self._run(frame, launch, target, positional, keywords)

    def own(self, frame: Frame, instance: Instance, value: Value) -> Value:
        """An attribute of the very process that runs the code: what it was made with is its own."""
        return _handed(value) if frame.context.launch == instance.site else value

    def _alive(self, frame: Frame, site: Site) -> None:
        if frame.state is not None:
            frame.state.live |= {site}

    def ended(self, frame: Frame, launch: Launch) -> None:
        """`join()`: in a loop over processes, all of them are joined."""
        if frame.state is not None:
            frame.state.live -= {launch.site}

    def context_left(self, frame: Frame, value: Value) -> None:
        """The end of `with Pool(…) as pool:`."""
        for made in value.of(Made):
            launch = self.run.world.launches.get(made.site)
            if launch is not None:
                self.ended(frame, launch)

    def _run(
        self,
        frame: Frame,
        launch: Launch,
        target: Value,
        positional: tuple[Value, ...],
        keywords: tuple[tuple[str, Value], ...],
    ) -> Value:
        """Call `target` in the launch's own context: no lock is held there, no loop is around it."""
        loops, self.run.loops = self.run.loops, ()
        inner = Frame(
            id=self.run.frame_id(("launch", launch.site)),
            serial=self.run.next(),
            path=frame.path,
            qualified=frame.qualified,
            context=Context(launch.site),
            state=State({}),
            statement=frame.statement,
            statement_serial=self.run.next(),
            kind="launch",
            site_context=(launch.site.at, *launch.site.context)[:2],
            depth=frame.depth + 1,
        )
        arguments = Arguments(positional, keywords)
        launch.given |= {target.without_reads(), arguments.all().without_reads()}
        results = []
        for thing in target.things:
            inner.state = State({})
            results.append(self.run.calls.call_from(inner, thing, arguments))
        self.run.loops = loops
        return join(results).without_reads()

    def _positional(self, frame: Frame, value: Value) -> tuple[Value, ...]:
        """The arguments in `args=`; a container of unknown length gives none."""
        rows = []
        for thing in value.things:
            if isinstance(thing, Items):
                rows.append(thing.elements)
            elif isinstance(thing, Container):
                rows.append(tuple(self.run.passing.indexed(thing)) or self._repeated(frame, thing))
        longest = max(map(len, rows), default=0)
        return tuple(
            join(row[index] for row in rows if index < len(row)) for index in range(longest)
        )

    def _repeated(self, frame: Frame, thing: Container) -> tuple[Value, ...]:
        element = self.run.expressions.element(frame, one(thing), None)
        return (element,) * 8 if element.things else ()

    def _keywords(self, value: Value) -> tuple[tuple[str, Value], ...]:
        found: dict[str, Value] = {}
        for container in value.of(Container):
            cells = self.run.world.members("item", container.site)
            found.update((str(key), held) for key, held in cells.items() if key is not None)
        return tuple(found.items())

    # Pools

    def _pool_method(self, frame: Frame, launch: Launch, name: str, arguments: Arguments) -> Value:
        if name in library.POOL_ENDS:
            self.ended(frame, launch)
            return PLAIN
        if name not in library.POOL_CALLS:
            return UNKNOWN
        how, goes_on = library.POOL_CALLS[name]
        if not launch.thread:
            self.run.sending.sent(frame, _sent(name, arguments))
        before = frame.state.live if frame.state else frozenset()
        self._alive(frame, launch.site)
        result = self._task(frame, launch, how, arguments)
        if frame.state is not None and not goes_on:
            frame.state.live = before
        return result

    def _task(self, frame: Frame, launch: Launch, how: str, arguments: Arguments) -> Value:
        function = join((arguments.keyword("func", 0), arguments.keyword("fn")))
        element = self.run.expressions.element
        match how:
            case "args":
                positional = self._positional(frame, arguments.keyword("args", 1))
                keywords = self._keywords(arguments.keyword("kwds", 2))
            case "each":
                positional = tuple(
                    element(frame, value, None) for value in arguments.positional[1:]
                )
                keywords = ()
            case "unpacked":
                row = element(frame, arguments.keyword("iterable", 1), None)
                positional, keywords = self._positional(frame, row), ()
            case _:
                positional, keywords = arguments.positional[1:], arguments.keywords
        self._run(frame, launch, function, positional, keywords)
        return UNKNOWN


def _variants(launch: Launch) -> list[tuple[Value, Value, Value]]:
    """Targets and the arguments that each is made with; too many of them are taken together."""
    if 1 < len(launch.variants) <= _MOST_VARIANTS:
        return sorted(launch.variants, key=repr)
    return [(launch.target, launch.positional, launch.keywords)]


def _handed(value: Value) -> Value:
    """A number or a string that a process is given as it is made: most likely, another one than the
    others get, unless it is one constant.
    """
    kinds = {type(thing) for thing in value.things}
    several = kinds == {Const} and len(value.things) > 1
    folded = Plain(folded=True) in value.things
    if several or (kinds <= {Plain, Unknown, Distinct} and kinds - {Distinct} and not folded):
        return Value(value.things | {Distinct(None)}, value.reads)
    return value


def _of_context(value: Value) -> str:
    return next((thing.method for thing in value.of(Library)), "")


def _is_process(base: str) -> bool:
    return library.member(base) in library.PROCESSES or base in library.THREADS


def _sent(name: str, arguments: Arguments) -> Iterator[Value]:
    """What a pool's method sends: not what is called in this process when a task is over.

    As in CPython's Lib/multiprocessing/pool.py: `apply_async(func, args, kwds, callback, error_callback)`,
    `map_async(func, iterable, chunksize, callback, error_callback)`.
    """
    last = 3 if name.endswith("_async") else None
    yield from arguments.positional[:last]
    yield from (value for key, value in arguments.keywords if key not in _CALLBACKS)
