"""What we would change."""

from __future__ import annotations

from enum import StrEnum

from lintvalue.model.lean import dataclass
from lintvalue.model.span import Location


class Applicability(StrEnum):
    SAFE = "safe"
    UNSAFE = "unsafe"


class Style(StrEnum):
    LOCK = "lock"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text at `at` by `content` (insert where the span is empty)."""

    at: Location
    content: str


@dataclass(frozen=True, slots=True)
class Repair:
    """Edits that belong together, in all files, or none of them; `closes` are statements made safe."""

    style: Style
    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]
    closes: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    """A statement that no recipe repairs safely, and why, in one sentence."""

    at: Location
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    repairs: tuple[Repair, ...]
    declined: tuple[Declined, ...]
