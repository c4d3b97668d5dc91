"""The command line: what was asked for, what comes back, which status it ends with."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from lintvalue.cli.signals import Stopped, handle_signals
from lintvalue.cli.streams import OutputError, reopen, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CLEAN, FOUND, FAILED = 0, 1, 2
_PIPE_CLOSED = 141

# A command's module is imported when it is called.
COMMANDS = {
    "check": "report unsafe updates of shared memory",
    "fix": "rewrite them",
    "rule": "explain a rule",
    "explain": "tell why a line is reported, or why it is not",
    "vendor": "write the runtime as one file without dependencies",
    "clean": "remove the cache",
}
_HELP = ("-h", "--help", "help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; never raises."""
    reopen()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        handle_signals()
        status = _status(given)
        sys.stdout.flush()
    except Stopped as stopped:
        status = 128 + stopped.number
        _leave(status)
    except BrokenPipeError:
        _leave(_PIPE_CLOSED)
    except BaseException as error:  # noqa: BLE001 - one line in place of a traceback
        status = _failed(error, verbose="--verbose" in given or "-v" in given)
    return status


def _status(given: list[str]) -> int:
    try:
        return _run(given)
    except SystemExit as stop:  # as argparse ends for `--help`
        return stop.code if isinstance(stop.code, int) else FAILED


def _leave(status: int) -> None:
    # A thread may still be at work, and standard output can't take what is left in its buffer.
    os._exit(status)


def _failed(error: BaseException, *, verbose: bool) -> int:
    from lintvalue.model.settings import UserError  # noqa: PLC0415 - not for `--help`

    if isinstance(error, (UserError, OutputError)):
        say(f"error: {error}")
    else:
        _internal(error, verbose=verbose)
    if isinstance(error, OutputError):
        _leave(FAILED)  # Python would try to write the rest again when it ends
    return FAILED


def _internal(error: BaseException, *, verbose: bool) -> None:
    if verbose:
        import traceback  # noqa: PLC0415

        for line in "".join(traceback.format_exception(error)).rstrip().split("\n"):
            say(line)
    what = " ".join(str(error).split())[:300]
    say(f"error: lintvalue failed: {type(error).__name__}: {what} (--verbose tells more)")


def _run(given: list[str]) -> int:
    if not given or given[0] in _HELP:
        return _overview(asked=bool(given))
    if given[0] in ("-V", "--version"):
        return _version()
    command, *rest = given
    if command not in COMMANDS:
        from lintvalue.model.settings import UserError  # noqa: PLC0415

        known = ", ".join(COMMANDS)
        raise UserError(f"unknown command {command!r}; use one of {known}")
    module = import_module(f"lintvalue.cli.{command}")
    run: Callable[[list[str]], int] = module.run
    return run(rest)


def _version() -> int:
    from lintvalue import __version__  # noqa: PLC0415
    from lintvalue.cli.streams import write  # noqa: PLC0415

    write(f"lintvalue {__version__}\n")
    return CLEAN


def _overview(*, asked: bool) -> int:
    from lintvalue.cli.streams import write  # noqa: PLC0415

    rows = "".join(f"  {name:<8}{what}\n" for name, what in COMMANDS.items())
    text = (
        "Finds and repairs lost updates on memory shared between Python processes.\n\n"
        "usage: lintvalue COMMAND [OPTIONS] [ARGUMENTS]\n\n"
        f"commands:\n{rows}\n"
        "`lintvalue COMMAND --help` lists its options, `lintvalue --version` prints the version.\n"
    )
    if asked:
        write(text)
        return CLEAN
    say(text.rstrip())
    return FAILED
