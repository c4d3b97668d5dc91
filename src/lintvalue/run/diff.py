"""The changes of a fix as a unified diff that `git apply` and `patch -p1` take."""

from __future__ import annotations

import os
from difflib import unified_diff
from typing import TYPE_CHECKING

from lintvalue.run.places import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintvalue.model.source import Source
    from lintvalue.run.fix import Mended, Outcome


def diff(outcome: Outcome) -> bytes:
    """All changes, each file in its own encoding."""
    return b"".join(part for one in outcome.mended for part in _of_project(one))


def _of_project(mended: Mended) -> Iterator[bytes]:
    for path in mended.changed:
        name = shown(mended.first.root, path)
        old, new = mended.first.sources[path], mended.last.sources[path]
        for line in unified_diff(_rows(old), _rows(new), _name("a", name), _name("b", name)):
            yield _whole(line).encode(old.encoding, "backslashreplace")


def _rows(source: Source) -> list[str]:
    text = ("\ufeff" if source.bom else "") + source.text
    return (
        [row for row in text.replace("\n", "\n\0").split("\0") if row]
        if "\0" not in text
        else [text]
    )


def _whole(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _name(side: str, name: str) -> str:
    """As git writes it: in quotes where it has characters that would change the head's meaning."""
    full = f"{side}/{name}"
    if full.isprintable() and '"' not in full and "\\" not in full:
        return f"{full}\t" if " " in full else full
    quoted = "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}"
        for byte in os.fsencode(full)
    )
    return f'"{quoted}"'
