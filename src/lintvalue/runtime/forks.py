"""What a process that was forked has to make anew: state that belongs to its parent's threads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

Thing = TypeVar("Thing")

# Threads of the parent do not exist in the child: a lock that one of them held stays locked in
# the child for ever, and the slot that the parent counts in must be the parent's alone.
_remade: WeakKeyDictionary[Any, Callable[[Any], object]] = WeakKeyDictionary()


def remake_after_fork(thing: Thing, remake: Callable[[Thing], object]) -> None:
    """Call `remake(thing)` in each child that is forked while `thing` is alive."""
    _remade[thing] = remake


def _in_child() -> None:
    for thing, remake in list(_remade.items()):
        remake(thing)


# multiprocessing's own hook runs only in the children that it forks itself, this one after any
# os.fork(). There is none where nothing forks.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
