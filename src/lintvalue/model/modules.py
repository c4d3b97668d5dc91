"""Which module an import means: a file of the project, or a dotted name outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
        return self._file(local) or self.by_name.get(dotted)

    def relative(self, level: int, dotted: str, importer: str) -> str | None:
        """The file that `from ..dotted import` in `importer` means."""
        parts = importer.split("/")[:-1]
        if level > 1:
            parts = parts[: len(parts) - (level - 1)]
        return self._file("/".join([*parts, *filter(None, dotted.split("."))]))

    def among(self, paths: Iterable[str]) -> Modules:
        """The same names, of some of the files only: any other one lies outside, for all that is known."""
        left = frozenset(paths)
        return Modules({name: path for name, path in self.by_name.items() if path in left}, left)

    def _file(self, stem: str) -> str | None:
        candidates = (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py")
        return next((path for path in candidates if path in self.paths), None)


def link(paths: Iterable[str]) -> Modules:
    """Modules by name: from the root, from a `src` folder, and from each folder that is no package.

    Shorter paths win where two files claim a name.
    """
    known = frozenset(paths)
    by_name: dict[str, str] = {}
    for path in sorted(known, key=lambda path: (path.count("/"), path)):
        parts = path.removesuffix(".py").split("/")
        if parts[-1] == "__init__":
            parts = parts[:-1]
        for start in _import_roots(path.split("/")[:-1], known):
            by_name.setdefault(".".join(parts[start:]), path)
    by_name.pop("", None)
    return Modules(by_name, known)


def _import_roots(folders: list[str], known: frozenset[str]) -> list[int]:
    """How many leading folders may be left out of a file's dotted name."""
    roots = [0]
    for depth in range(1, len(folders) + 1):
        package = "/".join([*folders[:depth], "__init__.py"]) in known
        if folders[depth - 1] == "src" or not package:
            roots.append(depth)
    return roots
