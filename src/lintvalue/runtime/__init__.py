"""Counters that several processes may change at once, from the standard library alone."""

from lintvalue.runtime.counter import Counter

__all__ = ["Counter"]
