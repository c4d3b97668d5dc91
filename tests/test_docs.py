"""What the README and the pages under docs say is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def blocks(page, language):
    """The texts of the page's blocks in one language, in order."""
    found = _FENCE.findall(page.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def links(page):
    """What the page's prose links to, other than pages of the web."""
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(prose) if "://" not in link]


def test_the_readme_begins_with_two_commands_of_one_line_each():
    first, second = blocks(ROOT / "README.md", "bash")[:2]
    assert re.fullmatch(r"[^\n]+ check fixtures/article\n", first)
    assert re.fullmatch(r"[^\n]+ -m pytest\n", second)


def test_the_output_shown_first_is_what_the_tool_prints():
    done = subprocess.run(
        [sys.executable, "-m", "lintvalue", "check", "fixtures/article"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.rstrip("\n") == blocks(ROOT / "README.md", "text")[0].rstrip("\n")


def test_the_interleaving_shown_is_what_explain_draws():
    [shown] = blocks(ROOT / "README.md", "console")
    command, _, drawn = shown.partition("\n...\n")
    done = subprocess.run(
        [sys.executable, "-m", *command.removeprefix("$ ").split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert drawn in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page):
    targets = [page.parent / link.partition("#")[0] for link in links(page)]
    assert [target for target in targets if not target.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_block_is_python(page):
    for text in blocks(page, "python"):
        compile(text, page.name, "exec")


def test_every_part_of_resolve_is_described():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    parts = {path.name for path in (ROOT / "src" / "lintvalue" / "resolve").glob("[!_]*.py")}
    assert {name for name in parts if f"/resolve/{name})" not in text} == set()


def test_every_rule_of_the_readme_s_table_has_its_name():
    """The code and the name stand in one row, as the rule itself says them."""
    from lintvalue.rules import RULES  # noqa: PLC0415 - the other tests need nothing of ours

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"(?m)^\| (LV\d{3}) \| ([a-z-]+) \|", text))
    known = {rule.code: rule.name for rule in RULES}
    assert listed
    assert listed == {code: known.get(code) for code in listed}
