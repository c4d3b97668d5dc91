"""Two processes taking turns: an order of their actions in which an update is lost.

A process is a list of actions; locks are honoured. Tried is every order in which the second process
runs as a whole at some point of the first: if an update can be lost at all between two
read-modify-writes, it is lost so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lintvalue.model.explanation import Action, Move

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Act:
    """One action; `lock` tells locks apart, `name` is how it is shown. `decides`: what a later store
    stands or falls with.
    """

    action: Action
    name: str
    lock: Hashable = None
    value: int | None = None  # that a plain store writes; None: what was computed


@dataclass(slots=True)
class _Process:
    register: int = 0
    seen: int | None = None  # the version of the cell that its store depends on
    held: Counter[Hashable] = field(default_factory=Counter)


@dataclass(slots=True)
class _Machine:
    memory: int = 0
    version: int = 0
    stale: bool = False  # something was stored that depends on what is no longer so
    processes: tuple[_Process, _Process] = field(default_factory=lambda: (_Process(), _Process()))


def losing(first: Sequence[Act], second: Sequence[Act]) -> tuple[Move, ...]:
    """The moves of an order that loses an update; none where no such order is found."""
    for cut in range(1, len(first)):
        order = [*((1, act) for act in first[:cut]), *((2, act) for act in second)]
        order += [(1, act) for act in first[cut:]]
        machine = _Machine()
        moves = list(_run(machine, order))
        if len(moves) == len(order) and machine.stale:
            return tuple(moves)
    return ()


def _run(machine: _Machine, order: Iterable[tuple[int, Act]]) -> Iterator[Move]:
    """The moves made until a process would have to wait."""
    for number, act in order:
        process, other = machine.processes[number - 1], machine.processes[2 - number]
        if act.action is Action.ACQUIRE and other.held[act.lock]:
            return
        value = _act(machine, process, act)
        yield Move(number, act.action, act.name, value, machine.memory)


def _act(machine: _Machine, process: _Process, act: Act) -> int | None:
    match act.action:
        case Action.ACQUIRE:
            process.held[act.lock] += 1
            return None
        case Action.RELEASE:
            process.held[act.lock] -= 1
            return None
        case Action.LOAD | Action.TEST:
            process.register = machine.memory
            if process.seen is None:
                process.seen = machine.version
        case Action.COMPUTE:
            process.register += 1
        case Action.STORE:
            _store(machine, process, act)
            return machine.memory
    return process.register


def _store(machine: _Machine, process: _Process, act: Act) -> None:
    machine.stale |= process.seen is not None and process.seen != machine.version
    machine.memory = process.register if act.value is None else act.value
    machine.version += 1
    process.seen = None
