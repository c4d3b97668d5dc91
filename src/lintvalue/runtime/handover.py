"""What all classes of the runtime have in common: how they get into another process, and their repr."""

from __future__ import annotations

from multiprocessing import context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Inherited:
    """Something that another process gets while it starts, and at no other time."""

    # No other attributes: `counter.value += 1` is an error, not a lost update.
    __slots__ = ("__weakref__",)

    _bind: Callable[..., None]
    _parts: Callable[[], tuple[Any, ...]]  # what `_bind` needs in another process
    value: Callable[[], float]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.value()}>"

    def __getstate__(self) -> object:
        if context.get_spawning_popen() is None:
            raise RuntimeError(_not_at_a_launch(type(self).__name__))
        return self._parts(), getattr(self, "__dict__", {})

    def __setstate__(self, state: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
        parts, attributes = state
        self._bind(*parts)
        for name, value in attributes.items():  # those of a subclass
            setattr(self, name, value)


def _not_at_a_launch(name: str) -> str:
    article = "an" if name[0] in "AEIOU" else "a"
    return (
        f"{article} {name} can be handed to a process only while that process starts: pass it "
        "through Process(args=...) or a pool's initializer and initargs, not through a queue, "
        "a pipe or the arguments of a task"
    )
