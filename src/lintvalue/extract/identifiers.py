"""Names as Python compares them: folded by NFKC, as PEP 3131 has it."""

from __future__ import annotations

from unicodedata import normalize


def folded(name: str) -> str:
    return name if name.isascii() else normalize("NFKC", name)
