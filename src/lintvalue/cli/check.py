"""`lintvalue check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.cli.arguments import read
from lintvalue.cli.options import CHECK, options_from
from lintvalue.cli.output import Output
from lintvalue.cli.streams import say
from lintvalue.model.settings import UserError
from lintvalue.run.check import check
from lintvalue.run.places import STDIN
from lintvalue.run.project import settings_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.cli.arguments import Given
    from lintvalue.model.finding import Report
    from lintvalue.model.settings import Options


def run(arguments: Sequence[str]) -> int:
    given = read(CHECK, "Report unsafe updates of shared memory.", arguments)
    options = options_from(given)
    settings = settings_for(given.paths, options)
    output = Output.chosen(given, settings.output_format)
    if given.show_settings or given.show_files:
        from lintvalue.cli.show import shown  # noqa: PLC0415 - not what is mostly asked for

        return shown(given, options, settings)
    report = _report(given, options, output)
    output.findings(report)
    output.problems(report.problems)
    if given.verbose:
        output.warnings(report.warnings)
    output.summary(report)
    return _status(report, exit_zero=bool(given.exit_zero))


def _report(given: Given, options: Options, output: Output) -> Report:
    if given.add_ignore:
        return _silenced(given, options, output)
    if given.reason is not None:
        raise UserError("--reason says why --add-ignore silences: give both, or leave it out")
    return check(
        given.paths,
        options,
        from_repository=output.from_repository,
        repairs=output.repairs,
    )


def _silenced(given: Given, options: Options, output: Output) -> Report:
    """Write comments, and report what they do not silence."""
    # Only this needs the part that changes texts.
    from lintvalue.run.ignores import add_ignores  # noqa: PLC0415

    if STDIN in given.paths:
        raise UserError("--add-ignore writes into files: name them in place of `-`")
    if options.ignore_suppressions:
        raise UserError("--add-ignore writes what --ignore-suppressions ignores: choose one")
    silenced = add_ignores(
        given.paths, options, given.reason, from_repository=output.from_repository
    )
    if not output.quiet:
        say(f"Silenced {silenced.count} finding{'' if silenced.count == 1 else 's'} by a comment.")
    return silenced.report


def _status(report: Report, *, exit_zero: bool) -> int:
    if report.problems:
        return 2
    return 1 if report.findings and not exit_zero else 0
