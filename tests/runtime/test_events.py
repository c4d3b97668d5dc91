"""An EventCounter adds one at a time, up to what a semaphore holds."""

from __future__ import annotations

import pytest

from lintvalue.runtime import EventCounter
from lintvalue.runtime.semaphores import MOST


def test_the_last_number():
    """Beyond the largest number it raises, and stays what it is."""
    events = EventCounter(MOST - 1)
    events.increment()
    with pytest.raises(ValueError, match="released too many times"):
        events.increment()
    assert events.value() == MOST


@pytest.mark.parametrize("initial", [-1, MOST + 1])
def test_initial(initial):
    """It begins with what a semaphore can hold."""
    with pytest.raises(ValueError, match=f"from 0 to {MOST}"):
        EventCounter(initial)


def test_one_at_a_time():
    """There is no other step than 1."""
    events = EventCounter(5)
    with pytest.raises(TypeError):
        events.increment(2)
    events.increment()
    assert events.value() == 6
