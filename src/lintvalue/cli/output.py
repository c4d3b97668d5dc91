"""Where a report goes, and what is said beside it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from lintvalue.cli.streams import check_output_file, say, write, write_file
from lintvalue.model.lean import dataclass
from lintvalue.model.settings import Repairs
from lintvalue.report import FROM_REPOSITORY, check_format, render
from lintvalue.report.escape import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintvalue.cli.arguments import Given
    from lintvalue.model.finding import Report
    from lintvalue.model.source import Problem

_REPAIRS = {"full": Repairs.PLANNED, "json": Repairs.EXACT, "json-lines": Repairs.EXACT}
_FOR_PEOPLE = frozenset({"full", "concise"})


@dataclass(frozen=True, slots=True)
class Output:
    """How this run reports."""

    format: str
    file: str | None
    colour: bool
    statistics: bool
    quiet: bool

    @classmethod
    def chosen(cls, given: Given, format_name: str) -> Output:
        """What the options ask for. Raises an error for what cannot be written."""
        check_format(format_name)
        if given.output_file is not None:
            check_output_file(given.output_file)
        return cls(
            format_name,
            given.output_file,
            given.output_file is None and coloured(given.color or "auto"),
            bool(given.statistics),
            bool(given.quiet),
        )

    @property
    def from_repository(self) -> bool:
        return self.format in FROM_REPOSITORY

    @property
    def repairs(self) -> Repairs:
        return Repairs.NONE if self.statistics else _REPAIRS.get(self.format, Repairs.NONE)

    def findings(self, report: Report) -> None:
        text = self._text(report)
        if self.file is not None:
            write_file(self.file, text)
        else:
            write(text)

    def _text(self, report: Report) -> str:
        if not self.statistics:
            return render(report, self.format, colour=self.colour)
        from lintvalue.report.statistics import render_statistics  # noqa: PLC0415

        return render_statistics(report)

    def problems(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            place = "".join(f":{at}" for at in (problem.line, problem.column) if at is not None)
            say(f"error: {one_line(problem.path)}{place}: {printable(problem.message)}")

    def warnings(self, warnings: Iterable[str]) -> None:
        for warning in warnings:
            say(f"warning: {one_line(warning)}")

    def summary(self, report: Report) -> None:
        if self.quiet:
            return
        if not report.files and not report.problems:
            say("warning: No Python files found under the given path(s)")
        if self.format in _FOR_PEOPLE:
            say(_sentence(report))


def _sentence(report: Report) -> str:
    count = len(report.findings)
    if count:
        return f"Found {count} error{'s' if count > 1 else ''}."
    return (
        "No findings, but not every file was checked." if report.problems else "All checks passed!"
    )


def coloured(when: str) -> bool:
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
