"""Judging: a project's findings. Each rule is a file, named by its code and its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.rules import lv101_unlocked_augmented_assignment as lv101
from lintvalue.rules import lv102_unlocked_read_modify_write as lv102
from lintvalue.rules import lv103_split_read_modify_write as lv103
from lintvalue.rules import lv104_check_then_act as lv104

if TYPE_CHECKING:
    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Project
    from lintvalue.model.rule import Rule

__all__ = ["RULES", "judge"]

RULES: tuple[Rule, ...] = (lv101.RULE, lv102.RULE, lv103.RULE, lv104.RULE)

# Of several findings at one statement, the first of these stands. Those that are not listed stand
# beside any other.
_PRECEDENCE = ("LV101", "LV102", "LV103", "LV104")


def judge(project: Project) -> tuple[Finding, ...]:
    """All findings, the most specific one for each statement, in source order."""
    found = [finding for rule in RULES for finding in rule.check(project)]
    best: dict[object, Finding] = {}
    for finding in sorted(found, key=_rank):
        best.setdefault(finding.at if finding.code in _PRECEDENCE else finding, finding)
    return tuple(sorted(best.values(), key=lambda finding: (finding.at, finding.code)))


def _rank(finding: Finding) -> tuple[int, str]:
    listed = finding.code in _PRECEDENCE
    return (_PRECEDENCE.index(finding.code) if listed else -1, finding.symbol)
