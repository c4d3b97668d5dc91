"""What we say."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from lintvalue.model.edit import Repair
from lintvalue.model.lean import dataclass
from lintvalue.model.source import Problem
from lintvalue.model.span import Location

if TYPE_CHECKING:
    from lintvalue.model.project import Kind


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Note:
    """A related place."""

    at: Location
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `objects` are ids in the project it was found in."""

    code: str
    name: str
    severity: Severity
    at: Location
    message: str
    symbol: str
    function: str
    objects: tuple[int, ...]
    made: Location | None  # where the (first) object is made
    kind: Kind | None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding that stands, with what a reader of the report wants beside it."""

    finding: Finding
    lines: tuple[str, ...]  # the source rows of the finding, for the code frame
    fingerprint: str
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check: findings sorted by file, row, column, code; problems in order met."""

    findings: tuple[Judged, ...]
    problems: tuple[Problem, ...]
    files: int  # how many were checked
    warnings: tuple[str, ...] = ()  # for --verbose
