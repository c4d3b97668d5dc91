"""`lintvalue explain FILE:LINE`: why a line is reported, or why it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.cli.output import coloured
from lintvalue.cli.parser import Parser
from lintvalue.cli.streams import write
from lintvalue.config.keys import START_METHODS
from lintvalue.model.settings import Options, UserError
from lintvalue.report import render_explanation
from lintvalue.run.explain import explain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.settings import Setting


def run(arguments: Sequence[str]) -> int:
    parser = Parser(
        prog="lintvalue explain",
        description="Tell why a line is reported, or why it is not.",
        allow_abbrev=False,
    )
    parser.add_argument("place", metavar="FILE:LINE", help="a line of a Python file")
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    parser.add_argument("--config", metavar="FILE", help="read this configuration file")
    parser.add_argument(
        "--isolated",
        action="store_true",
        help="read no configuration file, and nothing but the named file",
    )
    parser.add_argument("--start-method", choices=START_METHODS, help="how processes are started")
    parser.add_argument("--color", choices=("auto", "always", "never"), help="when to colour")
    parser.add_argument("--verbose", "-v", action="store_true", help="tracebacks")
    given = parser.parse_args(arguments)
    path, line = _place(given.place)
    overrides: tuple[tuple[str, Setting], ...] = ()
    if given.start_method is not None:
        overrides = (("start_method", given.start_method),)
    told = explain(path, line, Options(overrides, given.config, given.isolated))
    colour = given.output_format == "text" and coloured(given.color or "auto")
    write(render_explanation(told, given.output_format, colour=colour))
    return 0


def _place(text: str) -> tuple[str, int]:
    """`FILE:LINE`, or `FILE:LINE:COLUMN` as a finding is printed."""
    path, line = text, ""
    parts = text.split(":")
    if len(parts) > 2 and _is_number(parts[-1]) and _is_number(parts[-2]):
        path, line = ":".join(parts[:-2]), parts[-2]
    elif len(parts) > 1 and _is_number(parts[-1]):
        path, line = ":".join(parts[:-1]), parts[-1]
    if not path or not line or int(line) < 1:
        raise UserError(
            f"name a file and a line in it, counted from 1, as in `worker.py:12`, not {text!r}"
        )
    return path, int(line)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
