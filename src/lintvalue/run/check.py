"""The outcome of a check: what stands in the named files, told from one folder."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from lintvalue.cache.store import digest
from lintvalue.config import settle
from lintvalue.crew import on_deep_stack
from lintvalue.model import codec
from lintvalue.model.finding import Judged, Report
from lintvalue.run.analysis import CODES, analyse_texts
from lintvalue.run.memory import Memory, store_of
from lintvalue.run.places import group, seen_from, working_folder
from lintvalue.run.texts import digest_of, texts
from lintvalue.selection import fingerprints, split_rows
from lintvalue.sources.discover import discover, repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lintvalue.cache.store import Store
    from lintvalue.model.edit import Repair
    from lintvalue.model.finding import Finding
    from lintvalue.model.settings import Options, Settings
    from lintvalue.model.span import Location
    from lintvalue.run.analysis import Analysis
    from lintvalue.run.places import Group
    from lintvalue.run.texts import Texts
    from lintvalue.sources.discover import Found


def check(
    paths: Sequence[str],
    options: Options,
    *,
    from_repository: bool = False,
    with_repairs: bool = False,
) -> Report:
    """Judge `paths`; the report's paths start at the working folder, or at the repository's root."""
    groups, missing = group(paths, options)
    base = _base(from_repository=from_repository)
    parts = [_part(one, options, base, with_repairs=with_repairs) for one in groups]
    return _joined([*parts, Report((), missing, 0)])


def _part(one: Group, options: Options, base: str, *, with_repairs: bool) -> Report:
    """The report on one project: that of an earlier run, if nothing that it depends on has changed."""
    settings = settle(one.root, options, CODES)
    store = store_of(one, settings, options)
    found = discover(one.root, one.paths, settings, alone=one.alone, stats=store is not None)
    if store is None:
        read = texts(one, found, settings, options.jobs)
        analysis = analyse_texts(one, settings, read, options.jobs)
        return report([analysis], base, with_repairs=with_repairs)
    memory = Memory(store, found)
    request = digest(base, working_folder(), repr(one.paths), str(with_repairs))
    told = _remembered(store, request, memory.texts, found) if memory.unchanged else None
    if told is None:
        read = texts(one, found, settings, options.jobs, memory)
        told = (
            None if read.problems else _remembered(store, request, digest_of(read.contents), found)
        )
        told = told or _judge_anew(
            one, settings, options, read, store, request, base, with_repairs=with_repairs
        )
        store.save()
    warnings = (store.warning,) if store.warning else ()
    return replace(told, warnings=warnings)


def _judge_anew(
    one: Group,
    settings: Settings,
    options: Options,
    read: Texts,
    store: Store,
    request: str,
    base: str,
    *,
    with_repairs: bool,
) -> Report:
    analysis = analyse_texts(one, settings, read, options.jobs, store)
    told = report([analysis], base, with_repairs=with_repairs)
    if not told.problems:
        kept = codec.dumps(replace(told, files=0)) if told.findings else ""
        store.keep_report(request, digest_of(read.contents), kept)
    return told


def _remembered(store: Store, request: str, contents: str, found: Found) -> Report | None:
    if found.problems:
        return None
    text = store.report(request, contents)
    if text is None:
        return None
    try:
        told = codec.loads(text, Report) if text else Report((), (), 0)
    except (ValueError, KeyError, TypeError):
        return None  # not what we wrote
    return replace(told, files=len(found.named))


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


def report(
    analyses: Sequence[Analysis], base: str | None = None, *, with_repairs: bool = False
) -> Report:
    """What stands in the analyses; paths start at `base`, by default the working folder."""
    base = base or working_folder()
    return _joined(
        [
            Report(
                tuple(_judged(one, base, _repairs(one) if with_repairs else {})),
                one.problems,
                one.files,
            )
            for one in analyses
        ]
    )


def _repairs(analysis: Analysis) -> Mapping[Location, Repair]:
    """The repair that makes each place safe, if there is one; `fix` makes sure of it once more."""
    if not analysis.findings:
        return {}
    from lintvalue.fix import FixOptions, plan  # noqa: PLC0415 - not for a clean project

    settings = analysis.settings
    options = FixOptions(
        settings.fix_style, settings.counter_import, unsafe=True, named=analysis.named
    )
    planned = on_deep_stack(
        lambda: plan(analysis.project, analysis.findings, analysis.facts, analysis.sources, options)
    )
    return {at: repair for repair in reversed(planned.repairs) for at in repair.closes}


def _identity(judged: Judged) -> tuple[str, int, int, str]:
    at = judged.finding.at
    return at.path, at.span.line, at.span.column, judged.finding.code


def _judged(analysis: Analysis, base: str, repairs: Mapping[Location, Repair]) -> Iterator[Judged]:
    names = fingerprints(analysis.findings, analysis.sources)
    rows = {
        path: split_rows(analysis.sources[path].text)
        for path in {finding.at.path for finding in analysis.findings}
    }
    for finding, name in zip(analysis.findings, names, strict=True):
        span = finding.at.span
        lines = tuple(rows[finding.at.path][span.line - 1 : span.end_line])
        move = _mover(os.fspath(analysis.root), base)
        repair = repairs.get(finding.at)
        moved = None if repair is None else _moved_repair(repair, move)
        yield Judged(_moved(finding, move), lines, name, moved)


def _mover(root: str, base: str) -> Callable[[Location], Location]:
    """Turns a place of the project into one whose path starts at `base`."""

    def move(at: Location) -> Location:
        return replace(at, path=seen_from(base, os.path.join(root, at.path)))

    return move


def _moved(finding: Finding, move: Callable[[Location], Location]) -> Finding:
    return replace(
        finding,
        at=move(finding.at),
        made=None if finding.made is None else move(finding.made),
        notes=tuple(replace(note, at=move(note.at)) for note in finding.notes),
    )


def _moved_repair(repair: Repair, move: Callable[[Location], Location]) -> Repair:
    return replace(
        repair,
        edits=tuple(replace(edit, at=move(edit.at)) for edit in repair.edits),
        closes=tuple(map(move, repair.closes)),
    )
