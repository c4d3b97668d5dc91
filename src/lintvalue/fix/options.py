"""How to fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from lintvalue.model.edit import Style


@dataclass(frozen=True, slots=True)
class FixOptions:
    """`style` None: counters where they fit, else locks. Only files of `named` are changed."""

    style: Style | None
    counter_import: str
    unsafe: bool
    named: frozenset[str]
