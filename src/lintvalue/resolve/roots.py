"""Where execution begins: modules, then what no code in sight calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lintvalue.model import expressions as e
from lintvalue.model.lean import replace
from lintvalue.model.span import Location
from lintvalue.resolve.arguments import NOTHING_KNOWN
from lintvalue.resolve.interpreter import BUDGET, Interpreter
from lintvalue.resolve.makers import walk
from lintvalue.resolve.state import Context, Frame, Section, State
from lintvalue.resolve.values import Class, Function, Instance, Made, Site, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lintvalue.resolve.world import World

# Each round knows all that the round before stored; real projects settle in three or four.
_MOST_ROUNDS = 6
# So many rounds at most find no object; what makes one may come from a module that is read later, through
# another one.
_IDLE_ROUNDS = 2

_UNSEEN = Context(root=True)
Run = TypeVar("Run", bound=Interpreter)


def run(world: World, make: Callable[[World], Run]) -> Run:
    """Run everything until the heap holds all that it ever will; the last round's events count.

    Each round is run by another interpreter, made by `make`; that of the last one is returned.
    """
    mentioned = _mentioned(world)
    steps = 0
    for number in range(_MOST_ROUNDS):
        world.forget_events()
        interpreter = make(world)
        _round(interpreter, mentioned)
        world.charge_all()
        steps += interpreter.steps
        if not world.grown or (number >= _IDLE_ROUNDS and not world.shared):
            return interpreter
        if steps > BUDGET:
            break
    world.settled = False
    return interpreter


def _round(run: Interpreter, mentioned: frozenset[str]) -> None:
    for path, facts in sorted(run.world.facts.items(), key=_packages_first):
        run.module(path, facts.body, context=Context())
    _forgotten_launches(run)
    for wanted in (False, True):  # what others mention may yet be called by them
        for thing in _uncalled(run, mentioned, mentioned_too=wanted):
            if (thing.path, thing.span) not in run.world.called:
                run.root += 1
                _enter(run, thing)
    _forgotten_launches(run)
    run.declarations.bare()


def _packages_first(item: tuple[str, object]) -> tuple[int, str]:
    """Modules that others import mostly lie deeper or come first; the heap evens out the rest."""
    return (0 if item[0].endswith("__init__.py") else 1, item[0])


def _uncalled(
    run: Interpreter, mentioned: frozenset[str], *, mentioned_too: bool
) -> Iterator[Function]:
    """Functions that nothing has called so far, in source order."""
    functions = sorted(run.world.functions, key=lambda thing: (thing.path, thing.span))
    for thing in functions:
        node = run.world.functions[thing]
        used = node.name.strip("_") in mentioned or node.name.startswith("__")
        if _nested(run, thing) or (used and not mentioned_too):
            continue
        yield thing


def _nested(run: Interpreter, thing: Function) -> bool:
    """A function inside another is entered with it."""
    enclosing = run.world.frames.get(thing.frame)
    return enclosing is not None and enclosing.kind == "function"


def _enter(run: Interpreter, thing: Function) -> None:
    """Call a function as code that we don't see may call it."""
    frame = _outside(run, thing)
    enclosing = run.world.frames.get(thing.frame)
    if enclosing is None or enclosing.owner is None:
        run.calls.call_unknown(frame, thing)
        return
    instances = _instances(run, frame, enclosing.owner)
    if run.world.functions[thing].name in {"__init__", "__new__", "__post_init__"}:
        return
    for instance in instances:
        for home in _homes(run, instance):
            at_home = replace(frame, context=Context(home, root=True))
            run.calls.call_unknown(at_home, replace(thing, receiver=instance))


def _homes(run: Interpreter, instance: Instance) -> list[Site | None]:
    """Who calls an object's methods, where we don't see it: the processes that made the object."""
    homes = run.world.homes.get(instance, set())
    launches = sorted((home for home in homes if home), key=lambda home: (home.at, home.context))
    return [None, *launches] if None in homes or not launches else [*launches]


def _outside(run: Interpreter, thing: Function) -> Frame:
    """The frame of a caller that we don't see; it may be one that calls such a method under a lock."""
    place = Location(thing.path, thing.span)
    name = run.world.functions[thing].name if thing in run.world.functions else ""
    guard = Section(run.next(), frozenset({Unknown()}), place, place, guess=True)
    return Frame(
        id=run.frame_id(("root", thing)),
        serial=run.next(),
        path=thing.path,
        qualified="",
        context=_UNSEEN,
        state=State({}, (guard,) if name in run.world.guarded else ()),
        statement=thing.span,
        statement_serial=run.next(),
        kind="root",
    )


def _instances(run: Interpreter, frame: Frame, owner: Class) -> list[Instance]:
    """The objects that a method may be called on; one is made up where none is made in sight."""
    known = [
        instance
        for definition in run.definitions.heirs(owner)
        for instance in run.world.instances.get(definition, ())
    ]
    known = known or [Instance(owner, _made_up(owner))]
    for instance in known:
        if instance.site == _made_up(instance.definition) and instance not in run.made_up:
            _make_up(run, frame, instance)
    known.sort(key=lambda instance: (instance.site.at, instance.site.context))
    return run.alike.one_each(known)


def _made_up(owner: Class) -> Site:
    """The allocation site of an instance that no text makes."""
    return Site(Location(owner.path, owner.span))


def _make_up(run: Interpreter, frame: Frame, instance: Instance) -> None:
    """Make an instance as code that we don't see may make it, once in each round."""
    run.made_up.add(instance)
    run.world.instances.setdefault(instance.definition, set()).add(instance)
    found = run.definitions.lookup(instance.definition, "__init__")
    for method in found.of(Function):
        run.calls.call_unknown(frame, replace(method, receiver=instance))
    if not found.things:
        run.calls.initialise(frame, instance, NOTHING_KNOWN, None)
    run.launches.made(frame, instance)


def _forgotten_launches(run: Interpreter) -> None:
    """Processes that are made in sight and started elsewhere."""
    for site, launch in sorted(run.world.launches.items(), key=lambda item: item[0].at):
        if launch.started:
            continue
        launch.started = launch.unordered = launch.overlapping = True
        made = Function(site.at.path, site.at.span)
        frame = replace(_outside(run, made), context=launch.parent)
        run.launches.run_target(frame, launch, _receiver(run, site))


def _receiver(run: Interpreter, site: Site) -> Made | Instance:
    for instances in run.world.instances.values():
        for instance in instances:
            if instance.site == site:
                return instance
    return Made(site, "process")


# Which functions are mentioned by name, other than where they are defined


def _mentioned(world: World) -> frozenset[str]:
    found: set[str] = set()
    for facts in world.facts.values():
        for node in walk(facts.body.statements):
            match node:
                case e.Name():
                    found.add(node.id.strip("_"))
                case e.Attribute():
                    found.add(node.name.strip("_"))
    return frozenset(found)
