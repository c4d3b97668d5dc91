"""Where the configuration stands: the nearest folder above whose file has a table of ours."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.config.load import load
from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMES = ("lintvalue.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Configuration:
    path: str
    table: Mapping[str, object]


def find(folder: str) -> Configuration | None:
    for above in _upwards(folder):
        for name in NAMES:
            path = os.path.join(above, name)
            if os.path.lexists(path):
                table = load(path, required=False)
                if table is not None:
                    return Configuration(path, table)
    return None


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
