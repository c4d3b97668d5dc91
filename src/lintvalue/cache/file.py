"""One file with named sections, each with a checksum, each read when it is asked for."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH105, PTH108, PTH123

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAGIC = "lintvalue cache"
# More than any project needs: whatever it is, it is not ours.
_SIZE_LIMIT = 1 << 30
_HEAD_LIMIT = 1 << 16


class DamagedError(Exception):
    """Not a file that we wrote, or not as we wrote it."""


class Sections:
    """What a file holds, which stays as it is found though it be replaced. Other programs' have none."""

    def __init__(self, path: str, identity: str) -> None:
        self.path = path
        self._file: IO[bytes] | None = None
        self._index: dict[str, tuple[int, int, int]] = {}
        try:
            self._file = open(path, "rb")  # noqa: SIM115 - sections are read later
            if os.fstat(self._file.fileno()).st_size > _SIZE_LIMIT:
                raise DamagedError("too large")
            head = self._file.readline(_HEAD_LIMIT)
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
                self._index = {
                    str(name): (len(head) + int(a), int(b), int(c)) for name, a, b, c in index
                }
        except (ValueError, TypeError, RecursionError):
            raise DamagedError("not a cache") from None

    def section(self, name: str) -> bytes | None:
        """The section's bytes, or None where there is none."""
        if name not in self._index or self._file is None:
            return None
        start, length, checksum = self._index[name]
        try:
            self._file.seek(start)
            data = self._file.read(length)
        except (OSError, ValueError, OverflowError):
            data = b""
        if len(data) != length or zlib.crc32(data) != checksum:
            raise DamagedError(f"its part {name!r} is damaged")
        return data


def write(path: str, identity: str, sections: Mapping[str, bytes]) -> None:
    """Replace the file as a whole, so that readers see the old one or the new one. Raises OSError."""
    index: list[tuple[str, int, int, int]] = []
    start = 0
    for name, data in sections.items():
        index.append((name, start, len(data), zlib.crc32(data)))
        start += len(data)
    head = json.dumps((_MAGIC, identity, index)).encode() + b"\n"
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.writelines((head, *sections.values()))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
