"""`--show-settings` and `--show-files`: what applies and what is meant, without a check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.cli.streams import say, write
from lintvalue.model.lean import names
from lintvalue.report.escape import one_line
from lintvalue.run.files import files

if TYPE_CHECKING:
    from lintvalue.cli.arguments import Given
    from lintvalue.model.settings import Options, Settings


def shown(given: Given, options: Options, settings: Settings) -> int:
    if given.show_settings:
        write("".join(f"{line}\n" for line in _lines(settings)))
        return 0
    named, problems = files(given.paths, options)
    write("".join(one_line(path) + "\n" for path in named))
    for problem in problems:
        say(f"error: {one_line(problem.path)}: {problem.message}")
    return 2 if problems else 0


def _lines(settings: Settings) -> list[str]:
    values = ((name.replace("_", "-"), getattr(settings, name)) for name in names(settings))
    return [f"{name} = {_written(value)}" for name, value in values]


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    if value is None:
        return "(default)"
    return str(value).lower() if isinstance(value, bool) else '"' + one_line(str(value)) + '"'
