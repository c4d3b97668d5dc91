"""How many findings each rule has, the most frequent first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lintvalue.model.finding import Report


def render_statistics(report: Report) -> str:
    counts = Counter((one.finding.code, one.finding.name) for one in report.findings)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count}\t{code}\t{name}\n" for (code, name), count in ordered)
