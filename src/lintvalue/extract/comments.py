"""Comments that silence findings: ours, and flake8's `# noqa`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from lintvalue.model.facts import Suppression

if TYPE_CHECKING:
    from lintvalue.extract.positions import Positions

_OURS = re.compile(
    r"#\s*lintvalue:\s*ignore(?P<file>-file)?(?:\[(?P<codes>[^\]]*)\])?(?![\w-])", re.IGNORECASE
)
# As flake8 reads it: a list of codes, or everything on the row.
_NOQA = re.compile(
    r"#\s*noqa(?::\s*(?P<codes>[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*))?(?![\w-])", re.IGNORECASE
)
_CODE = re.compile(r"[A-Za-z]+\d+")


def suppressions(module: cst.Module, positions: Positions, text: str) -> tuple[Suppression, ...]:
    """All suppression comments of a module, in source order."""
    lowered = text.lower()
    if "lintvalue" not in lowered and "noqa" not in lowered:
        return ()  # as in most; to visit a tree takes as long as to parse it
    collector = _Collector()
    module.visit(collector)
    found = [_read(comment, positions) for comment in collector.comments]
    return tuple(entry for entries in found for entry in entries)


class _Collector(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.comments: list[cst.Comment] = []

    def visit_Comment(self, node: cst.Comment) -> None:  # noqa: N802 - LibCST's name
        if "lintvalue" in node.value.lower() or "noqa" in node.value.lower():
            self.comments.append(node)


def _read(comment: cst.Comment, positions: Positions) -> list[Suppression]:
    span = positions.span(comment)
    found = []
    for pattern, own in ((_OURS, True), (_NOQA, False)):
        for match in pattern.finditer(comment.value):
            codes = tuple(code.upper() for code in _CODE.findall(match["codes"] or ""))
            whole = own and match["file"] is not None
            start = span.column + match.start()
            end = span.column + match.end()
            found.append(Suppression(span.line, start, end, codes, own, whole))
    return found
