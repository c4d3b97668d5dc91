"""Reports to text: one module for each format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lintvalue.model.settings import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintvalue.model.explanation import Explanation
    from lintvalue.model.finding import Report

# A format's module is imported when it is asked for.
_MODULES = {
    "full": "full",
    "concise": "concise",
    "json": "json",
    "json-lines": "json_lines",
    "github": "github",
}
FORMATS = tuple(_MODULES)
# Their paths are relative to the repository's root, all others' to the working folder.
FROM_REPOSITORY = frozenset({"sarif", "gitlab", "github"})


def check_format(name: str) -> None:
    """Raises UserError for a format that cannot be written."""
    if name not in _MODULES:
        raise UserError(f"output format {name!r} is not available; use {', '.join(FORMATS)}")


def render(report: Report, name: str, *, colour: bool = False) -> str:
    """The findings of the report in the format called `name`."""
    check_format(name)
    module = import_module(f"lintvalue.report.{_MODULES[name]}")
    writer: Callable[..., str] = module.render
    return writer(report, colour=colour)


def render_explanation(told: Explanation, name: str, *, colour: bool = False) -> str:
    """Why a line is reported or not, as "text" or "json"."""
    module = import_module(f"lintvalue.report.explanation_{name}")
    writer: Callable[..., str] = module.render
    return writer(told, colour=colour)
