"""One project's part of a report: that of an earlier run where nothing has changed, or judged anew."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH112

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.cache.store import digest
from lintvalue.config import settle
from lintvalue.crew.cores import usable_cores
from lintvalue.crew.divide import divide
from lintvalue.model.finding import Report
from lintvalue.model.lean import dataclass, replace
from lintvalue.model.settings import Repairs
from lintvalue.run.memory import Memory, store_of
from lintvalue.run.places import working_folder
from lintvalue.run.project import CODES, comments, rare
from lintvalue.sources.discover import discover, repository

if TYPE_CHECKING:
    from lintvalue.cache.store import Store
    from lintvalue.model.settings import Options, Settings
    from lintvalue.run.analysis import Borrow
    from lintvalue.run.places import Group
    from lintvalue.run.texts import Texts
    from lintvalue.sources.discover import Found


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run asks of each project: `base` is the folder that paths start at."""

    options: Options
    base: str
    repairs: Repairs = Repairs.NONE
    borrow: Borrow | None = None


def part(group: Group, asked: Asked) -> Report:
    """What is reported on the named files of one project."""
    options = asked.options
    settings = settle(group.root, options, CODES)
    store = store_of(group, settings, options)
    if store is None:
        return _looked_at(group, settings, asked, _discovered(group, settings, options))
    memory = Memory(store, group.root, _request(group, asked, settings))
    found = memory.found() or _discovered(group, settings, options)
    memory.look(found, options.jobs or usable_cores())
    report = _remembered(memory.report(), found)
    if report is None and _overlooked(memory, settings):
        report = _remembered(memory.report(), found)
    if report is None:
        report = _looked_at(group, settings, asked, found, memory)
    else:
        memory.keep_found()
    store.save()
    return replace(report, warnings=(store.warning,) if store.warning else ())


def _request(group: Group, asked: Asked, settings: Settings) -> str:
    """A digest of what is asked, and of all but folders and files that its answer depends on."""
    places = (group.root, *group.paths)
    return digest(
        asked.base,
        working_folder(),
        repr(group.paths),
        repr((asked.repairs, asked.options.ignore_suppressions)),
        repr([os.path.isdir(path) for path in group.paths]),
        repr([repository(path) for path in places] if settings.respect_gitignore else ()),
    )


def _overlooked(memory: Memory, settings: Settings) -> bool:
    from lintvalue.run.slight import overlook  # noqa: PLC0415 - where something has changed

    return overlook(memory, settings)


def _discovered(group: Group, settings: Settings, options: Options) -> Found:
    return discover(
        group.root,
        group.paths,
        settings,
        alone=group.alone,
        divide=lambda folders, work: divide(folders, work, options.jobs or usable_cores()),
    )


def _looked_at(
    group: Group, settings: Settings, asked: Asked, found: Found, memory: Memory | None = None
) -> Report:
    """What is reported where files have changed; if no text that matters has, that is known, too."""
    # Loaded where there is something to look at.
    from lintvalue.run.texts import digest_of, texts  # noqa: PLC0415

    read = texts(
        group,
        found,
        settings,
        asked.options.jobs,
        memory,
        comments(settings),
        all_rules=rare(settings),
        judge=asked.borrow is None and hasattr(os, "fork"),
    )
    if memory is None:
        return _judged(group, settings, asked, read)
    content = digest_of(read.contents)
    report = None if read.problems else _remembered(memory.report(content), found)
    if report is None:
        report = _judged(group, settings, asked, read, memory.store)
    if not report.problems:
        memory.keep_report(sorted(read.sources), content, _written(report))
    return report


def _judged(
    group: Group, settings: Settings, asked: Asked, read: Texts, store: Store | None = None
) -> Report:
    if not read.sources:
        return Report((), read.problems, max(0, len(read.named) - len(read.problems)))
    # Loaded where there is something to judge, the second one while workers load their parser.
    from lintvalue.run.analysis import analyse_texts  # noqa: PLC0415

    analysis = analyse_texts(
        group, settings, read, asked.options, store, asked.borrow, lambda: _load(asked.repairs)
    )
    from lintvalue.run.telling import told  # noqa: PLC0415

    return told(analysis, asked.base, asked.repairs)


def _load(repairs: Repairs) -> None:
    """What tells a finding; there mostly is one where something is parsed."""
    import lintvalue.run.telling  # noqa: PLC0415

    if repairs is not Repairs.NONE:
        import lintvalue.run.repairs  # noqa: F401, PLC0415


def _remembered(text: str | None, found: Found) -> Report | None:
    if text is None or found.problems:
        return None
    if not text:
        return Report((), (), len(found.named))
    from lintvalue.model import codec  # noqa: PLC0415 - there is something to tell

    try:
        return replace(codec.loads(text, Report), files=len(found.named))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None  # not what we wrote


def _written(report: Report) -> str:
    """A report without findings is the empty text."""
    if not report.findings:
        return ""
    from lintvalue.model import codec  # noqa: PLC0415 - there is something to tell

    return codec.dumps(replace(report, files=0))
