"""How long lintvalue takes beside its peers.

    python benchmarks/speed.py named              three files or so, beside starts of Python
    python benchmarks/speed.py tree FOLDER        cold, warm and one file changed, beside ruff
    python benchmarks/speed.py peers FOLDER       cold, beside all peers that are installed
    python benchmarks/speed.py growth             from 1,000 to 50,000 files, with the exponent

`--rounds N` (7), `--jobs N` (2), `--work FOLDER` (where trees are made), `--svg FILE` (of growth).
Runs alternate, so that whatever else the machine does meets all of them; ratios are of medians.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import plot
import trees
from measure import Command, Run, alternate, median, ratio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BIN = Path(sys.executable).parent
SIZES = (1_000, 3_000, 10_000, 25_000, 50_000)
# What each peer is given to look for, so that it has one rule to check.
PEERS = {
    "ruff": ("ruff", "check", "--no-cache", "--isolated", "--select", "B012", "."),
    "ast-grep": ("ast-grep", "run", "--lang", "python", "--pattern", "$A.value += $B", "."),
    "semgrep": (
        "semgrep",
        "--disable-version-check",
        "--metrics",
        "off",
        "--lang",
        "python",
        "--pattern",
        "$A.value += $B",
        ".",
    ),
    "flake8": ("flake8", "--select", "B012", "."),
    "bandit": ("bandit", "-q", "-r", "."),
    "pylint": ("pylint", "--jobs=0", "--disable=all", "--enable=W0612", "."),
    "fixit": ("fixit", "--rules", "fixit.rules:NoStaticIfCondition", "lint", "."),
}


def lintvalue(*arguments: str) -> tuple[str, ...]:
    return (str(_BIN / "lintvalue"), "check", *arguments)


def installed() -> Mapping[str, tuple[str, ...]]:
    path = f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    found = {name: shutil.which(command[0], path=path) for name, command in PEERS.items()}
    return {name: (where, *PEERS[name][1:]) for name, where in found.items() if where}


def named(given: argparse.Namespace) -> None:
    folder = trees.build_small(Path(given.work) / "named")
    safe = trees.build_safe(Path(given.work) / "safe")
    clean = [f"clean{number}.py" for number in range(3)]
    unsafe = [f"program{number}.py" for number in range(3)]
    python = [sys.executable, "-c"]
    results = alternate(
        [
            Command("python -c pass", [*python, "pass"], folder),
            Command("import libcst", [*python, "import libcst"], folder),
            Command("3 clean files", lintvalue("--no-cache", *clean), folder),
            Command("3 files with findings", lintvalue("--no-cache", *unsafe), folder),
            Command("3 files with findings, warm", lintvalue(*unsafe), folder),
            Command("a project without fault", lintvalue("--no-cache"), safe),
            Command("a project without fault, warm", lintvalue(), safe),
        ],
        given.rounds,
    )
    _table(results, "python -c pass")
    _table(
        {name: runs for name, runs in results.items() if name != "python -c pass"}, "import libcst"
    )


def tree(given: argparse.Namespace) -> None:
    folder = Path(given.folder).resolve()
    ours, theirs = Path(given.work) / "ours", Path(given.work) / "theirs"
    jobs = f"--jobs={given.jobs}"
    ruff = (*installed()["ruff"][:2], "--isolated", "--select", "B012")
    cold = alternate(
        [
            Command("ruff", (*ruff, "--no-cache", "."), folder),
            Command("lintvalue", lintvalue("--isolated", "--no-cache", jobs, "."), folder),
        ],
        given.rounds,
    )
    print("cold")
    _table(cold, "ruff")
    warm_ours = lintvalue("--isolated", "--cache-dir", str(ours), jobs, ".")
    changed = next(folder.rglob("*.py"))
    warm = alternate(
        [
            Command("ruff", (*ruff, "--cache-dir", str(theirs), "."), folder),
            Command("lintvalue", warm_ours, folder),
        ],
        given.rounds,
    )
    print("warm, nothing changed")
    _table(warm, "ruff")
    one = alternate(
        [
            Command("ruff", (*ruff, "--cache-dir", str(theirs), "."), folder, changed.touch),
            Command("lintvalue", warm_ours, folder, changed.touch),
        ],
        given.rounds,
    )
    print("warm, one file touched")
    _table(one, "ruff")


def peers(given: argparse.Namespace) -> None:
    folder = Path(given.folder).resolve()
    commands = [Command(name, command, folder) for name, command in installed().items()]
    ours = lintvalue("--isolated", "--no-cache", f"--jobs={given.jobs}", ".")
    _table(alternate([*commands, Command("lintvalue", ours, folder)], given.rounds), "ruff")


def growth(given: argparse.Namespace) -> None:
    points: dict[str, list[tuple[int, float]]] = {"ruff": [], "lintvalue": []}
    for size in SIZES:
        folder = trees.build(Path(given.work) / f"growth{size}", size)
        results = alternate(
            [
                Command("ruff", installed()["ruff"], folder),
                Command("lintvalue", lintvalue("--no-cache", f"--jobs={given.jobs}"), folder),
            ],
            given.rounds,
        )
        print(f"{size} files")
        _table(results, "ruff")
        for name, runs in results.items():
            points[name].append((size, median(runs, "processor")))
    for name, line in points.items():
        print(f"{name}: processor time grows with the number of files to the {_exponent(line):.2f}")
    if given.svg:
        Path(given.svg).write_text(plot.lines(points, "files", "processor seconds"))


def _exponent(points: Sequence[tuple[int, float]]) -> float:
    """The slope of the line through the points, both axes logarithmic."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - middle_x) ** 2 for x in xs)


def _table(results: Mapping[str, list[Run]], base: str) -> None:
    print(
        f"| run | wall s | CPU s | MiB | wall / {base} (range) | CPU / {base} |\n|---|---|---|---|---|---|"
    )
    for name, runs in results.items():
        wall, low, high = ratio(runs, results[base], "wall")
        processor, _, _ = ratio(runs, results[base], "processor")
        figures = (median(runs, "wall"), median(runs, "processor"))
        memory = max(one.memory for one in runs)
        print(
            f"| {name} | {figures[0]:.3f} | {figures[1]:.3f} | {memory:.0f} "
            f"| {wall:.2f} ({low:.2f}-{high:.2f}) | {processor:.2f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=("named", "tree", "peers", "growth"))
    parser.add_argument("folder", nargs="?", default=".")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", default=str(Path(tempfile.gettempdir()) / "lintvalue-benchmarks"))
    parser.add_argument("--svg")
    given = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    {"named": named, "tree": tree, "peers": peers, "growth": growth}[given.what](given)


if __name__ == "__main__":
    main()
