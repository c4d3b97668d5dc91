"""Which module an import means: a file of the project, or a dotted name outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Modules:
    """The project's files by the dotted names under which they can be imported."""

    by_name: Mapping[str, str]
    paths: frozenset[str]

    def find(self, dotted: str, importer: str) -> str | None:
        """The file that `import dotted` in the file `importer` means, if it is one of the project's.

        A script's own folder comes first, as on `sys.path`.
        """
        folder = importer.rpartition("/")[0]
        local = "/".join(filter(None, [folder, dotted.replace(".", "/")]))
        return self.file(local) or self.by_name.get(dotted)

    def relative(self, level: int, dotted: str, importer: str) -> str | None:
        """The file that `from ..dotted import` in `importer` means."""
        return self.file(above(level, dotted, importer.rpartition("/")[0]))

    def among(self, paths: Iterable[str]) -> Modules:
        """The same names, of some of the files only: any other one lies outside, for all that is known."""
        left = frozenset(paths)
        names = ((name, path) for path in sorted(left) for name in _possible(path))
        return Modules({x: path for x, path in names if self.by_name.get(x) == path}, left)

    def file(self, stem: str) -> str | None:
        """The file of the module at a path without a suffix."""
        candidates = (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py")
        return next((path for path in candidates if path in self.paths), None)


def _possible(path: str) -> Iterator[str]:
    """The names that a file may be imported by, from whichever folder."""
    parts = path.removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return (".".join(parts[start:]) for start in range(len(parts) or 1))


def above(level: int, dotted: str, folder: str) -> str:
    """The path without a suffix that `..dotted` means in a file of `folder`."""
    parts = folder.split("/") if folder else []
    if level > 1:
        parts = parts[: len(parts) - (level - 1)]
    return "/".join([*parts, *filter(None, dotted.split("."))])


def link(paths: Iterable[str]) -> Modules:
    """Modules by name: from the root, from a `src` folder, and from each folder that is no package.

    Shorter paths win where two files claim a name.
    """
    known = frozenset(paths)
    by_name: dict[str, str] = {}
    packages: dict[str, tuple[str, ...]] = {"": ("",)}
    for path in sorted(sorted(known), key=lambda path: path.count("/")):
        folder, _, name = path.rpartition("/")
        name = name.removesuffix(".py")
        for package in packages.get(folder) or _packages(folder, known, packages):
            by_name.setdefault(package[:-1] if name == "__init__" else package + name, path)
    by_name.pop("", None)
    return Modules(by_name, known)


def _packages(
    folder: str, known: frozenset[str], packages: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """What the names of modules in `folder` may begin with: as much of its path as may be left out."""
    if folder not in packages:
        outside, _, name = folder.rpartition("/")
        inside = [f"{package}{name}." for package in _packages(outside, known, packages)]
        is_root = name == "src" or f"{folder}/__init__.py" not in known
        packages[folder] = (*inside, "") if is_root else tuple(inside)
    return packages[folder]
