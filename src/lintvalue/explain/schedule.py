"""Two processes taking turns: an order of their actions in which an update is lost.

A process is a list of actions; locks are honoured. All orders are searched, those with the fewest
changes of turns first, so that what is found is the easiest to read; if none is found, there is none.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from lintvalue.model.explanation import Action, Move
from lintvalue.model.lean import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Act:
    """One action; `lock` tells locks apart, `name` is how a lock or a cell is shown."""

    action: Action
    name: str
    lock: Hashable = None
    value: int | None = None  # that a plain store writes; None: what was computed


@dataclass(frozen=True, slots=True)
class _Process:
    done: int = 0  # actions
    register: int = 0
    seen: int | None = None  # the version of the cell that its store depends on
    held: tuple[Hashable, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    processes: tuple[_Process, _Process] = (_Process(), _Process())
    memory: int = 0
    version: int = 0
    stale: bool = False  # process 1 has stored what depends on something that is no longer so


# Changes of turns, who moved (negated), a number against ties, who moved last, what is so, the moves.
_Candidate = tuple[int, tuple[int, ...], int, int, _State, tuple[Move, ...]]


def losing(first: Sequence[Act], second: Sequence[Act]) -> tuple[Move, ...]:
    """The moves of an order in which `first` overwrites what `second` wrote; none if there is none."""
    scripts, tie = (first, second), count()
    # Where turns change equally often, the earlier change comes first: hence the negated numbers.
    queue: list[_Candidate] = [(0, (), next(tie), 1, _State(), ())]
    seen: set[tuple[int, _State]] = set()
    while queue:
        turns, order, _, last, state, moves = heappop(queue)
        if (last, state) in seen:
            continue
        seen.add((last, state))
        if all(one.done == len(acts) for one, acts in zip(state.processes, scripts, strict=True)):
            if state.stale:
                return moves
            continue
        for number, move, after in _next(state, scripts):
            cost = turns + (number != last)
            heappush(queue, (cost, (*order, -number), next(tie), number, after, (*moves, move)))
    return ()


def _next(
    state: _State, scripts: tuple[Sequence[Act], Sequence[Act]]
) -> Iterator[tuple[int, Move, _State]]:
    """What can happen now: who moves, how, and what is so then."""
    for number, acts in enumerate(scripts, 1):
        process, other = state.processes[number - 1], state.processes[2 - number]
        if process.done == len(acts):
            continue
        act = acts[process.done]
        if act.action is Action.ACQUIRE and act.lock in other.held:
            continue  # it waits
        value, moved, after = _act(state, replace(process, done=process.done + 1), act)
        pair = (moved, other) if number == 1 else (other, moved)
        stale = after.stale if number == 1 else state.stale
        after = replace(after, processes=pair, stale=stale)
        yield number, Move(number, act.action, act.name, value, after.memory), after


def _act(state: _State, process: _Process, act: Act) -> tuple[int | None, _Process, _State]:
    """What an action loads, computes or stores, and what it leaves behind."""
    match act.action:
        case Action.ACQUIRE:
            return None, replace(process, held=(*process.held, act.lock)), state
        case Action.RELEASE:
            held = list(process.held)
            held.remove(act.lock)
            return None, replace(process, held=tuple(held)), state
        case Action.LOAD | Action.TEST:
            seen = state.version if process.seen is None else process.seen
            return state.memory, replace(process, register=state.memory, seen=seen), state
        case Action.COMPUTE:
            value = process.register + 1
            return value, replace(process, register=value), state
    value = process.register if act.value is None else act.value
    stale = state.stale or process.seen not in {None, state.version}
    after = replace(state, memory=value, version=state.version + 1, stale=stale)
    return value, replace(process, seen=None), after
