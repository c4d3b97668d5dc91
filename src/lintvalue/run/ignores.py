"""The order of `--add-ignore`: judge, write comments in memory, judge again, and only then in the files."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.fix import apply
from lintvalue.fix.ignores import ignores
from lintvalue.model.lean import dataclass, replace
from lintvalue.model.rule import UNUSED
from lintvalue.model.source import Problem
from lintvalue.run.analysis import Analysis, reanalyse
from lintvalue.run.check import report
from lintvalue.run.fix import encoded
from lintvalue.run.recovery import analyse_recovered
from lintvalue.sources.write import Change, Unwritable, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lintvalue.model.finding import Report
    from lintvalue.model.settings import Options
    from lintvalue.model.source import Source


@dataclass(frozen=True, slots=True)
class Silenced:
    """How many findings have a comment now, and the report of those that have none."""

    count: int
    report: Report


def add_ignores(
    paths: Sequence[str], options: Options, reason: str | None, *, from_repository: bool = False
) -> Silenced:
    """Write a comment behind everything that is found in `paths`."""
    before, problems = analyse_recovered(paths, options)
    after = [_silence(analysis, paths, reason) for analysis in before]
    count = sum(len(one.findings) for one in before) - sum(len(one.findings) for one in after)
    told = report(after, from_repository=from_repository)
    return Silenced(count, replace(told, problems=(*told.problems, *problems)))


def _silence(analysis: Analysis, paths: Sequence[str], reason: str | None) -> Analysis:
    commented = _commented(analysis, reason)
    if not commented:
        return analysis
    better = reanalyse(analysis, commented)
    problems = list(analysis.problems)
    written = {}
    for path, source in commented.items():
        if not _is_silent(analysis, better, path):
            continue
        try:
            write([_change(analysis, source)], paths)
            written[path] = source
        except UnicodeEncodeError:
            message = f"the reason does not fit the file's encoding, {source.encoding}"
            problems.append(_problem(os.path.join(analysis.root, path), message))
        except Unwritable as error:
            problems.append(_problem(error.path, str(error)))
    last = better if written == commented else reanalyse(analysis, written)
    return replace(last, problems=tuple(problems))


def _change(analysis: Analysis, source: Source) -> Change:
    name = os.path.join(analysis.root, source.path)
    return Change(name, encoded(analysis.sources[source.path]), encoded(source))


def _problem(path: str, message: str) -> Problem:
    return Problem(os.path.relpath(path), f"no comment added: {message}")


def _commented(analysis: Analysis, reason: str | None) -> Mapping[str, Source]:
    """The texts with their comments; that a comment is of no use, none can silence."""
    found = [finding for finding in analysis.findings if finding.code != UNUSED]
    sources = {}
    for path in sorted({finding.at.path for finding in found}):
        source = analysis.sources[path]
        here = [finding for finding in found if finding.at.path == path]
        edits = ignores(path, source.text, here, analysis.facts[path].suppressions, reason)
        if edits:
            sources[path] = replace(source, text=apply(source.text, edits))
    return sources


def _is_silent(before: Analysis, after: Analysis, path: str) -> bool:
    """Whether a text still parses, with fewer findings than before and none that is new."""
    if after.facts[path].problem is not None:
        return False
    old, new = _rows(before, path), _rows(after, path)
    return new < old


def _rows(analysis: Analysis, path: str) -> frozenset[tuple[int, str]]:
    """Comments move no rows."""
    return frozenset(
        (finding.at.span.line, finding.code)
        for finding in analysis.findings
        if finding.at.path == path and finding.code != UNUSED
    )
