"""Groups of files that are resolved side by side come to what they come to one after the other."""

from __future__ import annotations

from functools import partial

from cases import facts_of

from lintvalue.model.settings import Settings
from lintvalue.model.source import Source
from lintvalue.resolve import resolve
from lintvalue.run.spread import spread

PROGRAM = """
from multiprocessing import Lock, Process, Value
def work(hits, lock):
    with lock:
        hits.value += 1
    hits.value += {step}
if __name__ == "__main__":
    hits, lock = Value("i", 0), Lock()
    for _ in range(3):
        Process(target=work, args=(hits, lock)).start()
"""


def test_spread():
    """The order of the groups, their objects, locks and updates are the same in one process or three."""
    rows = "\n" * 2_000  # a program that is worth a process
    sources = [Source(f"app{n}.py", rows + PROGRAM.format(step=n)) for n in range(5)]
    facts = [facts_of(source) for source in sources]
    alone = resolve(facts, Settings())
    assert [update.at.path for update in alone.updates][::2] == [one.path for one in sources]
    assert resolve(facts, Settings(), spread=partial(spread, jobs=3)) == alone


def test_what_is_known_of_a_group_is_taken_for_the_same_files_only():
    facts = [facts_of(Source(f"app{n}.py", PROGRAM.format(step=n))) for n in range(3)]
    alone = resolve(facts, Settings())
    known = {
        frozenset({"app1.py"}): resolve(facts[1:2], Settings()),
        frozenset({"app0.py", "app2.py"}): resolve((), Settings()),
    }
    resolved = []

    def noted(groups, resolve_one, **more):
        def one(group):
            resolved.extend(group)
            return resolve_one(group)

        return spread(groups, one, **more)

    found = resolve(facts, Settings(), spread=partial(noted, jobs=1, known=known))
    assert found == alone
    assert resolved == ["app0.py", "app2.py"]
