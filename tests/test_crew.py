"""Workers: one text that kills, hangs or floods its worker costs that text alone."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lintvalue.crew import gather, on_deep_stack
from lintvalue.crew.limits import SECONDS_FOR_PATTERNS, processor_seconds
from lintvalue.extract import extract
from lintvalue.model.facts import FileFacts
from lintvalue.model.source import Source
from lintvalue.model.statements import Block

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = tuple(f"f{number}.py" for number in range(40))


def sources(**special: str) -> tuple[Source, ...]:
    return tuple(Source(name, special.get(name[:-3], "x = 1\n")) for name in NAMES)


def children() -> set[str]:
    """The processes that this one has started and that still run, by Linux's word."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def crew_of(act: Callable[[str], object]) -> Callable[[], Callable[[Source], FileFacts]]:
    def work(source: Source) -> FileFacts:
        act(source.text)
        return FileFacts(source.path, Block(()))

    return lambda: work


def refused(facts: tuple[FileFacts, ...]) -> dict[str, str]:
    return {one.path: one.problem.message for one in facts if one.problem is not None}


def test_facts_come_in_the_order_of_the_texts():
    facts = gather(sources(), crew_of(len), 3)
    assert tuple(one.path for one in facts) == NAMES
    assert refused(facts) == {}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_worker_that_is_killed_costs_the_text_it_was_at(number):
    def act(text: str) -> None:
        if text == "die":
            faulthandler.disable()  # pytest's would survive the signal
            os.kill(os.getpid(), number)
            time.sleep(60)  # another thread may be the one that takes the signal

    lost = refused(gather(sources(f3="die", f20="die"), crew_of(act), 2))
    assert lost.keys() == {"f3.py", "f20.py"}
    assert signal.Signals(number).name in lost["f3.py"]


def test_a_text_that_takes_too_long_is_stopped_and_the_others_are_judged():
    def act(text: str) -> None:
        while text.startswith("match"):
            pass

    endless = "match x:\n    case " + "(" * 7 + "x" + ")" * 7 + ":\n        pass\n"
    lost = refused(gather(sources(f7=endless), crew_of(act), 2))
    assert lost == {
        "f7.py": f"not judged: it takes longer than {SECONDS_FOR_PATTERNS} seconds of processor time"
    }


def test_a_text_that_takes_too_much_memory_is_refused():
    def act(text: str) -> None:
        if text == "big":
            bytes(4 << 30)

    lost = refused(gather(sources(f0="big"), crew_of(act), 1))
    assert lost == {"f0.py": "takes too much memory to be judged"}


def test_whatever_the_work_raises_is_the_problem_of_its_text():
    def act(text: str) -> None:
        if text == "odd":
            raise TypeError("an odd\none")

    lost = refused(gather(sources(f1="odd"), crew_of(act), 1))
    assert lost == {"f1.py": "cannot be judged: TypeError: an odd one"}


def test_a_parser_that_cannot_be_loaded_ends_the_run_with_the_reason():
    def prepare() -> Callable[[Source], FileFacts]:
        raise ImportError("no parser here")

    with pytest.raises(RuntimeError, match="no parser here"):
        gather(sources(), prepare, 2)


def test_no_worker_outlives_the_run_that_is_interrupted():
    """The parent's own work is interrupted while a worker sleeps."""

    def interrupt(_number: int, _frame: object) -> None:
        raise InterruptedError

    others = children()  # multiprocessing's own helpers outlive the tests that started them
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(InterruptedError):
            gather(sources(), crew_of(lambda _text: time.sleep(60)), 2)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert children() <= others


def test_a_match_that_nests_25_deep_is_refused_and_the_others_are_parsed():
    nested = "match a:\n    case " + "(" * 25 + "x" + ")" * 25 + ":\n        pass\n"
    facts = gather((Source("deep.py", nested), Source("plain.py", "x = 1\n")), lambda: extract, 1)
    assert refused(facts).keys() == {"deep.py"}
    assert facts[1].body.statements


def test_usual_patterns_have_the_usual_time():
    usual = "match a:\n    case {'k': [Point(x=(1 | 2)), *rest]}:\n        pass\n"
    assert processor_seconds(usual) == processor_seconds("x = 1\n")


def test_a_deep_stack_takes_deep_recursion_and_hands_on_errors():
    def down(level: int) -> int:
        return 0 if level == 0 else 1 + down(level - 1)

    assert on_deep_stack(lambda: down(15_000)) == 15_000
    with pytest.raises(ZeroDivisionError):
        on_deep_stack(lambda: 1 // 0)


def test_the_recursion_limit_is_as_before_once_nobody_is_on_a_deep_stack():
    """It holds for all threads, which come and go in any order."""
    before = sys.getrecursionlimit()
    inside = threading.Barrier(3)
    leave = [threading.Event(), threading.Event()]
    threads = [
        threading.Thread(
            target=on_deep_stack, args=(lambda e=e: (inside.wait(), e.wait()),), daemon=True
        )
        for e in leave
    ]
    for thread in threads:
        thread.start()
    inside.wait()
    for thread, event in zip(threads, leave, strict=True):
        assert sys.getrecursionlimit() > before
        event.set()
        thread.join()
    assert sys.getrecursionlimit() == before
