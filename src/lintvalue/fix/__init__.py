"""What would make the reported statements safe: plans of text edits, and how they are applied."""

from lintvalue.fix.apply import Overlap, apply, before
from lintvalue.fix.plan import FixOptions, plan

__all__ = ["FixOptions", "Overlap", "apply", "before", "plan"]
