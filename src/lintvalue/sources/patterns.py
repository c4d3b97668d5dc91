"""Exclusion patterns: a name anywhere in the tree, or a path from the folder of the configuration.

Matching is `fnmatch`'s, whose expressions cannot backtrack without end; `*` also matches "/".
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass
from lintvalue.model.settings import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

LENGTH_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Patterns:
    """`literal` ones are looked up; `globs` are (text before the first wildcard, pattern)."""

    literal: frozenset[str]
    globs: tuple[tuple[str, str], ...]

    def match(self, path: str, name: str) -> bool:
        """Whether `path` (relative to the root, with "/") or its last part, `name`, is meant."""
        if name in self.literal or path in self.literal:
            return True
        return bool(self.globs) and any(
            _matches(head, glob, path, name) for head, glob in self.globs
        )

    def match_any_part(self, path: str) -> bool:
        """Whether `path` or a folder above it is meant."""
        parts = path.split("/")
        return any(self.match("/".join(parts[: at + 1]), name) for at, name in enumerate(parts))


def compile_patterns(patterns: Iterable[str]) -> Patterns:
    literal: set[str] = set()
    globs: list[tuple[str, str]] = []
    for raw in patterns:
        if len(raw) > LENGTH_LIMIT:
            raise UserError(f"a pattern is longer than {LENGTH_LIMIT:,} characters: {raw[:40]}...")
        pattern = raw.removeprefix("./").rstrip("/")
        head = re.match(r"[^*?\[]*", pattern)
        if head is None or head.end() == len(pattern):
            literal.add(pattern)
        else:
            globs.append((head[0], pattern))
    return Patterns(frozenset(literal), tuple(globs))


def _matches(head: str, glob: str, path: str, name: str) -> bool:
    return any(
        text.startswith(head) and _expression(glob).match(text) is not None
        for text in ((path, name) if "/" not in glob else (path,))
    )


@lru_cache(maxsize=4096)
def _expression(glob: str) -> re.Pattern[str]:
    # `**/x` also means `x` itself, as in ruff.
    return re.compile(translate(glob) + ("|" + translate(glob[3:]) if glob[:3] == "**/" else ""))
