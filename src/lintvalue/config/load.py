"""Our table out of one file, read with care: a repository that is checked is not to be trusted."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH119

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from lintvalue.model.settings import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE_LIMIT = 1 << 20
# tomllib needs time with the square of a key's parts: https://github.com/python/cpython/issues/149231
MOST_PARTS = 64
_OURS = b"lintvalue"
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_NO_KEY = r"[^\w. \t-]+"


def load(path: str, *, required: bool) -> Mapping[str, object] | None:
    """The table, or None where the file has none of ours; `required` makes that an error."""
    data = _read(path)
    own = os.path.basename(path) != "pyproject.toml" and not _has_tool_table(data)
    if not own and _OURS not in data:
        table: object = None
    else:
        document = _parse(path, data)
        table = document if own else _ours(document)
    if table is None and required:
        raise UserError(f"{path}: has no table [tool.lintvalue]")
    if table is not None and not isinstance(table, dict):
        raise UserError(f"{path}: `tool.lintvalue` must be a table")
    return table


def _has_tool_table(data: bytes) -> bool:
    return b"tool.lintvalue" in data


def _ours(document: Mapping[str, object]) -> object:
    tool = document.get("tool")
    return tool.get("lintvalue") if isinstance(tool, dict) else None


def _read(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {_clause(error)}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UserError(f"{path}: is not a regular file")
        if status.st_size > SIZE_LIMIT:
            raise UserError(f"{path}: is larger than {SIZE_LIMIT:,} bytes")
        return os.read(descriptor, SIZE_LIMIT)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {_clause(error)}") from None
    finally:
        os.close(descriptor)


def _clause(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _parse(path: str, data: bytes) -> Mapping[str, object]:
    import tomllib  # noqa: PLC0415 - most runs need none

    try:
        text = data.decode()
        _refuse_long_keys(path, text)
        return tomllib.loads(text.replace("\r\n", "\n"))
    except RecursionError:
        raise UserError(f"{path}: is nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are
        what = " ".join(str(error).split())[:200]
        raise UserError(f"{path}: is not valid TOML: {what}") from None


def _refuse_long_keys(path: str, text: str) -> None:
    for line in text.split("\n"):
        bare = re.sub(_QUOTED, "q", line).partition("#")[0]
        if any(piece.count(".") > MOST_PARTS for piece in re.split(_NO_KEY, bare)):
            raise UserError(f"{path}: has a key of more than {MOST_PARTS} parts")
