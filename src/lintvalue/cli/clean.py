"""`lintvalue clean`: remove the cache of the project that we stand in, or that paths name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.cli.options import settings_from_environment
from lintvalue.cli.parser import Parser
from lintvalue.cli.streams import say
from lintvalue.run.forget import forget

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    parser = Parser(prog="lintvalue clean", description="Remove the cache.", allow_abbrev=False)
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH")
    parser.add_argument("--cache-dir", metavar="DIR", help="where the cache is")
    given = parser.parse_args(arguments)
    removed, problems = forget(given.paths, settings_from_environment(given.cache_dir))
    for path in removed:
        say(f"Removed {path}")
    for problem in problems:
        say(f"error: {problem.path}: {problem.message}")
    return 2 if problems else 0
