"""An interleaving in two columns, one for each process, and beside them what the memory holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.explanation import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.explanation import Interleaving, Move

_LEAST = 18
# A cell with a longer name is named over its column alone.
_LONGEST_NAME = 28


def drawn(one: Interleaving) -> Iterator[str]:
    """The table, a row for each move; the last column is what the cell holds after it."""
    texts = [_text(move) for move in one.moves]
    width = max(_LEAST, *map(len, texts))
    yield f"{'process 1':<{width}} | {'process 2':<{width}} | {one.cell}"
    yield f"{'-' * width}-+-{'-' * width}-+-{'-' * len(one.cell)}"
    for move, text in zip(one.moves, texts, strict=True):
        left, right = (text, "") if move.process == 1 else ("", text)
        memory = str(move.memory) if move.action is Action.STORE else ""
        yield f"{left:<{width}} | {right:<{width}} | {memory}"


def _text(move: Move) -> str:
    name = f" {move.name}" if len(move.name) <= _LONGEST_NAME else ""
    match move.action:
        case Action.ACQUIRE:
            return f"acquire {move.name}"
        case Action.RELEASE:
            return f"release {move.name}"
        case Action.LOAD:
            return f"load{name} -> {move.value}"
        case Action.TEST:
            return f"check{name} -> {move.value}"
        case Action.COMPUTE:
            return f"compute -> {move.value}"
    return f"store{name} <- {move.value}"
