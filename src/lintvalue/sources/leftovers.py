"""Files of ours that stand for a moment beside those that we write, and what killed runs left of them."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_OURS = re.compile(r"\.lintvalue-(\d{1,10})-([0-9a-z-]+)\.(tmp|journal)")


def name_beside(path: str, kind: str, mark: str = "") -> str:
    """A name in the folder of `path` that no other file has.

    `kind` is "tmp" or "journal"; `mark` tells a later run what it is, in lower-case letters and digits.
    """
    own_name = f".lintvalue-{os.getpid()}-{mark or secrets.token_hex(4)}.{kind}"
    return os.fspath(Path(path).with_name(own_name))


def create(name: str) -> int:
    """The descriptor of a new file that nobody else can read."""
    return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)


def left(folder: str, kind: str) -> Iterator[tuple[str, str]]:
    """Names and marks of what runs that have ended left in a folder; those of a run that goes on stay."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            ours = _OURS.fullmatch(entry.name)
            wanted = ours and ours[3] == kind and entry.is_file(follow_symlinks=False)
            if ours and wanted and not _runs(int(ours[1])):
                yield entry.path, ours[2]


def remove(name: str) -> None:
    with suppress(OSError):
        Path(name).unlink()


def _runs(process: int) -> bool:
    if os.name == "nt":  # there, os.kill would end it
        return process != os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return process != os.getpid()
