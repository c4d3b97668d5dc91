"""For people: the message, the code it is about, and the related places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.report.escape import one_line, printable
from lintvalue.report.paint import Painter
from lintvalue.report.place import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.finding import Finding, Judged, Note, Report
    from lintvalue.model.span import Span

_MOST_ROWS = 8
# A minified file may be one line of megabytes.
_WIDTH = 500


def render(report: Report, *, colour: bool = False) -> str:
    painter = Painter(on=colour)
    return "".join("\n".join(_paragraph(one, painter)) + "\n\n" for one in report.findings)


def _paragraph(judged: Judged, painter: Painter) -> Iterator[str]:
    finding = judged.finding
    code = painter.code(finding.code, finding.severity)
    yield f"{painter.bold(place(finding.at))}: {code} {one_line(finding.message)}"
    yield from _frame(judged, painter)
    for note in _notes(finding):
        yield f"  {painter.dim('=')} {place(note.at)}: {one_line(note.message)}"
    if judged.repair is not None:
        unsafe = " (unsafe)" if judged.repair.applicability == "unsafe" else ""
        yield f"  {painter.dim('=')} fix{unsafe}: {one_line(judged.repair.message)}"


def _notes(finding: Finding) -> tuple[Note, ...]:
    return finding.notes


def _frame(judged: Judged, painter: Painter) -> Iterator[str]:
    span = judged.finding.at.span
    rows = judged.lines[:_MOST_ROWS]
    gutter = len(str(span.line + len(rows)))
    blank = painter.dim(" " * gutter + " |")
    yield blank
    for row, text in enumerate(rows, span.line):
        start, end = _marked(span, row, text)
        shown, start, end = _cut(text, start, end)
        yield painter.dim(f"{row:>{gutter}} |") + " " + printable(shown)
        marks = _indent(shown[:start]) + painter.red("^" * max(1, _width(shown[start:end])))
        yield f"{blank} {marks}"
    if len(judged.lines) > _MOST_ROWS:
        yield painter.dim(" " * gutter + " ...")


def _marked(span: Span, row: int, text: str) -> tuple[int, int]:
    """The columns of the row that the span covers, without the blanks around the code."""
    start = span.column if row == span.line else len(text) - len(text.lstrip())
    end = span.end_column if row == span.end_line else len(text.rstrip())
    return start, max(start, end)


def _cut(text: str, start: int, end: int) -> tuple[str, int, int]:
    """At most `_WIDTH` characters of the row, from a little before the marks."""
    if len(text) <= _WIDTH:
        return text, start, end
    first = 0 if start < _WIDTH // 2 else start - _WIDTH // 4
    shown = text[first : first + _WIDTH]
    return shown, start - first, min(end - first, len(shown))


def _indent(text: str) -> str:
    return "".join("\t" if one == "\t" else " " * _width(one) for one in text)


def _width(text: str) -> int:
    """Columns of a terminal: wide characters take two, combining ones none."""
    if text.isascii() and text.isprintable():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - rarely needed

    return sum(
        0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1
        for one in printable(text)
    )
