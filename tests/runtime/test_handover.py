"""How counters get into other processes, and how they do not."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest
from runtime.forms import MAKERS, count, make, make_all, step, total, totals
from runtime.processes import run

from lintvalue.runtime import Counter, ShardedCounter, TicketCounter

classes = pytest.mark.parametrize("name", MAKERS)
SENTENCE = r"an? {} can be handed .* Process\(args=.*initializer and initargs"


@classes
def test_pickled_outside_of_a_launch(name, fork):
    """Pickling and copying fail with a sentence that names args= and initargs."""
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(RuntimeError, match=SENTENCE.format(name)):
            attempt(make(name, fork))


@classes
def test_sent_through_a_pipe(name, fork):
    """The same sentence comes from a pipe and from a queue that is one."""
    ends = fork.Pipe()
    for send in (ends[0].send, fork.SimpleQueue().put):
        with pytest.raises(RuntimeError, match=SENTENCE.format(name)):
            send(make(name, fork))
    for end in ends:
        end.close()


@classes
def test_sent_to_a_pool(name, fork):
    """Among a task's arguments it is refused with the same sentence."""
    thing = make(name, fork)
    with fork.Pool(1) as pool, pytest.raises(RuntimeError, match=SENTENCE.format(name)):
        pool.apply(count, ([thing], 1))


@classes
def test_sent_to_an_executor(name, fork):
    """The same from an executor's future."""
    thing = make(name, fork)
    with (
        ProcessPoolExecutor(1, fork) as executor,
        pytest.raises(RuntimeError, match=SENTENCE.format(name)),
    ):
        executor.submit(count, [thing], 1).result(30)


def hand_on(ctx, things):
    count(things, 1)
    run(ctx, count, *[(things, 10)] * 2)


def test_handed_on(ctx):
    """A process that was given counters can hand them on to processes of its own."""
    things = make_all(ctx)
    run(ctx, hand_on, (ctx, things))
    assert totals(things) == dict.fromkeys(MAKERS, 21)


@pytest.mark.parametrize("maker", [TicketCounter, ShardedCounter])
def test_other_contexts(maker):
    """What is a file goes to processes of any context."""
    thing = maker()
    for method in multiprocessing.get_all_start_methods():
        run(multiprocessing.get_context(method), count, ([thing], 10))
    assert total(thing) == 10 * len(multiprocessing.get_all_start_methods())


class NamedCounter(Counter):
    """A class of a user, with an attribute of its own."""

    def __init__(self, name, **options):
        super().__init__(**options)
        self.name = name


def check_name(counter, name):
    assert counter.name == name
    counter.increment()


def test_subclass(ctx):
    """Attributes of a subclass go with it."""
    counter = NamedCounter("files", ctx=ctx)
    run(ctx, check_name, (counter, "files"))
    assert counter.value() == 1


MAIN = """
import multiprocessing
from lintvalue.runtime import *

def work(things):
    for thing in things:
        (getattr(thing, "next", None) or getattr(thing, "try_take", None) or thing.increment)()

if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    things = [Counter(), ShardedCounter(), TicketCounter(), EventCounter(), Quota(3)]
    processes = [multiprocessing.Process(target=work, args=(things,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(*things)
"""


def test_script(ctx, tmp_path):
    """A script's own processes get them, and it ends without a word of complaint."""
    script = tmp_path / "program.py"
    script.write_text(MAIN.format(method=ctx.get_start_method()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "dev", str(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == (
        "<Counter 2> <ShardedCounter 2> <TicketCounter 2> <EventCounter 2> <Quota 1 of 3 left>\n"
    )


@classes
def test_repr(name, fork):
    """It tells the class and the number."""
    thing = make(name, fork)
    step(thing)()
    expected = "<Quota 1999999999 of 2000000000 left>" if name == "Quota" else f"<{name} 1>"
    assert repr(thing) == expected


@classes
def test_no_other_attributes(name, fork):
    """The statement that loses updates on a Value is an error on all of them."""
    thing = make(name, fork)
    with pytest.raises(AttributeError):
        thing.total = 1
    with pytest.raises((AttributeError, TypeError)):
        thing.value += 1
