"""All classes of the runtime behind one face: make one, count by one, read how often that was done."""

from __future__ import annotations

from lintvalue.runtime import Counter, EventCounter, Quota, ShardedCounter, TicketCounter

PLENTY = 2_000_000_000  # more grants than any test takes


MAKERS = {
    "Counter": Counter,
    "ShardedCounter": ShardedCounter,
    "TicketCounter": TicketCounter,
    "EventCounter": EventCounter,
    "Quota": lambda **options: Quota(PLENTY, **options),
}
KILL_SAFE = ("ShardedCounter", "TicketCounter", "EventCounter", "Quota")


def make(name, ctx):
    return MAKERS[name](ctx=ctx)


def make_all(ctx):
    return [make(name, ctx) for name in MAKERS]


def step(thing):
    """What counts by one."""
    match thing:
        case TicketCounter():
            return thing.next
        case Quota():
            return thing.try_take
        case _:
            return thing.increment


def total(thing):
    return PLENTY - thing.remaining() if isinstance(thing, Quota) else thing.value()


def totals(things):
    return {type(thing).__name__: total(thing) for thing in things}


def count(things, times):
    """Count by one in each thing, as often as that."""
    for _ in range(times):
        for thing in things:
            step(thing)()
