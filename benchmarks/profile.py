"""Where the time of one cold run goes, stage by stage: python benchmarks/profile.py FOLDER."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

# This folder holds modules with names of the standard library's.
sys.path.pop(0)

from lintvalue.crew import on_deep_stack
from lintvalue.model.settings import Options, Settings
from lintvalue.resolve import resolve
from lintvalue.rules import judge
from lintvalue.run import analysis, texts
from lintvalue.run.places import group
from lintvalue.sources.discover import discover

if TYPE_CHECKING:
    from collections.abc import Callable


T = TypeVar("T")


def timed(name: str, work: Callable[[], T]) -> T:
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{name:<28}{wall:9.3f} s{processor:9.3f} s", flush=True)
    return result


def main() -> None:
    folder = str(Path(sys.argv[1]).resolve())
    [one], _ = group([folder], Options(isolated=True))
    settings = Settings()
    print(f"{'stage':<28}{'wall':>11}{'own CPU':>11}")
    found = timed("walk", lambda: discover(one.root, one.paths, settings, alone=False))
    read = timed(
        "read, search, follow, ask",
        lambda: texts.texts(one, found, settings, None, all_rules=False),
    )
    size = sum(len(source.text) for source in read.sources.values())
    print(
        f"  {len(found.files)} files, {len(read.sources)} of them can matter, {size:,} characters"
    )
    facts = timed("extract (in workers)", lambda: analysis.extracted(read.sources, None))
    sound = [facts_of for facts_of in facts.values() if facts_of.problem is None]
    project = timed("resolve", lambda: on_deep_stack(lambda: resolve(sound, settings)))
    timed("judge", lambda: judge(project))


if __name__ == "__main__":
    main()
