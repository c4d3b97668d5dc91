"""Each pair of fixtures/fixes, run as real processes: updates are lost before, and none after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fixes import pairs, put

SLOW_READS = Path(__file__).with_name("slow_reads.py")
PAIRS = [*pairs("hold_lock"), *pairs("use_counter")]
every_pair = pytest.mark.parametrize("pair", PAIRS, ids=str)


def _output(pair, files, folder):
    put(folder, {name: text.encode() for name, text in files.items()})
    command = [sys.executable, str(SLOW_READS), str(folder / pair.main)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@every_pair
def test_the_program_loses_updates_before(pair, tmp_path):
    """It may lose some, so that a run in which it does not says nothing."""
    runs = (_output(pair, pair.before, tmp_path) for _ in range(5))
    assert any(one != pair.expected_output for one in runs)


@every_pair
def test_the_program_is_exact_after(pair, tmp_path):
    assert _output(pair, pair.after, tmp_path) == pair.expected_output
