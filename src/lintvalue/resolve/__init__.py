"""All files' facts to a Project: what is shared, which locks are held, who writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import modules
from lintvalue.resolve import outcome, roots
from lintvalue.resolve.makers import makers
from lintvalue.resolve.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.project import Project
    from lintvalue.model.settings import Settings

__all__ = ["resolve"]


def resolve(files: Sequence[FileFacts], settings: Settings) -> Project:
    """Join the facts of a project. The order of the files makes no difference."""
    facts = {file.path: file for file in sorted(files, key=lambda file: file.path)}
    linked = modules.link(facts)
    world = World(facts, linked, makers(facts, linked), settings.start_method or "any")
    roots.run(world)
    return outcome.project(world)
