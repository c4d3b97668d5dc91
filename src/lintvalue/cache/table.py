"""What is kept of each file of a project, in columns: they are read many times faster than rows."""

from __future__ import annotations

import os
from array import array
from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lintvalue.cache.store import Store

_UNKNOWN = b"?"
_NAMES = ("paths", "states", "sizes", "kinds", "served", "links")


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each file. `links` has the rows of the files that it may import, as text, where known."""

    paths: tuple[str, ...]
    states: array[int]  # some numbers for each
    sizes: array[int]
    kinds: bytes
    served: bytes  # 1 for files that what is shared may reach
    links: tuple[bytes, ...]

    def linked(self, row: int) -> tuple[str, ...] | None:
        """The files that the one in this row may import; None where nobody has asked."""
        if self.links[row] == _UNKNOWN:
            return None
        return tuple(self.paths[int(number)] for number in self.links[row].split())


def links_between(paths: Iterable[str], links: Mapping[str, Iterable[str]]) -> tuple[bytes, ...]:
    """The column of links that are told by path."""
    paths = tuple(paths)
    rows = {path: b"%d" % row for row, path in enumerate(paths)}
    return tuple(
        b" ".join(rows[other] for other in links[path] if other in rows)
        if path in links
        else _UNKNOWN
        for path in paths
    )


def load(store: Store) -> Table | None:
    """The table that is kept, if there is one."""
    paths, states, sizes, kinds, served, links = map(store.part, _NAMES)
    try:
        return Table(
            split(paths),
            array("q", states),
            array("q", sizes),
            kinds,
            served,
            tuple(links.split(b"\n")),
        )
    except ValueError:
        return None  # not what we wrote


def keep(store: Store, table: Table) -> None:
    columns = (
        joined(table.paths),
        table.states.tobytes(),
        table.sizes.tobytes(),
        table.kinds,
        table.served,
    )
    for name, column in zip(_NAMES, (*columns, b"\n".join(table.links)), strict=True):
        store.keep_part(name, column)


def joined(paths: Iterable[str]) -> bytes:
    return os.fsencode("\0".join(paths))


def split(paths: bytes) -> tuple[str, ...]:
    return tuple(os.fsdecode(paths).split("\0")) if paths else ()
