"""Whether a project says that it needs lintvalue, once its code imports the runtime."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"lintvalue(?![\w.-])", re.IGNORECASE)
_TABLES = (
    ("project", "dependencies"),
    ("project", "optional-dependencies"),
    ("dependency-groups",),
    ("tool", "poetry", "dependencies"),
    ("tool", "poetry", "group"),
    ("tool", "pdm", "dev-dependencies"),
    ("tool", "uv", "dev-dependencies"),
)
_LIMIT = 2**20  # bytes: no list of dependencies is longer


def is_listed(folder: str) -> bool:
    """Whether pyproject.toml, requirements files, setup.cfg or setup.py of `folder` name lintvalue."""
    root = Path(folder)
    if any(_NAME.match(text.strip()) for text in _strings(_table(root / "pyproject.toml"))):
        return True
    for path in (*sorted(root.glob("requirements*.txt")), root / "setup.cfg", root / "setup.py"):
        rows = _text(path).splitlines()
        if any(_NAME.match(row.strip(" \t\"'")) for row in rows):
            return True
    return False


def _text(path: Path) -> str:
    try:
        if path.is_file() and path.stat().st_size <= _LIMIT:
            return path.read_text("utf-8", "replace")
    except OSError:
        pass
    return ""


def _table(path: Path) -> list[object]:
    try:
        whole = tomllib.loads(_text(path))
    except (ValueError, RecursionError):
        return []
    return [_at(whole, keys) for keys in _TABLES]


def _at(table: object, keys: tuple[str, ...]) -> object:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _strings(value: object) -> Iterator[str]:
    """All strings and keys in lists and tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
