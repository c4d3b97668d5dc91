"""How long one text may take. The parser needs time that grows with 2^n for nested match patterns."""

from __future__ import annotations

import re

_MEGABYTE = 1 << 20
SECONDS = 10
SECONDS_A_MEGABYTE = 6
SECONDS_FOR_PATTERNS = 2
# Processor time is what limits; the wall is the backstop, since the machine may be busy.
WALL_FACTOR = 4

_PATTERN_DEPTH = 6
_CASE_LINE = re.compile(r"^[ \t]*case\b([^\n]*)", re.MULTILINE)


def processor_seconds(text: str) -> int:
    if has_deep_pattern(text):
        return SECONDS_FOR_PATTERNS
    return SECONDS + SECONDS_A_MEGABYTE * len(text) // _MEGABYTE


def has_deep_pattern(text: str) -> bool:
    """Whether a `case` line nests brackets deeper than people do."""
    return "match" in text and any(
        _depth(found[1]) > _PATTERN_DEPTH for found in _CASE_LINE.finditer(text)
    )


def _depth(line: str) -> int:
    depth = deepest = 0
    for character in line:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest
