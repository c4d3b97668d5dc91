"""What a project is marked by, and which folders are usually left out. Imported at every start."""

from __future__ import annotations

import os

MARKERS = ("pyproject.toml", "lintvalue.toml", ".git")

DEFAULT_EXCLUDES = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".lintvalue_cache",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)


def marked(folder: str) -> str | None:
    """The nearest folder from `folder` upwards that has a project's mark."""
    for above in upwards(folder):
        if any(os.path.lexists(f"{above}{os.sep}{name}") for name in MARKERS):
            return above
    return None


def upwards(folder: str) -> list[str]:
    """`folder`, the one that it lies in, and so on."""
    found = [folder]
    while (above := os.path.dirname(found[-1])) != found[-1]:  # noqa: PTH120 - paths stay strings
        found.append(above)
    return found
