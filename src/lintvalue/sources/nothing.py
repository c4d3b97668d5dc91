"""Named files that surely have nothing to do with us, told with next to nothing loaded.

Most runs of a hook are such. All that is done here errs on one side: what may lie in a file's project,
may be imported, or may be meant by an option, is left to the whole program.
"""

from __future__ import annotations

import os

from lintvalue.model.library import WORDS
from lintvalue.sources.usual import DEFAULT_EXCLUDES, marked, upwards

_SUFFIX = ".py"
# What changes nothing for a run that finds nothing; `--quiet` would have to say less.
_OPTIONS = frozenset({"--no-cache", "--no-progress"})
_MOST_FILES = 400
_MOST_BYTES = 1 << 20


def surely_clean(arguments: list[str]) -> bool:
    """Whether `lintvalue` with these arguments checks files in which nothing can be found."""
    if arguments[:1] != ["check"] or any(name.startswith("LINTVALUE_") for name in os.environ):
        return False
    names = [one for one in arguments[1:] if one not in _OPTIONS]
    try:
        return bool(names) and _are_clean(names)
    except (OSError, ValueError, MemoryError):
        return False


def _are_clean(names: list[str]) -> bool:
    if any(name.startswith("-") or not name.endswith(_SUFFIX) for name in names):
        return False
    paths = [os.path.realpath(name) for name in names]
    roots = {marked(os.path.dirname(path)) for path in paths}  # noqa: PTH120
    root = roots.pop()
    if roots or root is None or any(map(_configures, upwards(root))):
        return False
    texts = _texts(root)
    if texts is None or not all(path in texts for path in paths):
        return False
    ours = {path for path, text in texts.items() if _is_ours(text)}
    return not ours or ours.isdisjoint(_tied(paths, texts))


def _configures(folder: str) -> bool:
    if os.path.lexists(f"{folder}{os.sep}lintvalue.toml"):
        return True
    try:
        return b"lintvalue" in _read(f"{folder}{os.sep}pyproject.toml")
    except FileNotFoundError:
        return False


def _texts(root: str) -> dict[str, bytes] | None:
    """All texts of the project, also those that git ignores; None where there are many."""
    excluded = frozenset(DEFAULT_EXCLUDES)
    texts: dict[str, bytes] = {}
    pending = [root]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name in excluded:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.name.endswith(_SUFFIX) and entry.is_file(follow_symlinks=False):
                    texts[entry.path] = _read(entry.path)
                    if len(texts) > _MOST_FILES:
                        return None
    return texts


def _read(path: str) -> bytes:
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, _MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) != size or size > _MOST_BYTES:
        raise ValueError(path)
    return data


def _is_ours(text: bytes) -> bool:
    if not text.isascii():
        from unicodedata import is_normalized  # noqa: PLC0415 - most files are ASCII

        if not is_normalized("NFKC", text.decode()):
            return True  # who knows what it says
    return any(word in text for word in WORDS)


def _tied(paths: list[str], texts: dict[str, bytes]) -> set[str]:
    """The files that may be tied to `paths` by imports: an import names the last part of a module."""
    names = {path: _module_name(path) for path in texts}
    reached = set(paths)
    ring = list(paths)
    while ring:
        path = ring.pop()
        name, text = names[path], texts[path]
        near = [
            other
            for other, its in texts.items()
            if other not in reached
            and (names[other] in text or name in its or _beside(path, other))
        ]
        reached.update(near)
        ring.extend(near)
    return reached


def _module_name(path: str) -> bytes:
    folder, _, name = path.rpartition(os.sep)
    if name == "__init__.py":
        name = folder.rpartition(os.sep)[2] + _SUFFIX
    return os.fsencode(name.removesuffix(_SUFFIX))


def _beside(path: str, other: str) -> bool:
    """Whether one is the package that the other lies in: `from . import x` does not name it."""
    for package, inside in ((path, other), (other, path)):
        folder, _, name = package.rpartition(os.sep)
        if name == "__init__.py" and inside.startswith(folder + os.sep):
            return True
    return False
