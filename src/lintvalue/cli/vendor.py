"""`lintvalue vendor`: the runtime as a file of the user's own."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH100, PTH112, PTH113, PTH120, PTH123

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.cli.parser import Parser
from lintvalue.cli.streams import put, say
from lintvalue.model.settings import UserError
from lintvalue.report.escape import one_line
from lintvalue.run.vendor import MARK, vendored

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    parser = Parser(
        prog="lintvalue vendor",
        description="Write the runtime as one file that imports the standard library alone.",
        allow_abbrev=False,
    )
    parser.add_argument("path", metavar="PATH", help="the file to write, src/app/counters.py")
    path = parser.parse_args(arguments).path
    _check(path)
    try:
        put(path, vendored().encode())
    except OSError as error:
        raise UserError(f"{one_line(path)}: could not be written: {error.strerror}") from None
    say(
        f"Wrote {one_line(path)}. To use it: `lintvalue fix --counter-import MODULE`, where MODULE is"
        " how your code imports that file."
    )
    return 0


def _check(path: str) -> None:
    """Raise UserError for what is no place for the file, or holds something else."""
    shown = one_line(path)
    if os.path.isdir(path):
        raise UserError(f"{shown} is a folder; name the file to write, {shown}/counters.py")
    if not path.endswith(".py"):
        raise UserError(f"{shown}: the file to write has to end in .py")
    if not os.path.isdir(os.path.dirname(os.path.abspath(path))):
        raise UserError(f"{shown}: there is no folder {one_line(os.path.dirname(path))}")
    if os.path.lexists(path) and not _is_ours(path):
        raise UserError(f"{shown} exists and was not written by this command; name another file")


def _is_ours(path: str) -> bool:
    """Whether the file is an earlier one of this command's."""
    if not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as file:
            return file.read(len(MARK)) == MARK.encode()
    except OSError:
        return False
