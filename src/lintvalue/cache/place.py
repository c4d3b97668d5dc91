"""The cache folder: where it is, what it is called, how it goes."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH103, PTH106, PTH108, PTH110, PTH113, PTH114, PTH118, PTH123, PTH208

from __future__ import annotations

import os

NAME = ".lintvalue_cache"
_TAG = "CACHEDIR.TAG"
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n"  # https://bford.info/cachedir/


def folder(root: str, chosen: str | None) -> str:
    """The cache folder of the project at `root`; a relative `chosen` one starts there."""
    return os.path.join(root, chosen or NAME)


def make(path: str) -> None:
    """Make the folder, with the marks by which git and backups pass it over. Raises OSError."""
    os.makedirs(path, exist_ok=True)
    for name, text in ((".gitignore", "# Made by lintvalue.\n*\n"), (_TAG, _SIGNATURE)):
        mark = os.path.join(path, name)
        if not os.path.exists(mark):
            with open(mark, "w", encoding="utf-8") as file:
                file.write(text)


def clean(path: str) -> bool:
    """Remove a cache folder; whether there was one. A folder that is not ours is left alone."""
    if os.path.islink(path) or not os.path.isfile(os.path.join(path, _TAG)):
        return False
    ours = [name for name in os.listdir(path) if name.endswith((".json", ".tmp"))]
    for name in (*ours, ".gitignore", _TAG):
        target = os.path.join(path, name)
        if os.path.lexists(target):
            os.unlink(target)
    if not os.listdir(path):
        os.rmdir(path)
    return True
