"""Whether a text makes shared memory or a lock, or gets some, told from its bytes.

Every doubt is a yes: whether anything can be wrong with what is made, Python's own tree tells later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lintvalue.model.library import is_foreign
from lintvalue.sources.imports import lines
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
# A word is tried from its beginning alone, or a long one would take time with its square.
_MEMBER = re.compile(rb"(\b\w++|[)\]])\s*+\.\s*(?:" + _MAKERS + rb")\b")
_NAME = re.compile(rb"\b(?:" + _MAKERS + rb")\b")


def makes(data: bytes) -> bool:
    return mentions(data, _EVIDENCE) or _makes_member(data) or any(_imported(data))


def _makes_member(data: bytes) -> bool:
    """`mp.Value`, but not `threading.Lock`."""
    return any(not _is_foreign(base) for base in _MEMBER.findall(data))


def _imported(data: bytes) -> Iterator[bool]:
    """`from multiprocessing import Value`, but not `from threading import Lock`."""
    for module, names in lines(data):
        if module and not _is_foreign(module):
            yield (b"*" in names and _NAME.search(data) is not None) or bool(_NAME.search(names))


def _is_foreign(module: bytes) -> bool:
    return is_foreign(module.decode("ascii", "replace"))
