"""All files' facts to a Project: what is shared, which locks are held, who writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import modules
from lintvalue.resolve import outcome, roots
from lintvalue.resolve.crowds import crowds
from lintvalue.resolve.groups import groups, merged
from lintvalue.resolve.interpreter import Interpreter
from lintvalue.resolve.makers import makers
from lintvalue.resolve.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.modules import Modules
    from lintvalue.model.project import Project
    from lintvalue.model.settings import Settings

    Group = Mapping[str, FileFacts]
    Spread = Callable[[Sequence[Group], Callable[[Group], Project]], list[Project]]

__all__ = ["resolve", "resolve_traced"]


def resolve(
    files: Sequence[FileFacts],
    settings: Settings,
    every: Iterable[str] | Modules = (),
    spread: Spread = lambda groups, resolved: list(map(resolved, groups)),
) -> Project:
    """Join the facts of a project. The order of the files makes no difference.

    `every` are the paths of all its files, also of those without facts: they say what names mean. They may
    be linked already.
    `spread` resolves groups of files that nothing ties to each other, by a function that does one.
    """
    linked = _linked(files, every)
    found = _groups(files, linked)
    return merged(spread(found, lambda group: _resolved(group, linked, settings)))


def resolve_traced(
    files: Sequence[FileFacts], settings: Settings, path: str, every: Iterable[str] = ()
) -> Project:
    """What the file at `path` is tied to, with the trace from which a line of it can be explained."""
    from lintvalue.resolve.traced import Named, TracedInterpreter  # noqa: PLC0415 - not for a check

    linked = _linked(files, every)
    group = next((one for one in _groups(files, linked) if path in one), {})
    world = _world(group, linked, settings)
    named: dict[Named, None] = {}
    run = roots.run(world, lambda world: TracedInterpreter(world, path, named))
    return outcome.project(world, run.trails)


def _linked(files: Sequence[FileFacts], every: Iterable[str] | Modules) -> Modules:
    paths = {file.path for file in files}
    if not isinstance(every, modules.Modules):
        return modules.link(paths.union(every))
    return every if paths <= every.paths else modules.link(paths | every.paths)


def _groups(files: Sequence[FileFacts], linked: Modules) -> list[dict[str, FileFacts]]:
    facts = {file.path: file for file in sorted(files, key=lambda file: file.path)}
    return groups(facts, linked.among(facts))


def _resolved(facts: Mapping[str, FileFacts], linked: Modules, settings: Settings) -> Project:
    world = _world(facts, linked, settings)
    roots.run(world, Interpreter)
    return outcome.project(world)


def _world(facts: Mapping[str, FileFacts], linked: Modules, settings: Settings) -> World:
    own = linked.among(facts)
    made = makers(facts, own)
    many = crowds(facts, made)
    return World(dict(facts), own, made.functions, many, settings.start_method or "any")
