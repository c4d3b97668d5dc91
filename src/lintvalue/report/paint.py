"""Colour for terminals, or none."""

from __future__ import annotations

from lintvalue.model.finding import Severity
from lintvalue.model.lean import dataclass


@dataclass(frozen=True, slots=True)
class Painter:
    """Wraps text in the codes of a terminal where it is `on`."""

    on: bool

    def bold(self, text: str) -> str:
        return self._wrap("1", text)

    def dim(self, text: str) -> str:
        return self._wrap("2", text)

    def red(self, text: str) -> str:
        return self._wrap("1;31", text)

    def code(self, text: str, severity: Severity) -> str:
        return self._wrap("1;31" if severity is Severity.ERROR else "1;33", text)

    def _wrap(self, codes: str, text: str) -> str:
        return f"\x1b[{codes}m{text}\x1b[0m" if self.on else text
