"""Standard output and standard error, whatever state they are in; the output file."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH100, PTH105, PTH108, PTH110, PTH112, PTH116, PTH118, PTH120, PTH123

from __future__ import annotations

import os
import stat
import sys


class OutputError(Exception):
    """What was found cannot be written where it should go."""


def reopen() -> None:
    """Closed standard streams become /dev/null, lest the next file opened takes their place."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(descriptor)
        except OSError:
            _open_null(descriptor)
        if getattr(sys, name) is None:
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _open_null(descriptor: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    if null != descriptor:
        os.dup2(null, descriptor)
        os.close(null)


def write(text: str) -> None:
    """To standard output as UTF-8, whatever the locale says."""
    write_bytes(text.encode("utf-8", "backslashreplace"))


def write_bytes(data: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write to standard output: {error.strerror}") from None


def say(text: str) -> None:
    """One message on standard error; nobody can be told where that fails."""
    try:
        sys.stderr.flush()
        sys.stderr.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stderr.buffer.flush()
    except (OSError, ValueError):
        pass


def check_output_file(path: str) -> None:
    """Raises OutputError where the report could not be written there, before any work is done."""
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(path):
        raise OutputError(f"--output-file {path}: is a folder")
    if not os.path.isdir(folder):
        raise OutputError(f"--output-file {path}: there is no folder {folder}")


def write_file(path: str, text: str) -> None:
    """Replaces a regular file as a whole; a device or a pipe is written to, never replaced."""
    data = text.encode("utf-8", "backslashreplace")
    try:
        target = os.path.realpath(path)
        if os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
            with open(target, "wb", buffering=0) as stream:
                stream.write(data)
        else:
            put(target, data)
    except OSError as error:
        raise OutputError(f"--output-file {path}: {error.strerror}") from None


def put(target: str, data: bytes) -> None:
    """Write the file, or replace it, as a whole."""
    temporary = os.path.join(os.path.dirname(target), f".lintvalue-{os.getpid()}.tmp")
    try:
        with open(temporary, "xb") as stream:
            stream.write(data)
        os.replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
