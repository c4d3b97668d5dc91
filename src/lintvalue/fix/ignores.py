"""Comments that silence findings, put behind their statements."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lintvalue.fix.lines import lines_of
from lintvalue.fix.tokens import rows_in_strings
from lintvalue.model.edit import Edit
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lintvalue.fix.lines import Lines
    from lintvalue.model.facts import Suppression
    from lintvalue.model.finding import Finding


def ignores(
    path: str,
    text: str,
    findings: Iterable[Finding],
    comments: Iterable[Suppression],
    reason: str | None = None,
) -> tuple[Edit, ...]:
    """Edits that silence the findings of one file; a comment that is there already gets more codes.

    A statement of which no row can have a comment gets none.
    """
    lines = lines_of(text)
    ours = {comment.row: comment for comment in comments if _may_grow(comment)}
    codes = _by_row(findings, lines, rows_in_strings(text) or frozenset())
    return tuple(
        _more(path, ours[row], sorted(found))
        if row in ours
        else _new(path, lines, row, sorted(found), reason)
        for row, found in codes.items()
    )


def _may_grow(comment: Suppression) -> bool:
    return comment.own and bool(comment.codes) and not comment.whole_file


def _by_row(
    findings: Iterable[Finding], lines: Lines, inside: frozenset[int]
) -> Mapping[int, set[str]]:
    """The codes for each row: the last of a statement, or else its first."""
    codes: dict[int, set[str]] = defaultdict(set)
    for finding in findings:
        rows = (finding.at.span.end_line, finding.at.span.line)
        for row in _free(rows, lines, inside):
            codes[row].add(finding.code)
            break
    return codes


def _free(rows: Iterable[int], lines: Lines, inside: frozenset[int]) -> Iterator[int]:
    """The rows that end neither in a string nor in a backslash."""
    for row in rows:
        if row + 1 not in inside and not lines.row(row).endswith("\\"):
            yield row


def _more(path: str, comment: Suppression, codes: list[str]) -> Edit:
    end = comment.end_column - 1  # before the bracket
    return _insert(path, comment.row, end, end, "".join(f", {code}" for code in codes))


def _new(path: str, lines: Lines, row: int, codes: list[str], reason: str | None) -> Edit:
    written = lines.row(row)
    comment = f"  # lintvalue: ignore[{', '.join(codes)}]" + (f" {reason}" if reason else "")
    return _insert(path, row, len(written.rstrip(" \t")), len(written), comment)


def _insert(path: str, row: int, start: int, end: int, content: str) -> Edit:
    return Edit(Location(path, Span(row, start, row, end)), content)
