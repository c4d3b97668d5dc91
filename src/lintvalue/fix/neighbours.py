"""How one file of a project imports from another, without going round in a circle."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lintvalue.fix.imports import bindings
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.model import statements as s

if TYPE_CHECKING:
    from collections.abc import Iterator


def import_of(survey: Survey, page: Page, other: Page, name: str) -> str:
    """`from … import name`, spelled as the file's other imports are.

    Raises Refusal where it is not known how, or `other` may import `page` in turn.
    """
    _no_circle(survey, page, other)
    return f"from {_module(survey, page, other)} import {name}"


def _module(survey: Survey, page: Page, other: Page) -> str:
    parts = other.path.removesuffix(".py").split("/")
    folders = page.path.split("/")[:-1]
    for item in (item for statement in _imports(page) for item in statement.names):
        found = source(survey, page, item)
        root = folders[:-1] if item.level else _root(found, item.module) if found else None
        if root is None or not _in_one_package(root, folders, parts):
            continue
        return _relative(folders, parts) if item.level else ".".join(parts[len(root) :])
    raise Refusal(f"it is not known how {page.path} could import from {other.path}")


def _in_one_package(root: list[str], folders: list[str], parts: list[str]) -> bool:
    """Whether two files lie in one folder, or in one below the root: what lies elsewhere may not be installed."""
    depth = len(root) + 1
    below = len(parts) > depth and parts[:depth] == folders[:depth]
    return (
        parts[: len(root)] == root and parts[-1] != "__init__" and (parts[:-1] == folders or below)
    )


def _root(found: str, dotted: str) -> list[str] | None:
    """The folders that the dotted name of a file leaves out."""
    parts = found.removesuffix(".py").removesuffix("/__init__").split("/")
    named = dotted.split(".")
    return parts[: -len(named)] if parts[-len(named) :] == named else None


def _relative(folders: list[str], parts: list[str]) -> str:
    common = 0
    while common < min(len(folders), len(parts) - 1) and folders[common] == parts[common]:
        common += 1
    return "." * (len(folders) - common + 1) + ".".join(parts[common:])


def _no_circle(survey: Survey, page: Page, other: Page) -> None:
    seen: set[str] = set()
    left = [other.path]
    while left:
        path = left.pop()
        if path == page.path:
            raise Refusal(f"{other.path} imports {page.path}, which would import it in turn")
        if path not in seen:
            seen.add(path)
            left += _imported(survey, path)


def _imported(survey: Survey, path: str) -> Iterator[str]:
    if path not in survey.pages:
        raise Refusal(f"{path} may import others in turn")
    page = survey.pages[path]
    for binding in bindings(page):
        item = binding.item
        found = source(survey, page, item)
        if found:
            yield found
        elif item.level or item.module.partition(".")[0] not in sys.stdlib_module_names:
            raise Refusal(f"{path} imports what may import others in turn")


def source(survey: Survey, page: Page, item: s.Imported) -> str | None:
    """The file of the project that an import means."""
    if item.level:
        return survey.modules.relative(item.level, item.module, page.path)
    return survey.modules.find(item.module, page.path)


def _imports(page: Page) -> Iterator[s.Import]:
    for statement in page.facts.body.statements:
        if isinstance(statement, s.Import):
            yield statement
