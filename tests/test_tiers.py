"""What is skipped cheaply could not have been found: every file parsed gives the same findings."""

# ruff: noqa: RUF001

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cases import all_cases

import lintvalue.run.texts
from lintvalue.model.settings import Options
from lintvalue.run.check import check

WORKER = """\
def add(hits):
    hits.value += 1
"""
START = """

def main():
    hits = {make}
    for _ in range(4):
        {process}(target=add, args=(hits,)).start()
"""
MAIN = "import multiprocessing as mp\n" + START.format(
    make="mp.Value('i', 0)", process="mp.Process"
)


def project(**files: str) -> dict[str, str]:
    return {f"{name.replace('_IN_', '/')}.py": text for name, text in files.items()}


PROJECTS = {
    "the object goes to another module": project(jobs=WORKER, main="from jobs import add\n" + MAIN),
    "a module of one's own stands for the library": project(
        compat="import multiprocessing as mp\n",
        jobs=WORKER,
        main="from compat import mp\nfrom jobs import add\n"
        + START.format(make="mp.Value('i', 0)", process="mp.Process"),
    ),
    "a module of one's own has the library's names": project(
        compat="from multiprocessing import Process as Job, Value as Cell\n",
        jobs=WORKER,
        main="from compat import Cell, Job\nfrom jobs import add\n"
        + START.format(make="Cell('i', 0)", process="Job"),
    ),
    "the library is read from a module": project(
        compat="import multiprocessing as mp\n",
        jobs=WORKER,
        main="import compat\nfrom jobs import add\n"
        + START.format(make="compat.mp.Value('i', 0)", process="compat.mp.Process"),
    ),
    "a context is a parameter": project(
        jobs=WORKER,
        launch="from jobs import add\n\ndef main(ctx):\n    hits = ctx.Value('i', 0)\n"
        "    for _ in range(4):\n        ctx.Process(target=add, args=(hits,)).start()\n",
        main="from multiprocessing import get_context\nfrom launch import main\n"
        "main(get_context('spawn'))\n",
    ),
    "a context comes from a module that comes later, over another one": project(
        app="from jobs import add\nfrom made import ctx\n"
        + START.format(make="ctx.Value('i', 0)", process="ctx.Process"),
        jobs=WORKER,
        made="from settings import ctx\n",
        settings="import multiprocessing as mp\nctx = mp.get_context('spawn')\n",
    ),
    "the library itself is a parameter, over two modules": project(
        jobs=WORKER,
        launch="from jobs import add\n\ndef main(ctx):\n    hits = ctx.Value('i', 0)\n"
        "    for _ in range(4):\n        ctx.Process(target=add, args=(hits,)).start()\n",
        middle="from launch import main\n\ndef go(ctx):\n    main(ctx)\n",
        main="import multiprocessing\nfrom middle import go\ngo(multiprocessing)\n",
    ),
    "several hops through imports that do not name it": project(
        a="from multiprocessing import Process, Value\n\nhits = Value('i', 0)\n",
        b="from a import *\n",
        c="from b import hits as shared\n",
        d="import c\n\ndef add():\n    c.shared.value += 1\n",
        main="from multiprocessing import Process\nfrom d import add\n"
        "for _ in range(4):\n    Process(target=add).start()\n",
    ),
    "a package hands on what its modules have": project(
        app_IN___init__="from .counts import hits\n",
        app_IN_counts="from multiprocessing import Value\nhits = Value('i', 0)\n",
        app_IN_jobs="from app import hits\n\ndef add():\n    hits.value += 1\n",
        main="from multiprocessing import Pool\nfrom app.jobs import add\n"
        "with Pool() as pool:\n    pool.map(add, range(4))\n",
    ),
    "what Python's own parser refuses": project(
        jobs=WORKER + "\n\ntype Row[T] = list[T]\n\ndef first[T](row: Row[T]) -> T: ...\n",
        main="from jobs import add\ntype Name = str\n" + MAIN,
    ),
    "names that Python folds": project(
        jobs="def add(hits):\n    hｉts.ｖalue += 1\n",
        main="from jobs import add\nimport ｍultiprocessing as mp\n"
        + START.format(make="mp.Ｖalue('i', 0)", process="mp.Process"),
    ),
    "an object of one's own holds it": project(
        state="from multiprocessing import Value\n\nclass State:\n    def __init__(self):\n"
        "        self.hits = Value('i', 0)\n",
        jobs="def add(state):\n    state.hits.value += 1\n",
        main="from multiprocessing import Process\nfrom state import State\nfrom jobs import add\n"
        "def main():\n    state = State()\n"
        "    for _ in range(4):\n        Process(target=add, args=(state,)).start()\n",
    ),
}


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    (folder / "lintvalue.toml").touch()
    return folder


# Python's own tree is asked whether anything can be wrong only if no rule is chosen that reports what
# is sound.
USUAL = Options()
RARE = Options((("extend_select", ("LV401",)),))


def found(folder: Path, options: Options) -> list[tuple[str, int, str]]:
    report = check([str(folder)], options)
    assert report.problems == ()
    return [
        (Path(one.finding.at.path).name, one.finding.at.span.line, one.finding.code)
        for one in report.findings
    ]


@pytest.fixture
def everything(monkeypatch):
    """Let every file count as one that can matter."""

    def use() -> None:
        monkeypatch.setattr(
            lintvalue.run.texts, "matter", lambda found, *_others, **_more: frozenset(found.files)
        )

    return use


def compare(folder: Path, everything) -> set[str]:
    """The codes of what is found with the tiers, and without."""
    tiered = [found(folder, options) for options in (USUAL, RARE)]
    everything()
    assert [found(folder, options) for options in (USUAL, RARE)] == tiered
    return {code for _, _, code in tiered[0]}


@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_found_in_generated_projects(name, tmp_path, everything):
    assert "LV101" in compare(written(tmp_path, PROJECTS[name]), everything)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_what_is_found_in_cases(case, tmp_path, everything):
    files = {replace(one).path: one.text for one in case.sources}
    folder = written(tmp_path, files)
    compare(folder, everything)
