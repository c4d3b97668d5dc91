"""The outcome of a check: what stands in the named files, told from one folder."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from lintvalue.model.finding import Judged, Report
from lintvalue.model.settings import Repairs
from lintvalue.run.part import Asked, part
from lintvalue.run.places import group, working_folder
from lintvalue.sources.discover import repository

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from lintvalue.model.settings import Options
    from lintvalue.run.analysis import Analysis, Borrow


def check(
    paths: Sequence[str],
    options: Options,
    *,
    from_repository: bool = False,
    repairs: Repairs = Repairs.NONE,
    executor: Executor | None = None,
) -> Report:
    """Judge `paths`; the report's paths start at the working folder, or at the repository's root.

    Texts are extracted on `executor`, any that `concurrent.futures` knows; without one, in forks.
    """
    groups, missing = group(paths, options)
    base = _base(from_repository=from_repository)
    asked = Asked(options, base, repairs, _borrow(options, executor))
    parts = [part(one, asked) for one in groups]
    return _joined([*parts, Report((), missing, 0)])


def _borrow(options: Options, executor: Executor | None) -> Borrow | None:
    if executor is not None:
        return lambda: nullcontext(executor)
    if options.dask is None:
        return None
    from lintvalue.run.beyond import dask  # noqa: PLC0415 - rarely asked for

    return partial(dask, options.dask)


def _joined(parts: Sequence[Report]) -> Report:
    judged = {_identity(one): one for part in parts for one in part.findings}
    return Report(
        tuple(judged[identity] for identity in sorted(judged)),
        tuple(dict.fromkeys(problem for part in parts for problem in part.problems)),
        sum(part.files for part in parts),
        tuple(dict.fromkeys(warning for part in parts for warning in part.warnings)),
    )


def _base(*, from_repository: bool) -> str:
    base = working_folder()
    return repository(base) or base if from_repository else base


def report(analyses: Sequence[Analysis], *, from_repository: bool = False) -> Report:
    """What stands in the analyses."""
    from lintvalue.run.telling import told  # noqa: PLC0415 - not for a run that judges nothing

    base = _base(from_repository=from_repository)
    return _joined([told(one, base) for one in analyses])


def _identity(judged: Judged) -> tuple[str, int, int, str]:
    at = judged.finding.at
    return at.path, at.span.line, at.span.column, judged.finding.code
