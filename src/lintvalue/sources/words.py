"""Identifiers in bytes, as Python reads them: folded by NFKC, whatever the file's encoding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def mentions(data: bytes, words: Sequence[bytes]) -> bool:
    # Literal searches: one regular expression of alternatives takes several times as long.
    return any(word in data for word in words)


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


def identifiers(data: bytes) -> frozenset[str]:
    """All words of a text that could be names, those in comments and strings too."""
    return frozenset(_IDENTIFIER.findall(data.decode("utf-8", "replace")))
