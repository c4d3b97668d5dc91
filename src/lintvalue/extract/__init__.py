"""One file's text to FileFacts: a syntax tree comes in, reduced statements go out.

Nothing here knows what a lock or a shared object is; that takes the whole project.
"""

from __future__ import annotations

import libcst as cst

from lintvalue.extract.comments import suppressions
from lintvalue.extract.positions import Positions
from lintvalue.extract.statements import StatementReducer
from lintvalue.model.facts import FileFacts
from lintvalue.model.source import Problem, Source
from lintvalue.model.statements import Block

__all__ = ["extract"]


def extract(source: Source) -> FileFacts:
    """The facts of one file; a text that is no Python gives facts with a `problem`.

    LibCST raises more than ParserSyntaxError on odd input (TypeError, CSTLogicError, RecursionError),
    so whatever it raises is this file's problem alone.
    """
    try:
        module = cst.parse_module(source.text)
    except cst.ParserSyntaxError as error:
        return _refused(source, f"cannot be parsed: {_reason(error)}", error)
    except Exception as error:  # noqa: BLE001 - see above
        return _refused(source, f"cannot be parsed: LibCST failed with {type(error).__name__}")
    positions = Positions(module, source.text)
    return FileFacts(
        path=source.path,
        body=StatementReducer(positions).block(module.body),
        suppressions=suppressions(module, positions),
        indent=module.default_indent,
        newline=module.default_newline,
    )


def _reason(error: cst.ParserSyntaxError) -> str:
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    return lines[-1] if lines else "invalid syntax"


def _refused(source: Source, message: str, error: cst.ParserSyntaxError | None = None) -> FileFacts:
    place = (error.raw_line, error.raw_column + 1) if error else (None, None)
    return FileFacts(source.path, Block(()), problem=Problem(source.path, message, *place))
