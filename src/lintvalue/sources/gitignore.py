"""Which files git ignores: .gitignore files in the tree and .git/info/exclude.

Matched part by part with `fnmatch`, whose expressions cannot backtrack without end; a pattern in a
repository that is being checked is not to be trusted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

_LENGTH_LIMIT = 4096
_ANY_DEPTH = "**"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a .gitignore; `base` is its folder, absolute, with a "/" at its end."""

    base: str
    parts: tuple[str, ...]
    folders_only: bool
    negated: bool


def parse(text: str, base: str) -> tuple[Rule, ...]:
    """The rules of one file, in its order."""
    return tuple(rule for line in text.splitlines() if (rule := _rule(line, base)) is not None)


def _rule(line: str, base: str) -> Rule | None:
    pattern = re.sub(r"(?<!\\) +$", "", line) if line.endswith(" ") else line
    if not pattern or pattern[0] == "#" or len(pattern) > _LENGTH_LIMIT:
        return None
    negated = pattern[0] == "!"
    body = pattern[1:] if negated else pattern
    trimmed = body.rstrip("/")
    if not trimmed:
        return None
    anchored = "/" in trimmed
    parts = tuple(part for part in trimmed.split("/") if part)
    return Rule(base, parts if anchored else (_ANY_DEPTH, *parts), trimmed != body, negated=negated)


def ignored(rules: tuple[Rule, ...], path: str, *, folder: bool) -> bool:
    """Whether the last rule that speaks of the absolute `path` ignores it."""
    for rule in reversed(rules):
        if (folder or not rule.folders_only) and _speaks_of(rule, path):
            return not rule.negated
    return False


def _speaks_of(rule: Rule, path: str) -> bool:
    if not path.startswith(rule.base):
        return False
    return _match(rule.parts, path[len(rule.base) :].split("/"))


def _match(pattern: tuple[str, ...], parts: list[str]) -> bool:
    # `reached` are the positions in `parts` that the patterns so far can end at: linear for each.
    reached = {0}
    for index, piece in enumerate(pattern):
        if piece == _ANY_DEPTH:
            last = index + 1 == len(pattern)
            first = min(reached, default=len(parts)) + last  # `a/**` is what lies below a
            reached = set(range(first, len(parts) + 1))
        else:
            expression = _expression(piece)
            reached = {at + 1 for at in reached if at < len(parts) and expression.match(parts[at])}
    return len(parts) in reached


@lru_cache(maxsize=4096)
def _expression(piece: str) -> re.Pattern[str]:
    escaped = re.sub(r"\\(.)", lambda found: f"[{found[1]}]", piece)
    return re.compile(translate(escaped.replace("[^", "[!").replace("[!]", "[^]")))
