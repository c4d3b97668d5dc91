"""Names and attributes that hold nothing shared where one is, since a test has shown it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOTHING: frozenset[str] = frozenset()


class Plain:
    """The names and attributes, as they are spelled, that are nothing shared where one is.

    That is so until they are bound again, and until other code runs. A property runs code, too: `met` are
    the attributes that were read or stored while something was known, none of which may be one.
    """

    def __init__(self) -> None:
        self.names = _NOTHING
        self.met: set[str] = set()

    def learn(self, names: frozenset[str]) -> None:
        self.names |= names

    def rebind(self, name: str) -> None:
        """A name gets something else, and so do its attributes."""
        if self.names:
            self.names = frozenset(x for x in self.names if x.partition(".")[0] != name)

    def store(self, attribute: str) -> None:
        """An attribute of something gets something else: it may be called otherwise elsewhere."""
        if self.names:
            self.names = frozenset(x for x in self.names if attribute not in x.split("."))

    def meet(self, attribute: str) -> None:
        if self.names:
            self.met.add(attribute)

    def forget(self) -> None:
        """Other code runs."""
        self.names = _NOTHING

    def join(self, ends: Iterable[frozenset[str]]) -> None:
        """Several ways come together here; if none does, nobody comes here."""
        every = tuple(ends)
        self.names = frozenset.intersection(*every) if every else _NOTHING
