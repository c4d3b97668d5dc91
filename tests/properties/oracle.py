"""Which updates of a small program can be lost, found by running all interleavings of its two processes.

What is lost. Two processes run; each load, store, acquire and release of theirs is one step, and a step
of the one may come between any two of the other (that a `Value` locks itself for each of them protects
from nothing, and is left out). Every test may come out either way. A load of a cell is
*overtaken* when the other process stores into the cell. A lock is held *over* it as long as the process
has not given the lock up since. A store into the same cell loses an update if there is a run in which

* its value was computed from a load that is overtaken and over which no lock is held any more (LV101 to
  LV103), or
* a test decided that it is made, and that test looked at such a load (LV104).

A value rests on what it was computed from, through locals, arguments and what calls return; what a
function returns rests also on the tests that decided which `return` that is. A test *decides* a store if
every way to the store takes the same side of it. So a branch is decided until the ways meet again, all
that follows an early exit is, and what follows a loop is decided by the test that ended it. A decision is
followed through one call, into it or out of it, and no further.

What is not. A plain store loses nothing. What is checked again is confirmed: a test that decides the
store and looked at the cell under a lock that is still held stands for all tests of the cell before it,
and for a value that it was compared with. Once the process itself has stored into the cell, earlier tests of
the cell decide nothing. Constants are not in the language, and so neither are stop
flags and idempotent stores. `wait` gives the condition up for a moment.

Where. An update is lost where its load and its store meet: at the store, or at the call of it in the
activation which made the load, or to which the load was returned.

Inconsistent. Where a lock is held over the overtaken load, it is not the load's fault. If the other process
stores what rests, too, on a load of the cell over which it holds a lock, the two hold different locks (LV203).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from properties.instructions import Code, Instruction, compiled, is_test
from properties.language import Program, Statement, Store


class Read(NamedTuple):
    """A load that something rests on. `statement` is what made it while that is being executed."""

    cell: str
    at: int
    home: int  # how many calls deep the activation is that has it
    statement: Statement | None
    locks: frozenset[str]  # held since
    overtaken: str = ""  # "", "stored" or, by an update under a lock, "updated"


class Process(NamedTuple):
    """`rests` pairs each local, temporary and test with the reads that it rests on."""

    at: int
    held: tuple[str, ...]
    rests: frozenset[tuple[object, Read]]

    def on(self, name: object) -> frozenset[Read]:
        return frozenset(read for owner, read in self.rests if owner == name)

    def changed(self, change) -> Process:
        return self._replace(rests=frozenset((owner, change(read)) for owner, read in self.rests))


@dataclass
class Verdict:
    """Codes by the statements at which updates are lost; cells of which updates hold different locks."""

    lost: dict[Statement, set[str]]
    inconsistent: set[str]


def verdict(program: Program) -> Verdict:
    """Run all interleavings."""
    codes = [compiled(body) for body in program.bodies]
    found = Verdict({}, set())
    start = tuple(_settled(code, Process(0, (), frozenset())) for code in codes)
    waiting = [(one, other) for one in start[0] for other in start[1]]
    seen = set(waiting)
    while waiting:
        pair = waiting.pop()
        for turn in (0, 1):
            steps = _step(codes[turn], pair[turn], pair[1 - turn], found)
            after = {step if turn == 0 else step[::-1] for step in steps} - seen
            seen |= after
            waiting.extend(after)
    return found


def _settled(code: Code, process: Process) -> set[Process]:
    """Where a process may be before its next step that another process can notice."""
    ready, waiting, seen = set(), [process], set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        step = code.instructions[here.at]
        if step.op in {"load", "store", "acquire", "release", "end"}:
            ready.add(here)
        else:
            waiting.extend(_alone(code, step, here))
    return ready


def _alone(code: Code, step: Instruction, me: Process) -> list[Process]:
    """The ways on from a step that only the process itself knows of."""
    on = me._replace(at=me.at + 1)
    match step.op:
        case "begin":
            depth = len(step.sites) - 1
            return [on.changed(lambda read: _older(read, depth))]
        case "fork":
            return [on, me._replace(at=step.to)]
        case "jump":
            return [me._replace(at=step.to)]
        case "lift":
            depth = len(step.sites) - 1
            lifted = {_lifted(read, depth, step.sites[-1]) for read in me.on(step.name)}
            return [_resting(on, step.name, lifted)]
    reads = {read for source in step.sources for read in me.on(source)}
    if step.op == "give":
        for test, looked_at in _tests(code, me).items():
            if test[0] == step.name[0]:
                reads |= looked_at
    return [_resting(on, step.name, reads)]


def _tests(code: Code, me: Process) -> dict[object, frozenset[Read]]:
    """What each test looked at that decides what comes next; a `for` looks at nothing."""
    return {test: me.on(test) for test, _ in code.decisions[me.at] if test is not None}


def _resting(process: Process, name: object, reads: set[Read]) -> Process:
    others = {pair for pair in process.rests if pair[0] != name}
    return process._replace(rests=frozenset(others | {(name, read) for read in reads}))


def _older(read: Read, depth: int) -> Read:
    return read._replace(statement=None) if read.home == depth else read


def _lifted(read: Read, depth: int, statement: Statement) -> Read:
    return read._replace(home=depth, statement=statement) if read.home > depth else read


def _step(code: Code, me: Process, other: Process, found: Verdict) -> list[tuple[Process, Process]]:
    """The pairs after one step of `me` that `other` can notice; none where it has to wait."""
    step = code.instructions[me.at]
    if step.op == "end" or (step.op == "acquire" and step.name in other.held):
        return []
    on = me._replace(at=me.at + 1)
    match step.op:
        case "load":
            read = Read(step.name, me.at, len(step.sites) - 1, step.sites[-1], frozenset(me.held))
            on = _resting(on, step.sources[0], {*me.on(step.sources[0]), read})
        case "store":
            on = _acted(on, step.name)
            how = "updated" if _judge(code, step, me, found) else "stored"
            other = other.changed(lambda read: _overtaken(read, step.name, how))
        case "acquire":
            on = on._replace(held=(*me.held, step.name))
        case "release":
            on = _released(on, step.name)
    return [(after, other) for after in _settled(code, on)]


def _acted(process: Process, cell: str) -> Process:
    """Earlier tests of a cell decide nothing after a store of one's own."""
    kept = {pair for pair in process.rests if pair[1].cell != cell or not is_test(pair[0])}
    return process._replace(rests=frozenset(kept))


