"""`lintvalue clean`: nothing is kept between runs, so there is nothing to remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.cli.options import Parser

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    parser = Parser(prog="lintvalue clean", description="Remove the cache.", allow_abbrev=False)
    parser.add_argument("--cache-dir", metavar="DIR", help="where the cache is")
    parser.parse_args(arguments)
    return 0
