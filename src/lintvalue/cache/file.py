"""One file with named sections of JSON, each with a checksum, each read when it is asked for."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH105, PTH108, PTH123

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAGIC = "lintvalue cache"
# More than any project needs: whatever it is, it is not ours.
_SIZE_LIMIT = 1 << 30


class DamagedError(Exception):
    """Not a file that we wrote, or not as we wrote it."""


class Sections:
    """What a file holds. Other programs' files have no sections."""

    def __init__(self, path: str, identity: str) -> None:
        self.path = path
        self._body = b""
        self._index: dict[str, tuple[int, int, int]] = {}
        try:
            with open(path, "rb") as file:
                if os.fstat(file.fileno()).st_size > _SIZE_LIMIT:
                    raise DamagedError("too large")
                head, _, self._body = file.read().partition(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise DamagedError(error.strerror or "cannot be read") from None
        self._read_head(head, identity)

    def _read_head(self, head: bytes, identity: str) -> None:
        try:
            magic, maker, index = json.loads(head)
            if magic != _MAGIC:
                raise ValueError  # noqa: TRY301 - the same end as for all that is odd
            if maker == identity:
                self._index = {str(name): (int(a), int(b), int(c)) for name, a, b, c in index}
        except (ValueError, TypeError, RecursionError):
            raise DamagedError("not a cache") from None

    def section(self, name: str) -> object:
        """The section's value, or None where there is none."""
        if name not in self._index:
            return None
        start, length, checksum = self._index[name]
        data = self._body[start : start + length]
        if zlib.crc32(data) != checksum:
            raise DamagedError(f"its part {name!r} is damaged")
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise DamagedError(f"its part {name!r} is damaged") from None


def write(path: str, identity: str, sections: Mapping[str, object]) -> None:
    """Replace the file as a whole, so that readers see the old one or the new one. Raises OSError."""
    index: list[tuple[str, int, int, int]] = []
    parts: list[bytes] = []
    start = 0
    for name, value in sections.items():
        data = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
        index.append((name, start, len(data), zlib.crc32(data)))
        parts.append(data)
        start += len(data)
    head = json.dumps((_MAGIC, identity, index)).encode()
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(b"".join((head, b"\n", *parts)))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
