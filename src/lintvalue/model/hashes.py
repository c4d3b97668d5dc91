"""Hash functions as Python itself has them: `hashlib` loads OpenSSL first, which takes 3 ms."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b, sha256

__all__ = ["blake2b", "sha256"]

_HOMES = {"blake2b": ("_blake2", "hashlib"), "sha256": ("_sha2", "_sha256", "hashlib")}


def __getattr__(name: str) -> object:
    for home in _HOMES.get(name, ()):
        try:
            return getattr(import_module(home), name)
        except ImportError:
            continue  # another Python's name for it
    raise AttributeError(name)
