"""Where something stands."""

from __future__ import annotations

from lintvalue.model.lean import dataclass, hash_once


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one text: rows from 1, columns from 0 in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def encloses(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return (self.line, self.column) <= (other.line, other.column) and (
            other.end_line,
            other.end_column,
        ) <= (self.end_line, self.end_column)


@hash_once
@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A span in a file; the path is relative to the project's root, with `/`."""

    path: str
    span: Span
