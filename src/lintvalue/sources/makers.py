"""Whether a text makes shared memory or a lock, or gets some, told from its bytes.

Every doubt is a yes: whether anything can be wrong with what is made, Python's own tree tells later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.model.library import MADE, is_foreign, is_library
from lintvalue.sources.imports import lines, text
from lintvalue.sources.words import mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

# Types and calls that nothing else has: a text that mentions one receives what is shared.
_EVIDENCE = (
    b"get_lock",
    b"Synchronized",
    b"ValueProxy",
    b"DictProxy",
    b"ListProxy",
    b"NamespaceProxy",
)
_MAKERS = (
    rb"(?:Raw)?Value|(?:Raw)?Array|Namespace|ShareableList|synchronized|R?Lock|(?:Bounded)?Semaphore"
    rb"|Condition|(?:Sync|Base|SharedMemory)?Manager"
)
_MEMBER = re.compile(rb"\.\s*+(?:" + _MAKERS + rb")\b")
_NAME = re.compile(rb"\b(?:" + _MAKERS + rb")\b")
_QUOTED = re.compile(rb"[\"'](?:" + _MAKERS + rb")[\"']")
_BLANKS = frozenset(b" \t\n\r\f\v")
_CLOSING = frozenset(b")]")
_IN_NAMES = frozenset(range(128, 256)).union(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
)


def makes(data: bytes) -> bool:
    return mentions(data, _EVIDENCE) or _makes_member(data) or any(_imported(data))


def may_make(data: bytes) -> bool:
    """Whether a text may make something with what other files give it, too, or by a name in quotes."""
    if mentions(data, MADE) and (makes(data) or _QUOTED.search(data) is not None):
        return True
    # `from multiprocessing import *`: others may get what this file does not name.
    return any(b"*" in names and is_library(text(module)) for module, names in lines(data))


def _makes_member(data: bytes) -> bool:
    """`mp.Value`, but not `threading.Lock`."""
    bases = (_base(data, found.start()) for found in _MEMBER.finditer(data))
    return any(base and not _is_foreign(base) for base in bases)


def _base(data: bytes, end: int) -> bytes:
    """The name, or the bracket, that a point stands behind; nothing where it is anything else."""
    while end and data[end - 1] in _BLANKS:
        end -= 1
    start = end
    while start and data[start - 1] in _IN_NAMES:
        start -= 1
    if start == end and end and data[end - 1] in _CLOSING:
        start -= 1
    return data[start:end]


def _imported(data: bytes) -> Iterator[bool]:
    """`from multiprocessing import Value`, but not `from threading import Lock`."""
    for module, names in lines(data):
        if module and not _is_foreign(module):
            yield (b"*" in names and _NAME.search(data) is not None) or bool(_NAME.search(names))


def _is_foreign(module: bytes) -> bool:
    return is_foreign(module.decode("ascii", "replace"))
