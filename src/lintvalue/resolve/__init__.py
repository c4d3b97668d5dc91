"""All files' facts to a Project: what is shared, which locks are held, who writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import modules
from lintvalue.resolve import outcome, roots
from lintvalue.resolve.interpreter import Interpreter
from lintvalue.resolve.makers import makers
from lintvalue.resolve.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.project import Project
    from lintvalue.model.settings import Settings

__all__ = ["resolve", "resolve_traced"]


def resolve(files: Sequence[FileFacts], settings: Settings) -> Project:
    """Join the facts of a project. The order of the files makes no difference."""
    world = _world(files, settings)
    roots.run(world, Interpreter)
    return outcome.project(world)


def resolve_traced(files: Sequence[FileFacts], settings: Settings, path: str) -> Project:
    """The same, with the trace from which a line of the file at `path` can be explained."""
    from lintvalue.resolve.traced import Named, TracedInterpreter  # noqa: PLC0415 - not for a check

    world = _world(files, settings)
    named: dict[Named, None] = {}
    run = roots.run(world, lambda world: TracedInterpreter(world, path, named))
    return outcome.project(world, run.trails)


def _world(files: Sequence[FileFacts], settings: Settings) -> World:
    facts = {file.path: file for file in sorted(files, key=lambda file: file.path)}
    linked = modules.link(facts)
    return World(facts, linked, makers(facts, linked), settings.start_method or "any")
