"""Annotations for GitHub Actions: one workflow command a finding, errors first.

The runner shows ten errors and ten warnings of a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.finding import Severity
from lintvalue.report.escape import printable
from lintvalue.report.place import headline

if TYPE_CHECKING:
    from lintvalue.model.finding import Finding, Report


def render(report: Report, *, colour: bool = False) -> str:  # noqa: ARG001 - for machines
    findings = sorted(
        (judged.finding for judged in report.findings),
        key=lambda finding: finding.severity is not Severity.ERROR,
    )
    return "".join(_command(finding) + "\n" for finding in findings)


def _command(finding: Finding) -> str:
    span = finding.at.span
    properties = {
        "title": f"lintvalue ({finding.code})",
        "file": finding.at.path,
        "line": str(span.line),
        "endLine": str(span.end_line),
        "col": str(span.column + 1),
        "endColumn": str(span.end_column + 1),
    }
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{finding.severity.value} {written}::{_data(headline(finding))}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
