"""What the library we watch is called: the words without which a file cannot matter."""

from __future__ import annotations

# A shared object is made by one of the libraries, or shows itself by its lock or its annotation.
# `ctypes` and the like only matter beside one of these.
WORDS = (
    b"multiprocess",  # multiprocessing, torch.multiprocessing, multiprocess
    b"billiard",
    b"sharedctypes",
    b"shared_memory",
    b"Synchronized",
    b"get_lock",
)
