"""Which findings stand: the rules chosen, ignores for files, comments in the code."""

from __future__ import annotations

from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from lintvalue.model.finding import Finding
from lintvalue.model.hashes import sha256
from lintvalue.model.rule import UNUSED
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lintvalue.model.facts import FileFacts, Suppression
    from lintvalue.model.rule import Rule
    from lintvalue.model.settings import Settings
    from lintvalue.model.source import Source

ALL = "ALL"


def standing(
    findings: Iterable[Finding],
    facts: Mapping[str, FileFacts],
    rules: Sequence[Rule],
    settings: Settings,
) -> tuple[Finding, ...]:
    """The findings that the settings ask for and no comment silences."""
    codes = chosen(rules, settings)
    found = tuple(findings)
    if UNUSED in codes:
        found += tuple(unused(found, facts, rules))
    return tuple(
        finding
        for finding in found
        if finding.code in codes
        and not _ignored_in_file(finding, settings)
        and not _silenced(finding, facts[finding.at.path].suppressions)
    )


def chosen(rules: Sequence[Rule], settings: Settings) -> frozenset[str]:
    """The codes in force. As in ruff the longer selector wins, `ignore` between equals."""
    select = settings.select
    on = {rule.code for rule in rules if rule.default} if select is None else set()
    selected = (*(select or ()), *settings.extend_select)
    for length in sorted({_weight(selector) for selector in (*selected, *settings.ignore)}):
        on |= _meant(selected, length, rules)
        on -= _meant(settings.ignore, length, rules)
    return frozenset(on)


def _weight(selector: str) -> int:
    return 0 if selector == ALL else len(selector)


def _meant(selectors: Iterable[str], length: int, rules: Sequence[Rule]) -> set[str]:
    return {
        rule.code
        for selector in selectors
        if _weight(selector) == length
        for rule in rules
        if _covers(selector, rule.code)
    }


def _covers(selector: str, code: str) -> bool:
    return selector == ALL or code.startswith(selector)


def _ignored_in_file(finding: Finding, settings: Settings) -> bool:
    path = finding.at.path
    return any(
        any(_covers(code, finding.code) for code in codes)
        and (fnmatchcase(path, pattern) or fnmatchcase(path.rpartition("/")[2], pattern))
        for pattern, codes in settings.per_file_ignores
    )


def _silenced(finding: Finding, suppressions: Iterable[Suppression]) -> bool:
    return any(_silences(comment, finding) for comment in suppressions)


def _silences(comment: Suppression, finding: Finding) -> bool:
    # A formatter may move the comment of a long statement from its first row to its last.
    rows = (finding.at.span.line, finding.at.span.end_line)
    if not comment.whole_file and comment.row not in rows:
        return False
    if finding.code == UNUSED and comment.row in rows:
        return UNUSED in comment.codes  # a bare comment does not hide that it is of no use
    return not comment.codes or any(_covers(code, finding.code) for code in comment.codes)


def unused(
    findings: Sequence[Finding], facts: Mapping[str, FileFacts], rules: Sequence[Rule]
) -> Iterator[Finding]:
    """Our comments that silence none of `findings`, which are those of all rules, chosen or not."""
    names = {rule.code: rule for rule in rules}
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.at.path].append(finding)
    for path, file in facts.items():
        for comment in file.suppressions:
            used = any(_silences(comment, finding) for finding in by_path[path])
            if comment.own and UNUSED not in comment.codes and not used:
                yield _unused(names[UNUSED], path, comment)


def _unused(rule: Rule, path: str, comment: Suppression) -> Finding:
    kind = "ignore-file" if comment.whole_file else "ignore"
    codes = f"[{', '.join(comment.codes)}]" if comment.codes else ""
    place = "in this file" if comment.whole_file else "in this row"
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        at=Location(path, Span(comment.row, comment.column, comment.row, comment.end_column)),
        message=f"`# lintvalue: {kind}{codes}` silences nothing, since nothing of that kind is found "
        f"{place}; take it out, lest it hide what comes later",
        symbol="",
        function="",
        objects=(),
        made=None,
        kind=None,
    )


def fingerprints(findings: Sequence[Finding], sources: Mapping[str, Source]) -> tuple[str, ...]:
    """A name for each finding that survives shifted lines; equal statements are counted."""
    rows = _rows_by_file(findings, sources)
    seen: Counter[tuple[str, ...]] = Counter()
    names = []
    for finding in findings:
        key = (finding.at.path, finding.code, finding.function, _statement(finding, rows))
        digest = sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "replace"))
        seen[key] += 1
        names.append(digest.hexdigest()[:32])
    return tuple(names)


def _rows_by_file(
    findings: Iterable[Finding], sources: Mapping[str, Source]
) -> Mapping[str, list[str]]:
    rows: dict[str, list[str]] = defaultdict(list)
    for path in {finding.at.path for finding in findings}:
        rows[path] = split_rows(sources[path].text)
    return rows


def split_rows(text: str) -> list[str]:
    """The rows as Python counts them; `str.splitlines` splits at more than line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _statement(finding: Finding, rows: Mapping[str, list[str]]) -> str:
    span = finding.at.span
    return " ".join(" ".join(rows[finding.at.path][span.line - 1 : span.end_line]).split())
