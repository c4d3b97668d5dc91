"""Which module an import means: a file of the project, or a dotted name outside it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FEW = 100  # names: to look for more of them takes longer than to tell all that there are


class Modules:
    """The project's files by the dotted names under which they can be imported.

    Those are their names from the root, from a `src` folder, and from each folder that is no package.
    Shorter paths win where two files claim a name.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)
        self._asked = 0

    def find(self, dotted: str, importer: str) -> str | None:
        """The file that `import dotted` in the file `importer` means, if it is one of the project's.

        A script's own folder comes first, as on `sys.path`.
        """
        folder = importer.rpartition("/")[0]
        local = "/".join(filter(None, [folder, dotted.replace(".", "/")]))
        return self._file(local) or self._called(dotted)

    def relative(self, level: int, dotted: str, importer: str) -> str | None:
        """The file that `from ..dotted import` in `importer` means."""
        parts = importer.split("/")[:-1]
        if level > 1:
            parts = parts[: len(parts) - (level - 1)]
        return self._file("/".join([*parts, *filter(None, dotted.split("."))]))

    def _file(self, stem: str) -> str | None:
        candidates = (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py")
        return next((path for path in candidates if path in self._paths), None)

    def _called(self, dotted: str) -> str | None:
        self._asked += 1
        if self._asked > _FEW:
            return self._by_name.get(dotted)
        candidates = self._by_last_part.get(dotted.rpartition(".")[2], ())
        named = [path for path in candidates if dotted in self._names(path)]
        return min(named, key=_length, default=None)

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for path in sorted(self._paths, key=_length):
            for name in self._names(path):
                found.setdefault(name, path)
        return found

    @cached_property
    def _by_last_part(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self._paths:
            found[_stem(path).rpartition("/")[2]].append(path)
        return found

    def _names(self, path: str) -> Sequence[str]:
        """All names of one file."""
        parts = _stem(path).split("/")
        roots = self._roots(path.split("/")[:-1])
        return [".".join(parts[start:]) for start in roots if start < len(parts) and parts != [""]]

    def _roots(self, folders: Sequence[str]) -> Sequence[int]:
        """How many leading folders may be left out of a file's dotted name."""
        roots = [0]
        for depth in range(1, len(folders) + 1):
            package = "/".join([*folders[:depth], "__init__.py"]) in self._paths
            if folders[depth - 1] == "src" or not package:
                roots.append(depth)
        return roots


def link(paths: Iterable[str]) -> Modules:
    """The modules of a project with these files."""
    return Modules(paths)


def _stem(path: str) -> str:
    return ("/" + path).removesuffix(".py").removesuffix("/__init__").removeprefix("/")


def _length(path: str) -> tuple[int, str]:
    return path.count("/"), path
