"""Trees to measure on: made of this Python's own library, so that nothing has to be fetched."""

from __future__ import annotations

import shutil
import sysconfig
from itertools import cycle, islice
from pathlib import Path

# Modules that are about shared memory themselves would be copied as often as the rest.
_LEFT_OUT = {
    "test",
    "tests",
    "idle_test",
    "site-packages",
    "__pycache__",
    "multiprocessing",
    "concurrent",
}
_PROGRAM = """\
from multiprocessing import Process, Value


def add(hits):
    hits.value += 1


def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=add, args=(hits,)).start()
"""
_CLEAN = """\
def total(rows):
    return sum(row.price for row in rows)


class Basket:
    def __init__(self):
        self.rows = []

    def add(self, row):
        self.rows.append(row)
"""


_SAFE = _PROGRAM.replace(
    "    hits.value += 1", "    with hits.get_lock():\n        hits.value += 1"
)


def library() -> list[Path]:
    home = Path(sysconfig.get_path("stdlib"))
    files = (
        path for path in home.rglob("*.py") if not _LEFT_OUT & set(path.relative_to(home).parts)
    )
    return sorted(files)


def build(folder: Path, files: int) -> Path:
    """A tree of `files` files: copies of the library's, and one program with a finding."""
    if folder.exists():
        return folder
    home = Path(sysconfig.get_path("stdlib"))
    sources = library()
    for number, source in enumerate(islice(cycle(sources), files - 1)):
        target = folder / f"copy{number // len(sources)}" / source.relative_to(home)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (folder / "program.py").write_text(_PROGRAM)
    (folder / "pyproject.toml").touch()
    return folder


def build_small(folder: Path) -> Path:
    """Three clean files and three with findings, for runs on named files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").touch()
    for number in range(3):
        (folder / f"clean{number}.py").write_text(_CLEAN)
        (folder / f"program{number}.py").write_text(_PROGRAM)
    return folder


def build_safe(folder: Path) -> Path:
    """Three programs that share memory without fault."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").touch()
    for number in range(3):
        (folder / f"program{number}.py").write_text(_SAFE)
    return folder
