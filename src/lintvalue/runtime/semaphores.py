"""What the semaphores of this system can do."""

from __future__ import annotations

from multiprocessing import synchronize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.synchronize import Semaphore


MOST: int = synchronize.SEM_VALUE_MAX  # type: ignore[attr-defined]  # typeshed leaves it out


def readable(semaphore: Semaphore) -> bool:
    """Whether its value can be read. macOS has no sem_getvalue, and then no upper bounds either."""
    try:
        semaphore.get_value()
    except NotImplementedError:
        return False
    return True
