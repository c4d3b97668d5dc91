"""Places as people write them: rows and columns from 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.report.escape import one_line

if TYPE_CHECKING:
    from lintvalue.model.finding import Finding
    from lintvalue.model.span import Location


def place(at: Location) -> str:
    return f"{one_line(at.path)}:{at.span.line}:{at.span.column + 1}"


def headline(finding: Finding) -> str:
    """`path:row:column: CODE message`."""
    return f"{place(finding.at)}: {finding.code} {one_line(finding.message)}"
