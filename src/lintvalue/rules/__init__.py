"""Judging: a project's findings. Each rule is a file, named by its code and its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.rules import lv001_unused_ignore as lv001
from lintvalue.rules import lv101_unlocked_augmented_assignment as lv101
from lintvalue.rules import lv102_unlocked_read_modify_write as lv102
from lintvalue.rules import lv103_split_read_modify_write as lv103
from lintvalue.rules import lv104_check_then_act as lv104
from lintvalue.rules import lv105_stale_result as lv105
from lintvalue.rules import lv201_lock_not_shared as lv201
from lintvalue.rules import lv202_thread_lock_across_processes as lv202
from lintvalue.rules import lv203_inconsistent_lock as lv203
from lintvalue.rules import lv204_self_deadlock as lv204
from lintvalue.rules import lv205_get_lock_on_lockless as lv205
from lintvalue.rules import lv206_lock_not_released as lv206
from lintvalue.rules import lv207_get_lock_not_called as lv207
from lintvalue.rules import lv301_shared_object_sent as lv301
from lintvalue.rules import lv302_global_not_shared as lv302
from lintvalue.rules import lv303_wrapper_used_as_number as lv303
from lintvalue.rules import lv401_redundant_value_lock as lv401

if TYPE_CHECKING:
    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Project
    from lintvalue.model.rule import Rule

__all__ = ["RULES", "judge"]

RULES: tuple[Rule, ...] = (
    lv001.RULE,
    lv101.RULE,
    lv102.RULE,
    lv103.RULE,
    lv104.RULE,
    lv105.RULE,
    lv201.RULE,
    lv202.RULE,
    lv203.RULE,
    lv204.RULE,
    lv205.RULE,
    lv206.RULE,
    lv207.RULE,
    lv301.RULE,
    lv302.RULE,
    lv303.RULE,
    lv401.RULE,
)

# Of several findings at one statement, the first of these stands. Those that are not listed stand
# beside any other.
_PRECEDENCE = (
    "LV204",
    "LV205",
    "LV207",
    "LV202",
    "LV201",
    "LV203",
    "LV101",
    "LV102",
    "LV103",
    "LV104",
)


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