def _released(process: Process, lock: str) -> Process:
    last = len(process.held) - 1 - process.held[::-1].index(lock)
    held = process.held[:last] + process.held[last + 1 :]
    process = process._replace(held=held)
    if lock in held:
        return process
    return process.changed(lambda read: read._replace(locks=read.locks - {lock}))


def _overtaken(read: Read, cell: str, how: str) -> Read:
    return read._replace(overtaken=max(how, read.overtaken)) if read.cell == cell else read


def _judge(code: Code, step: Instruction, me: Process, found: Verdict) -> bool:
    """Take down what a store loses; whether it is an update under a lock."""
    value = {read for read in me.on(step.sources[0]) if read.cell == step.name}
    tests = [
        {read for read in reads if read.cell == step.name}
        for test, reads in _tests(code, me).items()
        if _near(code, test[0], step.sources[0][0])
    ]
    again = [reads for reads in tests if any(read.locks for read in reads)]
    for read in value:
        if _is_stale(read) and not any(read in reads for reads in again):
            code_, statement = _told(read, step)
            found.lost.setdefault(statement, set()).add(code_)
    checked = {read for reads in tests for read in reads}
    if not again and any(map(_is_stale, checked)):
        found.lost.setdefault(step.sites[-1], set()).add("LV104")
    guarded = [read for read in value | checked if read.locks]
    if any(read.overtaken == "updated" for read in guarded):
        found.inconsistent.add(step.name)
    return bool(guarded)


def _near(code: Code, one: int, other: int) -> bool:
    """Whether two activations are the same one, or one calls the other."""
    return one == other or code.callers.get(one) == other or code.callers.get(other) == one


def _is_stale(read: Read) -> bool:
    return bool(read.overtaken) and not read.locks


def _told(read: Read, step: Instruction) -> tuple[str, Statement]:
    """The code of an update, and where its load and its store meet."""
    statement = step.sites[read.home]
    if read.statement is not statement:
        return "LV103", statement
    augmented = isinstance(statement, Store) and statement.augmented
    return "LV101" if augmented else "LV102", statement
