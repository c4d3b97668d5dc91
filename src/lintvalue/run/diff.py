"""The changes of a fix as a unified diff that `git apply` and `patch -p1` take."""

# Paths stay the strings that the system gives.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from difflib import unified_diff
from typing import TYPE_CHECKING

from lintvalue.run.places import working_folder
from lintvalue.sources.discover import relative, repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lintvalue.model.source import Source
    from lintvalue.run.fix import Outcome

    Pair = tuple[Source, Source]


def diff(outcome: Outcome) -> bytes:
    """All changes, each file in its own encoding; paths start at `base`."""
    start = base(outcome)
    return b"".join(
        part
        for path, pair in sorted(_changed(outcome).items())
        for part in _of_file(relative(start, path), *pair)
    )


def base(outcome: Outcome) -> str:
    """The folder in which the patch is to be applied.

    That is the working folder. If some file lies outside of it, a path with ".." or an absolute one
    would be refused: then it is the top of the repository that has them all, or the folder that does.
    """
    here = os.path.realpath(working_folder())
    files = tuple(_changed(outcome))
    if all(_lies_in(here, file) for file in files):
        return here
    roots = (os.path.realpath(one.first.root) for one in outcome.mended if one.changed)
    whole = os.path.commonpath((*map(os.path.dirname, files), *roots))
    return repository(whole) or whole


def _lies_in(folder: str, path: str) -> bool:
    return os.path.commonpath((folder, path)) == folder


def _changed(outcome: Outcome) -> Mapping[str, Pair]:
    """Each changed file once, whatever the names by which it was given."""
    return {
        os.path.realpath(os.path.join(one.first.root, path)): (
            one.first.sources[path],
            one.last.sources[path],
        )
        for one in outcome.mended
        for path in one.changed
    }


def _of_file(name: str, old: Source, new: Source) -> Iterator[bytes]:
    yield os.fsencode(f"--- {_name('a', name)}\n+++ {_name('b', name)}\n")
    _, _, *lines = unified_diff(_rows(old), _rows(new))
    for line in lines:
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
