"""Plain command lines are read as argparse reads them, and all others by it."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest

from lintvalue.cli.arguments import read, read_plainly
from lintvalue.cli.options import CHECK, FIX
from lintvalue.cli.parser import parser
from lintvalue.model.settings import UserError

PIECES = (
    (),
    ("a.py",),
    ("a.py", "b.py"),
    ("-",),
    ("--no-cache",),
    ("-q",),
    ("--no-respect-gitignore",),
    ("--select", "LV1,LV2"),
    ("--select=LV1", "--select", "LV2"),
    ("--jobs", "2"),
    ("-j", "3"),
    ("--output-format=json",),
    ("--stdin-filename", ""),
    ("--diff",),
    # Not plain, or wrong
    ("-j4",),
    ("--",),
    ("--jobs", "0"),
    ("--color", "blue"),
    ("--config", "-"),
    ("--reason", "-x"),
    ("--no-cache=1",),
    ("--jobs",),
    ("--nothing-of-ours",),
    ("-qv",),
    ("--sel", "LV1"),
)


@pytest.mark.parametrize("command", [CHECK, FIX])
def test_what_is_read_plainly_is_what_argparse_reads(command):
    whole = parser(command, "")
    plain = 0
    for pieces in product(PIECES, repeat=3):
        arguments = [argument for piece in pieces for argument in piece]
        ours = read_plainly(command, arguments)
        if ours is None:
            continue
        plain += 1
        assert ours == whole.parse_args(arguments, SimpleNamespace()), arguments
    assert plain > 500


@pytest.mark.parametrize("arguments", [["--jobs", "0"], ["--color=blue"], ["--jobs"], ["--what"]])
def test_what_is_wrong_is_told_by_argparse(arguments):
    with pytest.raises(UserError, match="--help"):
        read(CHECK, "", arguments)


def test_what_is_usual_is_read_plainly():
    usual = ["--isolated", "--no-cache", "--jobs=2", "--output-format", "json", "src", "tests"]
    assert read_plainly(CHECK, usual) is not None
