"""What a handler puts in the place of an object that could not be made.

Where one function binds a name to a Value and to a number, it has the choice, and neither replaces the
other. That counts only where the one is surely bound before the other is: the Value by all of a `try`,
the number by its handler.
"""

from __future__ import annotations

import _ast as a
from typing import TYPE_CHECKING

from lintvalue.model.library import is_library
from lintvalue.triage.reader import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lintvalue.triage.definitions import Own

_CELLS = frozenset({"Value", "RawValue"})
_PLAIN = (a.Constant, a.Name, a.Attribute)


def tried(block: Sequence[a.stmt], library: Mapping[str, str]) -> tuple[str, str]:
    """What a block binds to a Value, as it is spelled, and the name of the library's by which it does so.

    Nothing else must be in the block. `library` are the names of the library's modules, and what other
    names are there.
    """
    match block:
        case [a.Assign(targets=[target], value=a.Call(func=function) as call)]:
            given = (*call.args, *(one.value for one in call.keywords))
            by = _maker(function, library)
            if by and all(isinstance(one, _PLAIN) for one in given):
                return spelled(target), by
    return "", ""


def librarys(node: a.Import | a.ImportFrom, own: Own) -> Iterator[tuple[str, str]]:
    """The names by which an import binds the library's modules, with "", and what else is there."""
    for one in node.names:
        if isinstance(node, a.Import):
            name, module, inner = one.asname or one.name.partition(".")[0], one.name, ""
        else:
            name, module, inner = one.asname or one.name, node.module or "", one.name
        relative = isinstance(node, a.ImportFrom) and node.level
        if is_library(module) and not relative and not own(module):
            yield name, inner


def _maker(function: a.expr, library: Mapping[str, str]) -> str:
    match function:
        case a.Name(id=name):
            return name if library.get(name) in _CELLS else ""
        case a.Attribute(value=a.Name(id=name), attr=attr) if attr in _CELLS:
            return name if library.get(name) == "" else ""
    return ""
