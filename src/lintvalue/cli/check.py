"""`lintvalue check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.cli.options import CHECK, options_from, parser
from lintvalue.cli.output import Output
from lintvalue.run.check import check
from lintvalue.run.project import settings_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.finding import Report


def run(arguments: Sequence[str]) -> int:
    given = parser(CHECK, "Report unsafe updates of shared memory.").parse_args(arguments)
    options = options_from(given)
    settings = settings_for(given.paths, options)
    output = Output.chosen(given, settings.output_format)
    if given.show_settings or given.show_files:
        from lintvalue.cli.show import shown  # noqa: PLC0415 - not what is mostly asked for

        return shown(given, options, settings)
    report = check(
        given.paths,
        options,
        from_repository=output.from_repository,
        with_repairs=output.with_repairs,
    )
    output.findings(report)
    output.problems(report.problems)
    if given.verbose:
        output.warnings(report.warnings)
    output.summary(report)
    return _status(report, exit_zero=bool(given.exit_zero))


def _status(report: Report, *, exit_zero: bool) -> int:
    if report.problems:
        return 2
    return 1 if report.findings and not exit_zero else 0
