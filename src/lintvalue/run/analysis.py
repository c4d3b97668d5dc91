"""From named paths to what is wrong in them: sources, facts, project, findings that stand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lintvalue.config import settle
from lintvalue.crew import gather, on_deep_stack
from lintvalue.model import codec
from lintvalue.model.facts import FileFacts
from lintvalue.model.lean import dataclass, replace
from lintvalue.model.project import Project
from lintvalue.model.settings import Settings
from lintvalue.run.ahead import Known
from lintvalue.run.places import group, shown, working_folder
from lintvalue.run.project import CODES, comments
from lintvalue.run.texts import texts
from lintvalue.sources.discover import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from lintvalue.cache.store import Store
    from lintvalue.model.finding import Finding
    from lintvalue.model.settings import Options
    from lintvalue.model.source import Problem, Source
    from lintvalue.run.places import Group
    from lintvalue.run.texts import Texts

    # An executor to extract on, and its end.
    Borrow = Callable[[], AbstractContextManager[Executor]]

_EMPTY = Project((), (), (), ())
_NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Analysis:
    """One project, judged. All paths are relative to `root` with "/", but for those of `problems`.

    `findings` are what stands (selected, not silenced) in the `named` files, `judged` all that there
    is. `problems` carry paths as they are shown to the user, relative to the working folder.
    """

    root: str
    settings: Settings
    sources: Mapping[str, Source]  # every file analysed
    facts: Mapping[str, FileFacts]
    project: Project
    findings: tuple[Finding, ...]
    named: frozenset[str]  # the files asked for; only these are reported and changed
    problems: tuple[Problem, ...]
    files: int  # how many named files were checked, those skipped on their bytes included
    jobs: int | None = None
    judged: tuple[Finding, ...] = ()
    every: tuple[str, ...] = ()  # the paths of all files of the project


def analyse(paths: Sequence[str], options: Options) -> tuple[Analysis, ...]:
    """Judge what is named: one analysis for each project that the paths lie in."""
    groups, missing = group(paths, options)
    analyses = [_judge(prepare(one, options)) for one in groups]
    if missing:
        nothing = Analysis(
            working_folder(), Settings(), {}, {}, _EMPTY, (), frozenset(), missing, 0
        )
        analyses.append(nothing)
    return tuple(analyses)


def prepare(one: Group, options: Options) -> Analysis:
    """All that is known of a project before it is judged."""
    settings = settle(one.root, options, CODES)
    found = discover(one.root, one.paths, settings, alone=one.alone)
    read = texts(one, found, settings, options.jobs, also=comments(settings))
    return prepare_texts(one, settings, read, options)


def analyse_texts(
    one: Group,
    settings: Settings,
    read: Texts,
    options: Options,
    store: Store | None = None,
    borrow: Borrow | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Analysis:
    """Judge the texts of one project; facts that `store` has are not extracted again.

    `meanwhile` is called while others are.
    """
    prepared = prepare_texts(one, settings, read, options, store, borrow, meanwhile)
    return _judge(prepared, read.known)


def prepare_texts(
    one: Group,
    settings: Settings,
    read: Texts,
    options: Options,
    store: Store | None = None,
    borrow: Borrow | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Analysis:
    facts = _recall(read, store) if store is not None else {}
    early = read.known.facts
    known = facts.keys() | early.keys()
    left = {path: one for path, one in read.sources.items() if path not in known}
    fresh = {**early, **extracted(left, options.jobs, borrow, meanwhile)}
    facts = {path: fresh.get(path) or facts[path] for path in read.sources}
    if store is not None:
        _remember({path: one for path, one in facts.items() if path in fresh}, read, store)
    if options.ignore_suppressions:
        facts = {path: replace(file, suppressions=()) for path, file in facts.items()}
    blank = Analysis(
        one.root,
        settings,
        read.sources,
        facts,
        _EMPTY,
        (),
        read.named,
        (*read.problems, *_problems(one.root, facts, read.named)),
        0,
        options.jobs,
        every=read.every,
    )
    return replace(blank, files=max(0, len(read.named) - len(blank.problems)))


def _recall(read: Texts, store: Store) -> dict[str, FileFacts]:
    known = {path: store.facts(path, content) for path, content in read.contents.items()}
    try:
        return on_deep_stack(
            lambda: {path: codec.loads(text, FileFacts) for path, text in known.items() if text}
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}  # not what we wrote; made again


def _remember(facts: Mapping[str, FileFacts], read: Texts, store: Store) -> None:
    # What failed may have failed for want of time or memory.
    sound = {path: one for path, one in facts.items() if one.problem is None}
    kept = on_deep_stack(
        lambda: [(path, read.contents[path], codec.dumps(one)) for path, one in sound.items()]
    )
    store.keep_facts(kept)


def reanalyse(
    analysis: Analysis, changed: Mapping[str, Source], settings: Settings | None = None
) -> Analysis:
    """The same project with other texts: only `changed` are extracted, all is judged again."""
    fresh = extracted(changed, analysis.jobs)
    return _judge(
        replace(
            analysis,
            settings=settings or analysis.settings,
            sources={**analysis.sources, **changed},
            facts={**analysis.facts, **fresh},
            problems=_problems(analysis.root, fresh, analysis.named),
        )
    )


def extracted(
    sources: Mapping[str, Source],
    jobs: int | None,
    borrow: Borrow | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> dict[str, FileFacts]:
    """The facts of each text; what a borrowed executor does not answer is done here."""
    found: dict[str, FileFacts] = {}
    if borrow is not None and sources:
        from lintvalue.run.beyond import gather_on  # noqa: PLC0415 - rarely asked for

        with borrow() as executor:
            found = gather_on(executor, tuple(sources.values()))
    left = tuple(one for path, one in sources.items() if path not in found)

    def rest() -> None:
        _load_the_rest()
        meanwhile()

    return found | {facts.path: facts for facts in gather(left, _extractor, jobs, rest)}


def _load_the_rest() -> None:
    """What is needed once the facts are there, loaded while the workers load their parser."""
    import lintvalue.resolve  # noqa: PLC0415
    import lintvalue.rules  # noqa: PLC0415
    import lintvalue.selection  # noqa: F401, PLC0415


def _extractor() -> Callable[[Source], FileFacts]:
    # Loads the parser, which takes many times as long as all else at the start of a run.
    from lintvalue.extract import extract  # noqa: PLC0415

    return extract


def _problems(
    root: str, facts: Mapping[str, FileFacts], named: frozenset[str]
) -> tuple[Problem, ...]:
    return tuple(
        replace(one.problem, path=shown(root, path))
        for path, one in facts.items()
        if one.problem is not None and path in named
    )


def _judge(analysis: Analysis, known: Known = _NOTHING) -> Analysis:
    sound = tuple(facts for facts in analysis.facts.values() if facts.problem is None)
    if not sound:
        return analysis
    return on_deep_stack(lambda: _judged(analysis, sound, known))


def _judged(analysis: Analysis, sound: Sequence[FileFacts], known: Known) -> Analysis:
    from lintvalue.resolve import resolve  # noqa: PLC0415 - most runs find nothing to resolve
    from lintvalue.rules import RULES, judge  # noqa: PLC0415
    from lintvalue.run.spread import spread  # noqa: PLC0415
    from lintvalue.selection import standing  # noqa: PLC0415

    rest = partial(spread, jobs=analysis.jobs, known=known.projects)
    project = resolve(sound, analysis.settings, known.modules or analysis.every, rest)
    judged = judge(project)
    found = standing(judged, analysis.facts, RULES, analysis.settings)
    named = sorted((one for one in found if one.at.path in analysis.named), key=_order)
    return replace(analysis, project=project, findings=tuple(named), judged=judged)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return finding.at.path, finding.at.span.line, finding.at.span.column, finding.code
