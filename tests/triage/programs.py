"""Programs whose `work` runs in four processes, with what `main` makes."""

from __future__ import annotations

START = """\
import ctypes
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import Array, Condition, Lock, Manager, Pool, Process, Queue, RawValue, Value
from multiprocessing.managers import SyncManager
from multiprocessing.sharedctypes import synchronized
from os import getpid
from threading import Thread

import numpy as np

class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int)]

class Managing(SyncManager):
    pass

{top}

class Board:
    def __init__(self, made):
        self.made = made

{methods}

def work(made, other):
{body}

def main():
    made = {make}
    for _ in range(4):
        Process(target=work, args=(made, {other})).start()
"""

Rows = tuple[str, ...]


def program(
    *body: str,
    make: str = "Value('i', 0)",
    other: str = "input()",
    top: Rows = (),
    methods: Rows = (),
) -> str:
    return START.format(
        body=indented(body), make=make, other=other, top="\n".join(top), methods=indented(methods)
    )


def indented(rows: Rows) -> str:
    return "\n".join(f"    {row}" for row in rows)
