"""Which files git ignores: .gitignore files in the tree and .git/info/exclude, as pathspec reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# A repository that is being checked is not to be trusted: with many wildcards in one pattern, an
# expression made of it can backtrack without end.
_LENGTH_LIMIT = 4096
_WILDCARD_LIMIT = 6


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one file; `base` is its folder, absolute, with a "/" at its end."""

    base: str
    spec: GitIgnoreSpec


def parse(text: str, base: str) -> tuple[Rules, ...]:
    """The rules of one file; none where it has no pattern."""
    lines = [line for line in text.splitlines() if _is_pattern(line)]
    if not lines:
        return ()
    # Imported where there is something to ignore: it costs three empty starts of Python.
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    return (Rules(base, GitIgnoreSpec.from_lines(lines)),)


def _is_pattern(line: str) -> bool:
    plain = line.replace("**", "")
    return (
        bool(line.strip())
        and not line.startswith("#")
        and len(line) <= _LENGTH_LIMIT
        and plain.count("*") <= _WILDCARD_LIMIT
    )


def ignored(rules: tuple[Rules, ...], path: str, *, folder: bool) -> bool:
    """Whether the nearest file that speaks of the absolute `path` ignores it."""
    for rule in reversed(rules):
        if path.startswith(rule.base):
            name = path[len(rule.base) :] + ("/" if folder else "")
            include = rule.spec.check_file(name).include
            if include is not None:
                return include
    return False
