"""One JSON object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lintvalue.report.entry import entry

if TYPE_CHECKING:
    from lintvalue.model.finding import Report


def render(report: Report, *, colour: bool = False) -> str:  # noqa: ARG001 - for machines
    return "".join(json.dumps(entry(judged)) + "\n" for judged in report.findings)
