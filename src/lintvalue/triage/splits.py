"""Writes that may depend on a read which is not in the same critical section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.triage.slots import ANY_ITEM, DATA, FREEING, INHERITED, OWN_ITEM, PART, PROXY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.triage.callers import Callers
    from lintvalue.triage.flow import Flow
    from lintvalue.triage.sketch import Access, Call, Sketch


class Splits:
    """Looks for a read and a write of one cell that nothing holds together."""

    def __init__(self, sketches: Sequence[Sketch], flow: Flow, callers: Callers) -> None:
        self._sketches = sketches
        self._flow = flow
        self._callers = callers
        self._interrupted = self._interruptions()

    def doubt(self) -> str:
        reads = self._of("reads", DATA | PART)
        writes = [*self._of("writes", DATA | PART), *self._of("updates", DATA | PART)]
        writes = self._met([*writes, *self._of("methods", PROXY)])
        if writes and any(map(self._flow.keeps_a_read, self._sketches)):
            return "a read that is kept, and a write"
        for cell in {self._cell(access) for access in writes}:
            near = [access for access in reads if _same(self._cell(access), cell)]
            if self._apart(near, [access for access in writes if self._cell(access) == cell]):
                return "a write after a read, not in one critical section"
        return ""

    def _met(self, writes: list[Access]) -> list[Access]:
        """Those that others may meet: not what goes to cells of their own, if all of an object's do."""
        others = 0
        for access in writes:
            others |= self._sites(access) if access.cell != OWN_ITEM else 0
        return [one for one in writes if one.cell != OWN_ITEM or self._sites(one) & others]

    def _sites(self, access: Access) -> int:
        return self._flow.sites(access.slots, DATA | PART)

    def _of(self, kind: str, bits: int) -> list[Access]:
        accesses = (access for one in self._sketches for access in getattr(one, kind))
        return [access for access in accesses if self._flow.held(access.slots) & bits]

    def _cell(self, access: Access) -> str:
        """Which part of an object it is; "" for any, as where an item's field may be meant."""
        return "" if self._flow.held(access.slots) & PART else access.cell

    def _apart(self, reads: Sequence[Access], writes: Sequence[Access]) -> bool:
        """Whether one function may lead to both, or what it calls, and what returns to it."""
        readers = {access.function for access in reads}
        told = self._callers.told(readers)
        telling = self._callers.telling(readers)
        writing = self._callers.of(access.function for access in writes)
        elsewhere = told | self._callers.calling(writing)
        for function in writing & (readers | told):
            own_reads = [x for x in reads if x.function == function and not x.over]
            own_writes = [access for access in writes if access.function == function]
            alone = function not in elsewhere and self._together(own_reads, own_writes)
            looks = {access.at for access in own_reads} | self._calls(function, telling)
            stores = {access.at for access in own_writes} | self._calls(function, writing)
            aside = self._callers.calls_aside(function, telling | writing)
            if not alone and (aside or not self._in_order(stores, looks)):
                return True
        return False

    def _calls(self, function: str, names: set[str]) -> set[int]:
        """Where a function calls one of these."""
        calls = self._callers.calls[function]
        return {_at(call) for call in calls if not names.isdisjoint(self._flow.called(call))}

    def _in_order(self, stores: set[int], looks: set[int]) -> bool:
        """Whether all stores are over before the first look."""
        if stores and looks and max(stores) > min(looks):
            return False
        loops = (loop for one in self._sketches for loop in one.loops)
        return not any(_in(loop, stores) and _in(loop, looks) for loop in loops)

    def _together(self, reads: Iterable[Access], writes: Sequence[Access]) -> bool:
        """Whether the accesses of one function lie in one critical section.

        What a test in it decides, no test before it does.
        """
        decided = all(access.tested for access in writes)
        looks = [access for access in reads if not (decided and access.tested)]
        sections = {self._section(access) for access in (*looks, *writes)}
        return len(sections) == 1 and 0 not in sections

    def _section(self, access: Access) -> int:
        return 0 if access.section in self._interrupted else access.section

    def _interruptions(self) -> set[int]:
        """Sections in which a lock is given up for a while."""
        broken: set[int] = set()
        functions: set[str] = set()
        for one in self._sketches:
            for lock, function, sections in one.interrupts:
                if self._flow.held(lock) & INHERITED:
                    functions.add(function)
                    broken |= {*sections}
        for call in (call for one in self._sketches for call in one.calls):
            if self._flow.held(call.function) & FREEING:
                functions.add(call.caller)
        leading = self._callers.of(functions)
        for one in self._sketches if functions else ():
            for call, sections in one.guarded:
                freeing = self._flow.held(call.function) & FREEING
                if freeing or not leading.isdisjoint(self._flow.called(call)):
                    broken |= {*sections}
        return broken


def _at(call: Call) -> int:
    """Its number is that of its result: what it is given was read before."""
    at = call.result[0]
    assert isinstance(at, int)
    return at


def _in(loop: tuple[int, int], numbers: set[int]) -> bool:
    start, end = loop
    return any(start < number < end for number in numbers)


def _same(read: str, written: str) -> bool:
    """Whether what is read may be what is written; an unknown index may be any."""
    if "" in (read, written) or read == written:
        return True
    items = read.startswith("[") and written.startswith("[")
    return items and (written == OWN_ITEM or ANY_ITEM in (read, written))
