"""What may change more than atomicity is done only if asked for, and dependencies are told."""

from __future__ import annotations

import pytest

from lintvalue.cli import main

LONG = """\
import time
from multiprocessing import Process, Value


def work(hits, pause):
    seen = hits.value
    time.sleep({pause})
    hits.value = seen + 1


hits = Value("i", 0)
for _ in range(4):
    Process(target=work, args=(hits, 3)).start()
"""
EXPORTED = """\
from multiprocessing import Process, Value

__all__ = ["hits"]

hits = Value("i", 0)


def work(hits):
    hits.value += 1


for _ in range(4):
    Process(target=work, args=(hits,)).start()
"""


@pytest.fixture
def fixed(tmp_path, capfd):
    """The text of a file after a fix, and what was said on standard error."""
    path = tmp_path / "app.py"

    def fix(text, *options):
        path.write_text(text)
        main(["fix", "--isolated", *options, str(path)])
        return path.read_text(), capfd.readouterr().err

    return fix


@pytest.mark.parametrize("pause", ["pause", "3", "0.5"])
def test_a_lock_is_not_held_over_a_long_sleep_unless_that_is_wanted(fixed, pause):
    text = LONG.format(pause=pause)
    after, said = fixed(text)
    assert after == text
    assert "--unsafe-fixes would do it, but the lock would be held while the process sleeps" in said
    after, _ = fixed(text, "--unsafe-fixes")
    assert "    with hits.get_lock():\n        seen = hits.value\n        time.sleep(" in after


def test_a_lock_is_held_over_a_short_sleep(fixed):
    after, _ = fixed(LONG.format(pause="0.001"))
    assert "with hits.get_lock():" in after


def test_what_a_module_exports_stays_a_value_unless_that_is_wanted(fixed):
    after, _ = fixed(EXPORTED)
    assert "with hits.get_lock():" in after
    after, said = fixed(EXPORTED, "--style", "counter")
    assert after == EXPORTED
    assert "`hits` stands in `__all__`" in said
    after, _ = fixed(EXPORTED, "--unsafe-fixes")
    assert "hits = Counter(0)" in after


PLAIN = EXPORTED.replace('__all__ = ["hits"]\n\n', "")


def test_a_project_that_does_not_list_us_is_told_so(fixed):
    after, said = fixed(PLAIN)
    assert "from lintvalue.runtime import Counter" in after
    assert said.count("lists lintvalue") == 1
    assert "lintvalue vendor" in said
    _, said = fixed(PLAIN, "--style", "lock")
    assert "lists lintvalue" not in said
    after, said = fixed(PLAIN, "--counter-import", "app.counters")
    assert "from app.counters import Counter" in after
    assert "lists lintvalue" not in said


@pytest.mark.parametrize(
    ("name", "text", "listed"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["lintvalue>=0.1"]\n', True),
        ("pyproject.toml", '[dependency-groups]\ndev = ["lintvalue"]\n', True),
        ("pyproject.toml", '[tool.poetry.dependencies]\nlintvalue = "^0.1"\n', True),
        ("pyproject.toml", '[tool.lintvalue]\nselect = ["LV1"]\n', False),
        ("pyproject.toml", '[project]\ndependencies = ["lintvalue-extra"]\n', False),
        ("requirements.txt", "lintvalue==0.1 # c\n", True),
        ("requirements-dev.txt", "ruff\nlintvalue\n", True),
        ("requirements.txt", "# lintvalue\n", False),
    ],
)
def test_where_a_project_lists_what_it_needs(name, text, listed, tmp_path, capfd):
    (tmp_path / ".git").mkdir()
    (tmp_path / name).write_text(text)
    path = tmp_path / "app.py"
    path.write_text(PLAIN)
    main(["fix", "--style", "counter", str(path)])
    assert "from lintvalue.runtime import Counter" in path.read_text()
    assert ("lists lintvalue" in capfd.readouterr().err) is not listed
