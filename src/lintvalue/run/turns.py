"""In which order groups of files are asked about: it makes a difference to nothing but time."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

_PART = 4  # a part that is small beside the whole


def in_turn(groups: Iterable[T], whole: Callable[[T], int], first: Callable[[T], int]) -> list[T]:
    """The groups, by the size of the `whole` and of the part that is asked about `first`.

    To judge what is doubted takes ten times as long as to ask about it, so it had better be met early, while
    other processes have something to ask about. Where a small part may tell all, it is asked first. Then comes
    the largest group, and those small ones that another process can ask about meanwhile; then the rest, the
    larger ones first, so that nobody has to wait for long at the end.
    """
    ordered = sorted(groups, key=whole, reverse=True)
    soon = [one for one in ordered if _PART * first(one) < whole(one)]
    rest = [one for one in ordered if _PART * first(one) >= whole(one)]
    budget = whole(rest[0]) if rest else 0
    upwards = accumulate(whole(one) for one in reversed(rest[1:]))
    small = len(rest) - bisect_right(list(upwards), budget)
    return [*soon, *rest[:1], *rest[small:], *rest[1:small]]
