"""Bytes and texts of single files: never blocks, never follows a codec that is no text encoding."""

from __future__ import annotations

import codecs
import io
import os
import re
import stat
from typing import TYPE_CHECKING

from lintvalue.model.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

MEGABYTE = 1 << 20
SIZE_LIMIT = 4 * MEGABYTE
# Beyond this a file is not even searched for our words.
SEARCH_LIMIT = 64 * MEGABYTE

# Python's parser may accept them; but they are no supersets of ASCII, or their decoding takes time
# with the square of the length, or does not give the same bytes back.
_REFUSED_CODECS = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)
_ROW_END = re.compile(rb"\r\n|\r|\n")
_REFUSED_FAMILIES = ("utf-16", "utf-32")
# Nothing is waited for, no terminal taken, nothing translated.
_OPTIONS = ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in _OPTIONS)


class Unreadable(Exception):  # noqa: N818 - a state of the file, told as a Problem
    """One file cannot be read or decoded; the message is a clause without a full stop."""


class Vanished(Unreadable):
    """The file was there when its folder was listed."""


def read_bytes(path: str, words: Sequence[bytes]) -> bytes:
    """The content of a regular file; b"" where it is too large to judge but has none of `words`."""
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError as error:
        raise Vanished(reason(error)) from None
    except OSError as error:
        raise Unreadable(reason(error)) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("not a regular file")
        return _read_regular(descriptor, status.st_size, words)
    except OSError as error:
        raise Unreadable(reason(error)) from None
    finally:
        os.close(descriptor)


def _read_regular(descriptor: int, size: int, words: Sequence[bytes]) -> bytes:
    if size > SIZE_LIMIT:
        return _search(descriptor, size, words)
    # Asked for no more than it has, since room for a large one costs more than to read a small one.
    data = os.read(descriptor, size + 1)
    if len(data) != size:  # it is changing
        while len(data) <= SIZE_LIMIT and (more := os.read(descriptor, MEGABYTE)):
            data += more
        if len(data) > SIZE_LIMIT:
            raise Unreadable(_too_large(len(data)))
    return data


def _search(descriptor: int, size: int, words: Sequence[bytes]) -> bytes:
    if size > SEARCH_LIMIT:
        raise Unreadable(_too_large(size))
    tail = b""
    while chunk := os.read(descriptor, MEGABYTE):
        if any(word in tail + chunk for word in words):
            raise Unreadable(_too_large(size))
        tail = chunk[-64:]
    return b""


def _too_large(size: int) -> str:
    return f"too large: {size:,} bytes, at most {SIZE_LIMIT:,} are judged"


def reason(error: OSError) -> str:
    """What the system says, as a clause."""
    text = error.strerror or type(error).__name__
    return text[:1].lower() + text[1:]


def decode(path: str, data: bytes) -> Source:
    """The text behind the bytes of a Python file, as PEP 263 has it, with its newlines as they are."""
    encoding = _encoding(data)
    bom = encoding == "utf-8-sig"
    codec = "utf-8" if bom else encoding
    body = data[len(codecs.BOM_UTF8) :] if bom else data
    try:
        text = body.decode(codec)
        same = text.encode(codec) == body
    except (UnicodeError, LookupError, ValueError) as error:
        raise Unreadable(f"cannot be decoded as {codec}: {_one_line(error)}") from None
    if not same:
        raise Unreadable(f"cannot be decoded as {codec} without loss")
    return Source(path, text, codec, bom)


def _encoding(data: bytes) -> str:
    if data.isascii() and b"coding" not in data and b"\0" not in data:
        return "utf-8"  # as most are
    import tokenize  # noqa: PLC0415

    try:
        # A cookie stands in one of the first two rows, which a lone carriage return ends as well.
        head = b"\n".join(_ROW_END.split(data, 2)[:2])
        encoding, _ = tokenize.detect_encoding(io.BytesIO(head).readline)
        info = codecs.lookup(encoding)
    except (SyntaxError, LookupError, UnicodeError, ValueError) as error:
        raise Unreadable(f"cannot be decoded: {_one_line(error)}") from None
    name = info.name.replace("_", "-")
    is_text = getattr(info, "_is_text_encoding", True)
    if not is_text or name in _REFUSED_CODECS or name.startswith(_REFUSED_FAMILIES):
        raise Unreadable(f"its encoding {name} is not supported")
    return encoding


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
