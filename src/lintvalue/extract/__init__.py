"""One file's text to FileFacts: a syntax tree comes in, reduced statements go out.

Nothing here knows what a lock or a shared object is; that takes the whole project.
"""

from __future__ import annotations

import re

import libcst as cst

from lintvalue.extract.comments import suppressions
from lintvalue.extract.positions import Positions
from lintvalue.extract.statements import StatementReducer
from lintvalue.model.facts import FileFacts
from lintvalue.model.source import Problem, Source
from lintvalue.model.statements import Block

__all__ = ["extract"]

_SOURCE_OF_ERROR = re.compile(r"^(?:parser|tokenizer) error: (?:error at \d+:\d+: )?")


def extract(source: Source) -> FileFacts:
    """The facts of one file; a text that is no Python gives facts with a `problem`.

    LibCST raises more than ParserSyntaxError on odd input (TypeError, CSTLogicError, RecursionError),
    so whatever it raises is this file's problem alone.
    """
    try:
        module = cst.parse_module(source.text)
    except cst.ParserSyntaxError as error:
        return _refused(source, *_place(error))
    except Exception as error:  # noqa: BLE001 - see above
        return _refused(source, f"cannot be parsed: LibCST failed with {type(error).__name__}")
    positions = Positions(module, source.text)
    return FileFacts(
        path=source.path,
        body=StatementReducer(positions).block(module.body),
        suppressions=suppressions(module, positions, source.text),
        indent=module.default_indent,
        newline=module.default_newline,
    )


def _place(error: cst.ParserSyntaxError) -> tuple[str, int | None]:
    """What is wrong, and its row; LibCST knows no row where it could not even split tokens.

    Its columns, and the place that its message names, are those of the token behind the wrong one.
    """
    message = error.message.strip().splitlines()[-1].strip() if error.message.strip() else ""
    row = error.raw_line if message.startswith("parser error") else None
    return f"cannot be parsed: {_SOURCE_OF_ERROR.sub('', message) or 'invalid syntax'}", row


def _refused(source: Source, message: str, row: int | None = None) -> FileFacts:
    return FileFacts(source.path, Block(()), problem=Problem(source.path, message, row))
