"""What the standard tokenizer says of a text; None where it can't read it (newer syntax than ours)."""

from __future__ import annotations

import ast
import token
import tokenize
from functools import lru_cache
from typing import TYPE_CHECKING

from lintvalue.fix.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Tokens = tuple[tokenize.TokenInfo, ...]

_LONGEST = 200  # characters of what may be an annotation
_FSTRING_START = getattr(token, "FSTRING_START", -1)
_FSTRING_END = getattr(token, "FSTRING_END", -1)


# One text is asked for its strings, its comments and its names, and again when it was changed.
@lru_cache(maxsize=16)
def tokens(text: str) -> Tokens | None:
    rows = _rows(text)
    try:
        return tuple(tokenize.generate_tokens(lambda: next(rows, "")))
    except (tokenize.TokenError, SyntaxError):
        return None


def _rows(text: str) -> Iterator[str]:
    lines = lines_of(text)
    for number in range(1, len(lines.starts) + 1):
        yield lines.row(number) + ("\n" if number < len(lines.starts) else "")


def comments(text: str) -> tuple[str, ...] | None:
    """All comments of the text, in order."""
    found = tokens(text)
    if found is None:
        return None
    return tuple(item.string for item in found if item.type == token.COMMENT)


def strings(text: str) -> tuple[str, ...] | None:
    """All strings of more than one row, in order: what must not be indented along with the code."""
    found = tokens(text)
    if found is None:
        return None
    return tuple(
        item.string for item in found if item.type == token.STRING and item.start[0] != item.end[0]
    )


def rows_in_strings(text: str) -> frozenset[int] | None:
    """The rows that begin inside a string: their blanks belong to its value."""
    found = tokens(text)
    if found is None:
        return None
    inside: set[int] = set()
    opened: list[int] = []
    for item in found:
        if item.type == token.STRING:
            inside.update(range(item.start[0] + 1, item.end[0] + 1))
        elif item.type == _FSTRING_START:
            opened.append(item.start[0])
        elif item.type == _FSTRING_END:
            inside.update(range(opened.pop() + 1, item.end[0] + 1))
    return frozenset(inside)


def mentions(text: str, name: str) -> int | None:
    """How often the text uses `name` as a variable, or in a string that may be read as code."""
    found = tokens(text)
    if found is None:
        return None
    pairs = zip((None, *found), found, strict=False)
    return sum(_mentions(before, item, name) for before, item in pairs)


def _mentions(before: tokenize.TokenInfo | None, item: tokenize.TokenInfo, name: str) -> bool:
    if item.type == token.NAME:
        return item.string == name and (before is None or before.string != ".")
    return item.type == token.STRING and name in item.string and is_code(item.string)


def is_code(literal: str) -> bool:
    """Whether a string may be an annotation, or stand in `__all__`; a sentence is only prose."""
    try:
        text = ast.literal_eval(literal)
        if not isinstance(text, str) or len(text) > _LONGEST:
            return False
        if " " in text.strip():
            ast.parse(text.strip(), mode="eval")
    except (ValueError, SyntaxError):
        return " " not in literal.strip()
    return True
