"""What a text imports: told from bytes, since most files are never parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOTTED = rb"[\w.\x80-\xff]+"
_SPACE = rb"[ \t\f\\]"
_GAP = rb"[ \t\f\\\r\n]"  # a line may go on behind a backslash
_REST = rb"[^\n;\\]*+(?:\\\r?\n[^\n;\\]*+)*+"
_BRACKETS = rb"\((?:[^()#]++|#[^\n]*+)*+\)"
# Each begins with a literal, which is searched for many times faster than an alternative. They also
# find imports that only stand in a string: one file too many does no harm.
_FROM = re.compile(
    rb"from(?<![\w.]from)(?=[ \t\f\\.])"
    + _GAP
    + rb"*+("
    + _DOTTED
    + rb")(?:"
    + _GAP
    + rb"++|(?<=\.))import\b"
    + _GAP
    + rb"*+("
    + _BRACKETS
    + rb"|"
    + _REST
    + rb")"
)
# Not the second half of `from name import`, which is told by what stands before the literal.
# The rarer its first letter, the faster a literal is found.
_PLAIN = re.compile(
    rb"mport(?<=import)(?<![\w.] import)(?<!\.import)" + _SPACE + _GAP + rb"*+(" + _REST + rb")"
)
_MODULE = re.compile(_DOTTED)
_NAME = re.compile(rb"[\w\x80-\xff]+")

# A module and what is imported of it; b"" and the modules of a plain import.
Line = tuple[bytes, bytes]

# Text to lines: of `from module import names` both parts, of `import modules` what follows.
from_lines = _FROM.findall
plain_lines = _PLAIN.findall
names_in = _NAME.findall


def lines(data: bytes) -> list[Line]:
    """All that a text may import, as it is written."""
    return [*from_lines(data), *((b"", modules) for modules in plain_lines(data))]


def targets(line: Line) -> tuple[str, ...]:
    """Dotted names, with their leading dots; `from a import b` may mean `a` and `a.b`."""
    module, names = line
    return tuple(_from(module, names) if module else run_by(names))


def _from(module: bytes, names: bytes) -> Iterator[str]:
    stem = text(module)
    joint = "" if stem.endswith(".") else "."
    yield stem
    yield from (stem + joint + text(name) for name in names_in(names))


def run_by(modules: bytes) -> Iterator[str]:
    """The modules that a plain import runs: `import a.b` also runs `a`."""
    for piece in modules.split(b","):
        found = _MODULE.search(piece)
        if found is not None:
            parts = text(found[0]).split(".")
            yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
