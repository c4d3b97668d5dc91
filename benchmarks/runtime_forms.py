"""What benchmarks/runtime.py measures: statements as a user writes them, and what they count in."""

from __future__ import annotations

import mmap
import multiprocessing
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lintvalue.runtime import Counter, EventCounter, Quota, ShardedCounter, TicketCounter

if TYPE_CHECKING:
    from collections.abc import Callable

fork = multiprocessing.get_context("fork")
PLENTY = 2**31 - 1


@dataclass(frozen=True)
class Form:
    """One way to do a thing. `make` returns what the statement works on, as `x`."""

    name: str
    statement: str
    make: Callable[[], Any]
    total: str = ""  # an expression that must equal the number of statements that were run

    def total_of(self, x: Any) -> int:
        return eval(self.total, {"x": x})  # noqa: S307 - our own, from below


@dataclass(frozen=True)
class Group:
    """Ways to do the same thing; the first is what the others are compared with."""

    title: str
    forms: tuple[Form, ...]
    processes: tuple[int, ...]


class ArticleCounter:
    """The article's class in its faster form: a RawValue and a Lock."""

    def __init__(self) -> None:
        self.val = fork.RawValue("i", 0)
        self.lock = fork.Lock()

    def increment(self) -> None:
        with self.lock:
            self.val.value += 1

    def value(self) -> int:
        with self.lock:
            return self.val.value


def value() -> Any:
    return fork.Value("i", 0)


def changes(processes: tuple[int, ...]) -> Group:
    forms = (
        Form(
            "BASE: with v.get_lock(): v.value += 1",
            "with x.get_lock(): x.value += 1",
            value,
            "x.value",
        ),
        Form("v.value += 1, which loses updates", "x.value += 1", value),
        Form(
            "the article's Counter (RawValue + Lock)", "x.increment()", ArticleCounter, "x.value()"
        ),
        Form("Counter.increment", "x.increment()", lambda: Counter(ctx=fork), "x.value()"),
        Form("TicketCounter.next", "x.next()", lambda: TicketCounter(ctx=fork), "x.value()"),
        Form(
            "ShardedCounter.increment",
            "x.increment()",
            lambda: ShardedCounter(ctx=fork),
            "x.value()",
        ),
        Form(
            "EventCounter.increment", "x.increment()", lambda: EventCounter(ctx=fork), "x.value()"
        ),
        *_peers(),
    )
    return Group("changes", forms, processes)


def reads() -> Group:
    forms = (
        Form("v.value", "x.value", value),
        Form("the article's value()", "x.value()", ArticleCounter),
        Form("Counter.value", "x.value()", lambda: Counter(ctx=fork)),
        Form("TicketCounter.value", "x.value()", lambda: TicketCounter(ctx=fork)),
        Form("ShardedCounter.value, one process", "x.value()", _used_sharded),
        Form("EventCounter.value", "x.value()", lambda: EventCounter(ctx=fork)),
    )
    return Group("reads", forms, (1,))


def quotas(processes: tuple[int, ...]) -> Group:
    locked = f"with x.get_lock():\n    if x.value < {PLENTY}: x.value += 1"
    below = f"x.increment_below({PLENTY})"
    taken = f"{PLENTY} - x.remaining()"
    forms = (
        Form("BASE: with v.get_lock(): check and add", locked, value, "x.value"),
        Form("Counter.increment_below", below, lambda: Counter(ctx=fork), "x.value()"),
        Form("Quota.try_take", "x.try_take()", lambda: Quota(PLENTY, ctx=fork), taken),
    )
    return Group("quotas", forms, processes)


def _used_sharded() -> ShardedCounter:
    counter = ShardedCounter(ctx=fork)
    counter.increment()
    return counter


def _peers() -> list[Form]:
    return [form for form in (_atomicshm(), _prometheus()) if form is not None]


def _atomicshm() -> Form | None:
    try:
        import atomicshm  # noqa: PLC0415 - not everybody has it
    except ImportError:
        return None

    def make() -> Any:
        return atomicshm.AtomicView(mmap.mmap(-1, 4096)).cell_u64(0)

    return Form("atomicshm, compiled: fetch_add", "x.fetch_add(1)", make, "x.load()")


def _prometheus() -> Form | None:
    folder = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp())
    try:
        import prometheus_client  # noqa: PLC0415 - not everybody has it
    except ImportError:
        return None
    numbers = iter(range(10**9))

    def make() -> Any:
        for file in Path(folder).iterdir():
            file.unlink()
        return prometheus_client.Counter(f"events{next(numbers)}", "text", registry=None)

    return Form("prometheus_client, multiprocess: inc", "x.inc()", make)
