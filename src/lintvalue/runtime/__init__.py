"""Counters that several processes may change at once, from the standard library alone."""

from lintvalue.runtime.counter import Counter
from lintvalue.runtime.event import EventCounter
from lintvalue.runtime.quota import Quota
from lintvalue.runtime.sharded import ShardedCounter
from lintvalue.runtime.ticket import TicketCounter

__all__ = ["Counter", "EventCounter", "Quota", "ShardedCounter", "TicketCounter"]
