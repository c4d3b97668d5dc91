"""Identifiers in bytes, as Python reads them: folded by NFKC, whatever the file's encoding."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASCII = bytes(range(128))
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def mentions(data: bytes, words: Sequence[bytes]) -> bool:
    # Literal searches: one regular expression of alternatives takes several times as long.
    for word in words:  # noqa: SIM110 - asked of each file
        if word in data:
            return True
    return False


def folded(data: bytes) -> bytes:
    """The text in UTF-8 with its rows and identifiers as Python tells and compares them.

    It is the same object if there is nothing to do.
    """
    if b"\r" in data:  # alone it ends a row, too
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if data.isascii():
        return data
    from unicodedata import is_normalized, normalize  # noqa: PLC0415 - most files are ASCII

    codec = _codec(data)
    if codec == "utf-8":
        others = frozenset(data.translate(None, _ASCII).decode("utf-8", "replace"))
        if not any(map(_may_fold, others)):
            return data
    try:
        text = data.decode(codec, "replace")
    except LookupError:
        return data
    if is_normalized("NFKC", text):
        return data if codec == "utf-8" else text.encode()
    return normalize("NFKC", text).encode("utf-8", "replace")


def _codec(data: bytes) -> str:
    for line in data.split(b"\n", 2)[:2]:
        found = _CODING.match(line)
        if found is not None:
            name = found[1].decode("ascii", "replace").lower()
            return "utf-8" if name in {"utf8", "utf-8"} else name
    return "utf-8"


@cache
def _may_fold(character: str) -> bool:
    """Whether an identifier may read otherwise for this character, alone or together with others."""
    from unicodedata import category, is_normalized  # noqa: PLC0415 - see above

    joins = category(character).startswith("M") or "\u1100" <= character <= "\u11ff"
    in_names = f"a{character}".isidentifier()
    return in_names and (joins or not is_normalized("NFKC", character))
