"""One line, explained: the project around it is resolved with a trace, and the line looked up in it."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH112, PTH118

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar, cast

from lintvalue.crew import on_deep_stack
from lintvalue.model.explanation import Told
from lintvalue.model.lean import names, replace
from lintvalue.model.settings import UserError
from lintvalue.model.span import Location
from lintvalue.rules import RULES
from lintvalue.run.analysis import extracted, prepare
from lintvalue.run.places import group, shown
from lintvalue.selection import chosen, split_rows, standing
from lintvalue.sources.discover import relative
from lintvalue.sources.read import Unreadable, decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lintvalue.model.explanation import Explanation
    from lintvalue.model.finding import Finding
    from lintvalue.model.settings import Options
    from lintvalue.model.source import Problem, Source
    from lintvalue.run.analysis import Analysis

T = TypeVar("T")

# Every file has this word: what is too large is refused, not taken for empty.
_ANY = (b"",)


def explain(path: str, line: int, options: Options) -> Explanation:
    """Explain a line of the file at `path`; places are told from the working folder.

    Raises UserError for a file or a line that cannot be explained.
    """
    groups, missing = group((path,), options)
    for problem in missing:
        raise UserError(f"{path}: {problem.message}")
    if os.path.isdir(path):
        raise UserError(f"{path}: is a folder; name a file and a line, as in `{path}/file.py:12`")
    [one] = groups
    analysis = prepare(one, options)
    inside = relative(one.root, one.paths[0])
    analysis = _with_file(analysis, inside, path)
    _check_line(analysis.sources[inside], path, line)
    told = on_deep_stack(lambda: _explained(analysis, inside, line))
    return _moved(told, lambda at: shown(analysis.root, at))


def _with_file(analysis: Analysis, inside: str, path: str) -> Analysis:
    """With the file that is asked about, though it was skipped on its bytes."""
    shown_as = shown(analysis.root, inside)
    _refuse([problem for problem in analysis.problems if problem.path == shown_as], path)
    if inside in analysis.sources:
        return analysis
    if inside not in analysis.named:
        raise UserError(f"{path}: is left out by the settings (`lintvalue check --show-settings`)")
    try:
        source = decode(inside, read_bytes(os.path.join(analysis.root, inside), _ANY))
    except Unreadable as error:
        raise UserError(f"{path}: {error}") from None
    facts = extracted({inside: source}, analysis.jobs)
    _refuse([one.problem for one in facts.values() if one.problem is not None], path)
    # What nothing ties to shared memory is not resolved with the rest, as in a check.
    return replace(
        analysis,
        sources={**analysis.sources, inside: source},
        facts={**analysis.facts, **facts},
    )


def _refuse(problems: Sequence[Problem], path: str) -> None:
    for problem in problems:
        place = "" if problem.line is None else f":{problem.line}"
        raise UserError(f"{path}{place}: {problem.message}")


def _check_line(source: Source, path: str, line: int) -> None:
    rows = split_rows(source.text)
    count = len(rows) - (not rows[-1])
    if line > count:
        raise UserError(f"{path}: has no line {line}, it has {count}")


def _explained(analysis: Analysis, inside: str, line: int) -> Explanation:
    from lintvalue import explain as room  # noqa: PLC0415 - not before the file is known to be one
    from lintvalue.resolve import resolve_traced  # noqa: PLC0415
    from lintvalue.rules import judge  # noqa: PLC0415

    sound = tuple(facts for facts in analysis.facts.values() if facts.problem is None)
    project = resolve_traced(sound, analysis.settings, inside, analysis.every)
    told = tuple(Told(finding, _kept_back(finding, analysis)) for finding in judge(project))
    root = analysis.root
    return room.explain(
        project,
        analysis.facts,
        analysis.sources,
        told,
        inside,
        line,
        lambda path: shown(root, path),
    )


def _kept_back(finding: Finding, analysis: Analysis) -> str:
    """Why a check does not show a finding, "" where it does."""
    settings = analysis.settings
    if standing([finding], analysis.facts, RULES, settings):
        return ""
    if finding.code not in chosen(RULES, settings):
        return f"{finding.code} is not among the rules that are on"
    bare = {path: replace(facts, suppressions=()) for path, facts in analysis.facts.items()}
    if standing([finding], bare, RULES, settings):
        return "a comment silences it"
    return "the settings ignore it in this file"


def _moved(value: T, seen: Callable[[str], str]) -> T:
    """The same frozen value with every path in it as the user sees it."""
    return cast("T", _with_paths(value, seen))


def _with_paths(value: object, seen: Callable[[str], str]) -> object:
    if isinstance(value, Location):
        return replace(value, path=seen(value.path))
    if isinstance(value, tuple):
        return tuple(_with_paths(part, seen) for part in value)
    if names(value):
        changed = {name: _with_paths(getattr(value, name), seen) for name in names(value)}
        if "path" in changed:
            changed["path"] = seen(str(changed["path"]))
        return type(value)(**changed)
    return value
