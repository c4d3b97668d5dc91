"""`lintvalue rule`: what a rule means, why it matters, an example, the fix."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lintvalue.cli.parser import Parser
from lintvalue.cli.streams import write
from lintvalue.model.settings import UserError
from lintvalue.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintvalue.model.rule import Rule


def run(arguments: Sequence[str]) -> int:
    parser = Parser(prog="lintvalue rule", description="Explain rules.", allow_abbrev=False)
    parser.add_argument("codes", nargs="*", metavar="CODE")
    parser.add_argument("--all", action="store_true", help="explain all rules")
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    given = parser.parse_args(arguments)
    rules = RULES if given.all else tuple(map(_known, given.codes))
    if not rules:
        raise UserError("name a rule, such as LV101, or use --all")
    write(_as_json(rules) if given.output_format == "json" else _as_text(rules))
    return 0


def _known(code: str) -> Rule:
    for rule in RULES:
        if code in (rule.code, rule.name):
            return rule
    raise UserError(f"unknown rule {code!r}; `lintvalue rule --all` names them")


def _as_text(rules: Iterable[Rule]) -> str:
    return "\n".join(f"# {rule.name} ({rule.code})\n\n{rule.page.strip()}\n" for rule in rules)


def _as_json(rules: Iterable[Rule]) -> str:
    return json.dumps([_entry(rule) for rule in rules], indent=2) + "\n"


def _entry(rule: Rule) -> dict[str, str | bool]:
    page = rule.page.strip()
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": page.partition("\n")[0].strip(),
        "explanation": page,
        "severity": rule.severity.value,
        "default": rule.default,
    }
