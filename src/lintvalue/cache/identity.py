"""Which program made a cache: entries of another one are not used."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH100, PTH110, PTH116, PTH118, PTH120

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder

from lintvalue import __version__

FORMAT = 1


def identity() -> str:
    """The versions that facts and findings depend on; importing LibCST to ask it would take long."""
    python = ".".join(map(str, sys.version_info))
    return f"{FORMAT} {__version__} {_newest_of_ours()} {python} {_parser()}"


def _newest_of_ours() -> int:
    """When the newest of our own files was changed: a working copy changes without its version."""
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    newest = 0
    with os.scandir(home) as rooms:
        folders = [home, *(room.path for room in rooms if room.is_dir())]
    for folder in folders:
        with os.scandir(folder) as files:
            times = [file.stat().st_mtime_ns for file in files if file.name.endswith(".py")]
        newest = max(newest, *times, 0)
    return newest


def _parser() -> str:
    spec = PathFinder.find_spec("libcst")
    if spec is None or spec.origin is None:
        return "none"
    version = os.path.join(os.path.dirname(spec.origin), "_version.py")
    status = os.stat(version if os.path.exists(version) else spec.origin)
    return f"{status.st_mtime_ns}-{status.st_size}"
