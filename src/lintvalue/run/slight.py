"""Changes on which nothing can depend, told without a look at any other file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import replace
from lintvalue.model.library import MADE, WORDS
from lintvalue.model.modules import link
from lintvalue.run.project import comments
from lintvalue.run.texts import Reader, factory_words
from lintvalue.sources import linker
from lintvalue.sources.imports import lines, targets
from lintvalue.sources.makers import makes
from lintvalue.sources.survey import weighed
from lintvalue.sources.words import folded, mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.cache.table import Table
    from lintvalue.model.settings import Settings
    from lintvalue.run.memory import Memory

_MOST = 50  # files; where more have changed, all else is worth a look, too


def overlook(memory: Memory, settings: Settings) -> bool:
    """Take changes for none where files have no word of ours, make nothing, and import what they did.

    Which files matter is told from the words, the imports and, roughly, the lengths of all files, and from the
    texts of those that imports tie to the library. So if none of that has changed, the answer is.
    """
    known = memory.surveyed()
    if known is None or not memory.answers(known):
        return False
    rows = sorted(memory.changed(known))
    mattering = frozenset(memory.sources())
    if len(rows) > _MOST or any(
        known.kinds[at] or known.served[at] or known.paths[at] in mattering for at in rows
    ):
        return False
    if not _same(memory.root, known, rows, settings):
        return False
    memory.accept(known)
    return True


def _same(root: str, known: Table, rows: Sequence[int], settings: Settings) -> bool:
    factories = factory_words(settings)
    words = (*WORDS, *factories, *comments(settings))
    reader = Reader(root, words)
    for row in rows:
        data = folded(reader.read(known.paths[row]))
        if reader.unreadable or reader.gone or weighed(len(data)) != weighed(known.sizes[row]):
            return False
        if mentions(data, words) or (mentions(data, MADE) and makes(data)):
            return False
        before = known.linked(row)  # unknown where the answer does not depend on it
        if before is not None and links(known.paths, known.paths[row], data) != before:
            return False
    return True


def links(paths: Sequence[str], path: str, data: bytes) -> tuple[str, ...]:
    """As `Linker.links`, which first tells by what names each of the files can be imported."""
    names = {name for line in lines(data) for name in targets(line)}
    ends = {name.rpartition(".")[2] for name in names} | {"__init__"}
    asked = [one for one in paths if one.rpartition("/")[2].removesuffix(".py") in ends]
    modules = replace(link(asked), paths=frozenset(paths))
    return linker.links(modules, path, data)
