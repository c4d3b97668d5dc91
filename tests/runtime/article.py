"""The article's Counter, and all other operations written in its way: what a Counter has to equal."""

from __future__ import annotations

import multiprocessing
from multiprocessing import RawValue


class ArticleCounter:
    """A RawValue and a Lock."""

    def __init__(self, initval=0, typecode="q"):
        self.val = RawValue(typecode, initval)
        self.lock = multiprocessing.Lock()

    def increment(self):
        with self.lock:
            self.val.value += 1

    def value(self):
        with self.lock:
            return self.val.value


class LockedNumber(ArticleCounter):
    """The same, with every operation that a Counter has: do it on the RawValue, under the Lock."""

    def increment(self, n=1):
        with self.lock:
            self.val.value += n
            return self.val.value

    def decrement(self, n=1):
        with self.lock:
            self.val.value -= n
            return self.val.value

    def set(self, x):
        with self.lock:
            self.val.value = x

    def exchange(self, x):
        with self.lock:
            old = self.val.value
            self.val.value = x
            return old

    def compare_and_set(self, expected, new):
        with self.lock:
            equal = self.val.value == expected
            if equal:
                self.val.value = new
            return equal

    def increment_below(self, limit, n=1):
        with self.lock:
            fits = self.val.value + n <= limit
            if fits:
                self.val.value += n
            return fits

    def update(self, fn):
        with self.lock:
            self.val.value = fn(self.val.value)
            return self.val.value
