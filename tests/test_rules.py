"""Each rule: its file, its name, its page, and that the page's programs are judged as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cases import findings_in

import lintvalue.rules
from lintvalue.model.settings import Settings
from lintvalue.model.source import Source
from lintvalue.rules import RULES

SECTIONS = [
    "What it does",
    "Why is this bad?",
    "Example",
    "Use instead",
    "Fix safety",
    "Limits",
]
FILES = sorted(path.stem for path in Path(lintvalue.rules.__file__).parent.glob("lv[0-9]*.py"))

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def sections(rule):
    """The text of each section of a rule's page, by its title."""
    _, *parts = re.split(r"(?m)^## ", rule.page)
    return {title: text.strip() for title, _, text in (part.partition("\n") for part in parts)}


def codes(rule, section):
    """What is found in a section's program, each code once."""
    [text] = re.findall(r"(?ms)^```python\n(.*?)^```$", sections(rule)[section])
    compile(text, section, "exec")
    chosen = Settings() if rule.default else Settings(extend_select=(rule.code,))
    return {finding.code for finding in findings_in([Source("app.py", text)], chosen)}


def test_rules_are_sorted_and_told_apart():
    listed = [rule.code for rule in RULES]
    assert listed == sorted(set(listed))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_every_file_of_a_rule_is_listed():
    """What stands in the folder, named by code and name, is what RULES says."""
    named = [f"{rule.code.lower()}_{rule.name.replace('-', '_')}" for rule in RULES]
    assert named == FILES


@every_rule
def test_names_are_made_of_words(rule):
    assert re.fullmatch(r"LV\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)


@every_rule
def test_the_page_has_a_summary_and_all_sections(rule):
    summary = rule.page.partition("\n")[0]
    assert re.fullmatch(r"[A-Z`].*\.", summary)
    assert list(sections(rule)) == SECTIONS
    assert all(sections(rule).values())


@every_rule
def test_the_example_has_this_fault_and_no_other(rule):
    assert codes(rule, "Example") == {rule.code}


@every_rule
def test_in_what_to_use_instead_nothing_is_found(rule):
    assert codes(rule, "Use instead") == set()


@every_rule
def test_findings_carry_the_rule_s_code_name_and_severity(rule):
    [text] = re.findall(r"(?ms)^```python\n(.*?)^```$", sections(rule)["Example"])
    chosen = Settings(select=(rule.code,))
    found = findings_in([Source("app.py", text)], chosen)
    assert found
    for finding in found:
        assert (finding.code, finding.name) == (rule.code, rule.name)
        assert finding.severity is rule.severity
        assert finding.message
        assert not finding.message.endswith(".")
