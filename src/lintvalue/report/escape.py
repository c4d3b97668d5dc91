"""Text of strangers made safe to print: names of files and lines of source."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` with everything that moves a cursor, turns the writing or cannot be encoded escaped."""
    if text.isprintable():
        return text
    return "".join(_safe(character) for character in text)


def one_line(text: str) -> str:
    """As `printable`; and not the start of a command to a CI runner, should it begin a line."""
    safe = printable(text)
    return "\\x3a" + safe[1:] if safe.lstrip().startswith(("::", "##[")) else safe


def _safe(character: str) -> str:
    if character == "\t" or character.isprintable():
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
