"""`lintvalue fix`."""

from __future__ import annotations

import os
import shlex
from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.cli.arguments import read
from lintvalue.cli.options import FIX, options_from
from lintvalue.cli.output import Output
from lintvalue.cli.show import shown
from lintvalue.cli.streams import say, write_bytes
from lintvalue.model.settings import UserError
from lintvalue.report import render
from lintvalue.report.escape import one_line
from lintvalue.report.place import place
from lintvalue.run.diff import base, diff
from lintvalue.run.fix import fix, text_of_stdin
from lintvalue.run.places import STDIN, working_folder
from lintvalue.run.project import settings_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.cli.arguments import Given
    from lintvalue.run.fix import Outcome
    from lintvalue.run.mended import Tally


_UNDECLARED = (
    "warning: the rewritten code imports lintvalue.runtime, but neither pyproject.toml nor a"
    " requirements file lists lintvalue: add it to the dependencies, or write a copy with"
    " `lintvalue vendor` and fix with --counter-import"
)


def run(arguments: Sequence[str]) -> int:
    given = read(FIX, "Rewrite unsafe updates of shared memory.", arguments)
    options = options_from(given)
    settings = settings_for(given.paths, options)
    output = Output.chosen(given, settings.output_format)
    if given.show_settings or given.show_files:
        return shown(given, options, settings)
    dry = bool(given.diff)
    if STDIN in given.paths and len(given.paths) > 1:
        raise UserError("`-` stands for a text of its own: fix it without other paths")
    outcome = fix(given.paths, options, unsafe=bool(given.unsafe_fixes), dry=dry)
    _print(outcome, output, given)
    output.problems(outcome.report.problems)
    if not output.quiet:
        _say_what_is_left(outcome, dry=dry)
        _say_where_to_apply(outcome, dry=dry)
    return _status(outcome, dry=dry)


def _print(outcome: Outcome, output: Output, given: Given) -> None:
    """The diff, the text that came from standard input, or the findings that remain."""
    if given.diff:
        write_bytes(diff(outcome))
    elif STDIN in given.paths:
        write_bytes(text_of_stdin(outcome) or b"")
        if outcome.report.findings:
            say(render(outcome.report, "concise").rstrip())
    else:
        output.findings(outcome.report)


def _say_what_is_left(outcome: Outcome, *, dry: bool) -> None:
    if not outcome.found:
        rest = "but not every file was checked" if outcome.report.problems else "nothing to fix"
        say(f"No findings, {rest}.")
        return
    done = "would be fixed" if dry else "fixed"
    declined = defaultdict(list)
    for one in outcome.declined:
        declined[one.at.path].append(f"{place(one.at)}: not fixed: {one_line(one.reason)}")
    for file in outcome.files:
        say("\n".join((f"{one_line(file.path)}: {_count(file, done)}", *declined[file.path])))
    if outcome.undeclared:
        say(_UNDECLARED)
    left = len(outcome.report.findings)
    say(f"Found {outcome.found}: {outcome.fixed} {done}, {left} remaining.")


def _count(file: Tally, done: str) -> str:
    if file.fixed + file.remaining == 0:
        return "changed together with others" if done == "fixed" else "would be changed, too"
    return f"{file.fixed} {done}, {file.remaining} remaining"


def _say_where_to_apply(outcome: Outcome, *, dry: bool) -> None:
    if dry and outcome.changes and (start := base(outcome)) != os.path.realpath(working_folder()):
        folder = shlex.quote(one_line(start))
        say(
            f"The paths of the patch start at {one_line(start)}: apply it with `git -C {folder} apply`."
        )


def _status(outcome: Outcome, *, dry: bool) -> int:
    if outcome.report.problems:
        return 2
    return 1 if outcome.report.findings or (dry and outcome.changes) else 0
