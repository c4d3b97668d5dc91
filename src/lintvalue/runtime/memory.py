"""Words of shared memory, of which none is ever used for a second purpose."""

from __future__ import annotations

import os
from collections import deque
from ctypes import c_longlong
from multiprocessing.sharedctypes import RawArray
from typing import Any, NamedTuple

WORD = 8  # bytes
WORDS_AT_ONCE = 256

# The process that made a RawValue frees it when it drops it, even if others still use it, and
# then hands the same memory out again: two objects that share one number
# (https://github.com/python/cpython/issues/110660). So a word is never given back. That loses
# eight bytes for each Counter that was ever made.
_blocks: list[Any] = []
_unused: deque[Memory] = deque()


class Memory(NamedTuple):
    """A number's place: an object in shared memory, and the first byte in it."""

    block: Any  # a ctypes object, which goes to another process as RawValue and RawArray do
    offset: int

    def bytes(self) -> memoryview[int]:
        return memoryview(self.block).cast("B")[self.offset :]


def new_word() -> Memory:
    """Eight aligned bytes that no other Counter has had, all 0."""
    while True:
        try:
            return _unused.popleft()
        except IndexError:
            # Two threads may both get here; then there are more words than needed.
            block = RawArray(c_longlong, WORDS_AT_ONCE)
            _blocks.append(block)
            _unused.extend(Memory(block, WORD * at) for at in range(WORDS_AT_ONCE))


# What is left of the parent's words is the parent's to give away.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unused.clear)
