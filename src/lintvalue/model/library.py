"""What the library we watch is called: the words without which a file cannot matter."""

from __future__ import annotations

# A file that makes or receives what is shared names its library...
WORDS = (
    b"multiprocess",  # multiprocessing, torch.multiprocessing, multiprocess
    b"billiard",
    b"Synchronized",
    b"get_lock",
)
# ... and what it makes. A Process or a Pool alone shares nothing.
MADE = (
    b"Value",
    b"Array",
    b"Manager",
    b"Namespace",
    b"ShareableList",
    b"SharedMemory",
    b"Synchronized",
    b"get_lock",
    b"Lock",
    b"Semaphore",
    b"Condition",
)
