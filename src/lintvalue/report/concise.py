"""One line a finding: `path:row:column: CODE message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.report.place import headline

if TYPE_CHECKING:
    from lintvalue.model.finding import Report


def render(report: Report, *, colour: bool = False) -> str:  # noqa: ARG001 - one line, one colour
    return "".join(headline(judged.finding) + "\n" for judged in report.findings)
