"""What a rule is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.finding import Severity
from lintvalue.model.lean import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Project

# The rule about comments of which no other rule needs to know.
UNUSED = "LV001"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `page` is its module's docstring, in Markdown: summary line, then the fixed sections."""

    code: str
    name: str
    page: str
    check: Callable[[Project], Iterable[Finding]]
    default: bool = True
    severity: Severity = Severity.ERROR
