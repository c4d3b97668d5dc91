"""One file's text, as it was read."""

from __future__ import annotations

from lintvalue.model.lean import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded file.

    `text` has the newlines of the file (no translation) and no byte order mark; `bom + text` encoded
    with `encoding` is the file, byte for byte.
    """

    path: str  # relative to the project's root, with "/"
    text: str
    encoding: str = "utf-8"
    bom: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one file could not be judged (or one request not served): a sentence for standard error."""

    path: str
    message: str
    line: int | None = None
    column: int | None = None  # from 1
