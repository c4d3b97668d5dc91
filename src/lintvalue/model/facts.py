"""What one file says, without the rest of the project: the value between extract and resolve."""

from __future__ import annotations

from lintvalue.model.lean import dataclass
from lintvalue.model.source import Problem
from lintvalue.model.statements import Block


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that silences findings on its row.

    `codes` is empty for a bare one; `own` tells our `# lintvalue: ignore` from `# noqa`; `whole_file`
    is `# lintvalue: ignore-file`.
    """

    row: int
    column: int  # from 0
    end_column: int
    codes: tuple[str, ...]
    own: bool
    whole_file: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file, reduced to what the project's analysis needs. `problem` is set where it did not parse."""

    path: str
    body: Block
    suppressions: tuple[Suppression, ...] = ()
    indent: str = "    "
    newline: str = "\n"
    problem: Problem | None = None
