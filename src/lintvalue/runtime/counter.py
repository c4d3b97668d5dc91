"""A number in shared memory that any process may change, and no update is lost."""

from __future__ import annotations

import math
import multiprocessing
from multiprocessing import sharedctypes
from typing import TYPE_CHECKING, Any, Generic, overload

from lintvalue.runtime.cells import arithmetic, checked_cell, too_large, wrapping_cell
from lintvalue.runtime.guards import process_guard, shared_lock
from lintvalue.runtime.handover import Inherited
from lintvalue.runtime.memory import Memory, new_word

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import BaseContext
    from multiprocessing.synchronize import Lock, RLock, SemLock
    from typing import Literal, Self

    from lintvalue.runtime.cells import Cell

# Only type checkers need to know of the default, which comes with Python 3.13.
if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Number = TypeVar("Number", int, float, default=int)
    WholeCode = Literal["b", "B", "h", "H", "i", "I", "l", "L", "q", "Q"] | None
    RealCode = Literal["f", "d"]
else:
    from typing import TypeVar

    Number = TypeVar("Number", int, float)


class Counter(Inherited, Generic[Number]):
    """A number in shared memory with one lock; all operations have one total order.

    Choose it when a change depends on the value or its result is used: it is what replaces
    `with value.get_lock(): value.value += 1`.

    It counts in 64 bits, and what does not fit raises OverflowError and changes nothing.
    `typecode` gives it the numbers and the behaviour of `multiprocessing.Value(typecode)`:
    "i" wraps round at 32 bits, "d" is a float. `lock` is an existing Lock or RLock to use, say
    one for many counters; without it the Counter makes its own RLock, from `ctx` or the default
    context.

    A signal handler may change the counter that it interrupts, and may raise: no change is lost
    and the lock is free afterwards. A process killed by SIGKILL while it holds the lock leaves
    it locked, as with every lock of multiprocessing: `value()` still answers, and changes wait
    for ever, or raise TimeoutError after `timeout` seconds if that is given.

    Hand it to other processes through `args=` of a Process, or through `initializer=` and
    `initargs=` of a pool or an executor. A change takes about two fifths of the time of what it replaces.
    """

    # No setter and no other attributes: `counter.value += 1` is an error, not a lost update.
    __slots__ = (
        "_cell",
        "_exact",
        "_fitted",
        "_guard",
        "_lock",
        "_memory",
        "_operand",
        "_timeout",
        "_typecode",
        "_wrapping",
    )

    @overload
    def __init__(
        self: Counter[int],
        initial: int = 0,
        *,
        typecode: WholeCode = None,
        ctx: BaseContext | None = None,
        lock: Lock | RLock | None = None,
        timeout: float | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self: Counter[float],
        initial: float = 0.0,
        *,
        typecode: RealCode,
        ctx: BaseContext | None = None,
        lock: Lock | RLock | None = None,
        timeout: float | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        initial: Number = 0,
        *,
        typecode: type,
        ctx: BaseContext | None = None,
        lock: Lock | RLock | None = None,
        timeout: float | None = None,
    ) -> None: ...

    def __init__(
        self,
        initial: Any = 0,
        *,
        typecode: Any = None,
        ctx: BaseContext | None = None,
        lock: Lock | RLock | None = None,
        timeout: float | None = None,
    ) -> None:
        initial = arithmetic(typecode).fitted(initial)
        guarding = (ctx or multiprocessing).RLock() if lock is None else shared_lock(lock)
        self._bind(new_word(), typecode, guarding, timeout)
        self._cell[0] = initial

    @classmethod
    def wrap(cls, value: Any, *, timeout: float | None = None) -> Self:
        """Return a Counter over the memory and the lock of an existing `multiprocessing.Value`.

        Code that holds `value.get_lock()` and this Counter exclude each other, so that a program
        can be changed one place after the other. Numbers behave as the Value's do.
        """
        if not isinstance(value, sharedctypes.SynchronizedBase):
            raise TypeError(
                f"only a Value with a lock can be wrapped, not a {type(value).__qualname__}"
            )
        raw: Any = value.get_obj()
        counter = cls.__new__(cls)
        counter._bind(Memory(raw, 0), type(raw), shared_lock(value.get_lock()), timeout)
        return counter

    def _bind(self, memory: Memory, typecode: Any, lock: SemLock, timeout: float | None) -> None:
        self._memory, self._typecode, self._lock, self._timeout = memory, typecode, lock, timeout
        ctype, self._operand, self._fitted, wraps, self._exact = arithmetic(typecode)
        self._cell: Cell[Number] = checked_cell(memory, ctype)
        self._wrapping: Cell[Number] | None = wrapping_cell(memory, ctype) if wraps else None
        self._guard = process_guard(lock, timeout)

    def _parts(self) -> tuple[Memory, Any, SemLock, float | None]:
        return self._memory, self._typecode, self._lock, self._timeout

    # The blocks below make no call and no loop, so that no signal handler runs in the midst of
    # them: one that did would wait for ever for the lock, or have its own update overwritten.

    def increment(self, n: Number = 1) -> Number:
        """Add `n` and return the new value."""
        if n.__class__ is not int:
            n = self._operand(n)
        try:
            with self._guard:
                cell = self._cell
                cell[0] = new = cell[0] + n
        except ValueError:  # it does not fit
            new = self._fitted(self._wrap_round(n, math.inf))
        return new if self._exact else self._fitted(new)

    def decrement(self, n: Number = 1) -> Number:
        """Subtract `n` and return the new value."""
        return self.increment(-self._operand(n))

    def value(self) -> Number:
        """Return the value of this moment, without waiting for a lock."""
        return self._cell[0]

    def set(self, x: Number) -> None:
        """Make the value `x`, whatever it was."""
        self.exchange(x)

    def exchange(self, x: Number) -> Number:
        """Make the value `x` and return what it was."""
        x = self._fitted(x)
        with self._guard:
            old = self._cell[0]
            self._cell[0] = x
            return old

    def compare_and_set(self, expected: Number, new: Number) -> bool:
        """Make the value `new` if it is `expected`, and tell whether it was."""
        expected, new = self._operand(expected), self._fitted(new)
        with self._guard:
            old = self._cell[0]
            if old != expected and (old == old or expected == expected):  # noqa: PLR0124  # NaN
                return False
            self._cell[0] = new
            return True

    def increment_below(self, limit: Number, n: Number = 1) -> bool:
        """Add `n` unless the value would then be greater than `limit`, and tell whether it did."""
        limit = self._operand(limit)
        if n.__class__ is not int:
            n = self._operand(n)
        try:
            with self._guard:
                new = self._cell[0] + n
                if new <= limit:
                    self._cell[0] = new
                    return True
                return False
        except ValueError:  # it does not fit
            return self._wrap_round(n, limit) <= limit

    def update(self, fn: Callable[[Number], Number]) -> Number:
        """Replace the value by `fn(value)` and return the new value.

        `fn` runs without the lock, so that it may fail or take its time without holding up
        anyone. If the value has changed meanwhile, `fn` is called again with the new one: it
        should do nothing but compute.
        """
        while True:
            old = self.value()
            new: Number = self._fitted(fn(old))
            if self.compare_and_set(old, new):
                return new

    def get_lock(self) -> SemLock:
        """Return the lock, to hold it over more than one operation: `with counter.get_lock():`.

        The slow way, for what no single operation does. The Counter's own lock is an RLock, so
        that its operations can be used inside. What holds for a Value's lock holds here: a
        signal handler that raises may leave it held, and a change that a handler makes between
        a read and a write inside is lost.
        """
        return self._lock

    def _wrap_round(self, n: Number, limit: float) -> Number:
        """Add `n` as a Value does, unless the sum is above the limit; return the sum as it was."""
        cell = self._wrapping
        if cell is None:
            raise too_large(f"a change by {n}") from None
        with self._guard:
            new = cell[0] + n
            if new <= limit:
                cell[0] = new
        return new
