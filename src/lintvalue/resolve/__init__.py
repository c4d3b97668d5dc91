"""All files' facts to a Project: what is shared, which locks are held, who writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import modules
from lintvalue.resolve import outcome, roots
from lintvalue.resolve.groups import groups, merged
from lintvalue.resolve.interpreter import Interpreter
from lintvalue.resolve.makers import makers
from lintvalue.resolve.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.project import Project
    from lintvalue.model.settings import Settings

__all__ = ["resolve", "resolve_traced"]


def resolve(files: Sequence[FileFacts], settings: Settings) -> Project:
    """Join the facts of a project. The order of the files makes no difference."""
    return merged([_resolved(group, settings) for group in _groups(files)])


def resolve_traced(files: Sequence[FileFacts], settings: Settings, path: str) -> Project:
    """What the file at `path` is tied to, with the trace from which a line of it can be explained."""
    from lintvalue.resolve.traced import Named, TracedInterpreter  # noqa: PLC0415 - not for a check

    group = next((one for one in _groups(files) if path in one), {})
    world = _world(group, settings)
    named: dict[Named, None] = {}
    run = roots.run(world, lambda world: TracedInterpreter(world, path, named))
    return outcome.project(world, run.trails)


def _groups(files: Sequence[FileFacts]) -> list[dict[str, FileFacts]]:
    facts = {file.path: file for file in sorted(files, key=lambda file: file.path)}
    return groups(facts, modules.link(facts))


def _resolved(facts: Mapping[str, FileFacts], settings: Settings) -> Project:
    world = _world(facts, settings)
    roots.run(world, Interpreter)
    return outcome.project(world)


def _world(facts: Mapping[str, FileFacts], settings: Settings) -> World:
    linked = modules.link(facts)
    return World(dict(facts), linked, makers(facts, linked), settings.start_method or "any")
