"""Imported names: which module a name comes from, adding the Counter's import, dropping unused ones."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from lintvalue.fix.delays import dotted
from lintvalue.fix.places import within
from lintvalue.fix.stars import is_free
from lintvalue.fix.survey import Page, Refusal, Survey
from lintvalue.fix.tokens import mentions
from lintvalue.model import statements as s
from lintvalue.model.edit import Edit
from lintvalue.model.expressions import Literal
from lintvalue.model.lean import dataclass
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that an import binds; `module` is what it stands for, `multiprocessing.Value`."""

    name: str
    module: str
    statement: s.Import
    item: s.Imported


def bindings(page: Page) -> tuple[Binding, ...]:
    """What the imports of a file bind, wherever they stand."""
    return tuple(_binding(statement, item) for statement, item in _items(page.facts.body))


def _binding(statement: s.Import, item: s.Imported) -> Binding:
    if item.name is None:
        name = item.alias or item.module.partition(".")[0]
        return Binding(name, item.module if item.alias else name, statement, item)
    module = f"{'.' * item.level}{item.module}.{item.name}"
    return Binding(item.alias or item.name, module, statement, item)


def at_top(page: Page, statement: s.Import) -> bool:
    """Whether it stands in the module's own body, or in its `if TYPE_CHECKING:`."""
    outer = page.places[statement.span].outer
    return outer is None or (outer.outer is None and is_for_types(outer.statement))


def is_for_types(statement: s.Statement) -> bool:
    """Whether it is `if TYPE_CHECKING:`, of which only type checkers see the body."""
    return isinstance(statement, s.If) and dotted(statement.test).endswith("TYPE_CHECKING")


def imported_names(body: s.Block) -> set[str]:
    """All names that a file's imports bind."""
    return {_binding(statement, item).name for statement, item in _items(body)}


def _items(body: s.Block) -> Iterator[tuple[s.Import, s.Imported]]:
    for outer in body.statements:
        for statement in within(outer):
            if isinstance(statement, s.Import):
                yield from ((statement, item) for item in statement.names)


# The Counter's import


def counter_name(survey: Survey, page: Page, *, for_types: bool = False) -> tuple[str, bool]:
    """The name that our Counter has or can have in the file, and whether it is there."""
    module = survey.options.counter_import
    for binding in bindings(page):
        place = page.places[binding.statement.span]
        known = place.outer is None or (for_types and at_top(page, binding.statement))
        if binding.module == f"{module}.Counter" and known:
            return binding.name, True
    for name in ("Counter", "SharedCounter", "LintvalueCounter"):
        if name == "Counter" and not is_free(survey, page.path, name):
            continue
        if not re.search(rf"\b{name}\b", page.lines.text):
            return name, False
        if name == "Counter" and mentions(page.lines.text, name) == 0:
            return name, False
    raise Refusal("the file uses all names that the Counter could have")


def import_line(module: str, name: str) -> str:
    alias = "" if name == "Counter" else f" as {name}"
    return f"from {module} import Counter{alias}"


def added(page: Page, line: str, near: s.Import | None) -> Edit:
    """The import as a row of its own, after the run of imports that `near` begins."""
    outer = page.places[near.span].outer if near is not None else None
    if near is not None and outer is not None and is_for_types(outer.statement):
        return _beside(page, near, line)
    last = _last_import(page, near)
    newline = page.facts.newline
    if last is None:
        row = _first_row(page)
        return _insert(page, row, 0, line + newline)
    end = last.span
    rest = page.lines.after(end.end_line, end.end_column).strip(" \t\f")
    if rest and not rest.startswith("#"):
        raise Refusal("there is no row for the Counter's import")
    gap = newline if _is_standard(last) and _ends_a_block(page, end.end_line) else ""
    return _insert(page, end.end_line, len(page.lines.row(end.end_line)), newline + gap + line)


def _beside(page: Page, near: s.Import, line: str) -> Edit:
    """The import on the row after `near`, in the same suite."""
    end, place = near.span.end_line, page.places[near.span]
    if place.block.inline or page.lines.after(end, near.span.end_column).strip(" \t\f")[:1] == ";":
        raise Refusal("there is no row for the Counter's import")
    newline = page.facts.newline
    last = place.sibling(1) is None and _is_standard(near)
    content = (newline if last else "") + newline + page.lines.indent(near.span.line) + line
    return _insert(page, end, len(page.lines.row(end)), content)


def _last_import(page: Page, near: s.Import | None) -> s.Import | None:
    statements = page.facts.body.statements
    start = next((at for at, one in enumerate(statements) if one is near or one == near), None)
    if start is None:
        start = next((at for at, one in enumerate(statements) if isinstance(one, s.Import)), None)
    last = None
    for statement in statements[start:] if start is not None else ():
        if not isinstance(statement, s.Import):
            break
        last = statement
    return last


def _first_row(page: Page) -> int:
    for statement in page.facts.body.statements:
        if isinstance(statement, s.Evaluate) and isinstance(statement.value, Literal):
            continue
        return statement.span.line
    raise Refusal("there is no row for the Counter's import")


def _is_standard(statement: s.Import) -> bool:
    root = statement.names[0].module.partition(".")[0]
    return not statement.names[0].level and root in sys.stdlib_module_names


def _ends_a_block(page: Page, row: int) -> bool:
    return row >= len(page.lines.starts) or not page.lines.row(row + 1).strip()


def _insert(page: Page, row: int, column: int, content: str) -> Edit:
    return Edit(Location(page.path, Span(row, column, row, column)), content)


# Names that are no longer used


def is_unused(survey: Survey, page: Page, binding: Binding, converted: int) -> bool:
    """Whether the file and its importers need the name no more, once `converted` uses are gone."""
    if page.path.endswith("__init__.py") or not at_top(page, binding.statement):
        return False
    if mentions(page.lines.text, binding.name) != converted + 1:
        return False
    return not any(_imported_from(survey, page, binding.name))


def _imported_from(survey: Survey, page: Page, name: str) -> Iterator[bool]:
    stem = page.path.rpartition("/")[2].removesuffix(".py")
    for path, facts in survey.facts.items():
        if path != page.path and stem in survey.texts[path]:
            yield bool(re.search(rf"\b{stem}\s*\.\s*{name}\b", survey.texts[path]))
            yield any(
                item.name in (name, "*") and item.module.rpartition(".")[2] == stem
                for _, item in _items(facts.body)
            )


def item_place(page: Page, binding: Binding) -> Location | None:
    """Where an import names what it imports."""
    start, end = page.lines.ends(binding.statement.span)
    found = spelled(binding.item).search(page.lines.text[start:end])
    if found is None:
        return None
    first, last = (page.lines.position(start + offset) for offset in found.span())
    return Location(page.path, Span(*first, *last))


def spelled(item: s.Imported) -> re.Pattern[str]:
    """What an import's text has for one of its names."""
    # `import` stands before the names, so that a module of the same name is not met first.
    name = re.escape(item.name or item.module)
    alias = rf"\s+as\s+{item.alias}" if item.alias else ""
    return re.compile(rf"(?<=[\s(,]){name}{alias}\b")
