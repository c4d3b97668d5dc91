"""One JSON array of findings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lintvalue.report.entry import entry

if TYPE_CHECKING:
    from lintvalue.model.finding import Report


def render(report: Report, *, colour: bool = False) -> str:  # noqa: ARG001 - for machines
    # ASCII throughout: any reader can decode it, and no character of a name can do harm.
    return json.dumps([entry(judged) for judged in report.findings], indent=2) + "\n"
