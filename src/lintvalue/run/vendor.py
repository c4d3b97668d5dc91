"""The runtime as one file that imports the standard library alone."""

from __future__ import annotations

import ast
import re
from importlib import resources

from lintvalue import __version__

MARK = "# Written by `lintvalue vendor`"
_RUNTIME = "lintvalue.runtime"
_HEAD = f'''\
{MARK} of lintvalue {__version__}. Do not change it here: it is written anew by that command.
"""Counters that several processes may change at once, from the standard library alone."""

from __future__ import annotations

'''


def vendored() -> str:
    """The text of the file: all modules of the runtime, each after those that it imports."""
    parts = [_Part(name) for name in _in_order("__init__")]
    imports = _lines({one for part in parts for one in part.imports})
    types = "".join(
        f"    {line}\n" for line in _lines({one for part in parts for one in part.types})
    )
    exported = next(part.exported for part in parts if part.name == "__init__")
    head = _HEAD + "".join(f"{line}\n" for line in imports)
    head += f"\nif TYPE_CHECKING:\n{types}" if types else ""
    head += f'\n__version__ = "{__version__}"\n{exported}\n'
    return head + "".join(part.body for part in parts if part.body.strip())


def _lines(imports: set[tuple[str, str]]) -> list[str]:
    """Imports as rows, one for each module: `import a` before `from a import b`."""
    whole = sorted(f"import {name}" for module, name in imports if not module)
    modules = sorted({module for module, _ in imports if module})
    return [*whole, *(f"from {module} import {_names(imports, module)}" for module in modules)]


def _names(imports: set[tuple[str, str]], module: str) -> str:
    return ", ".join(sorted(name for one, name in imports if one == module))


def _in_order(name: str, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Module names of the runtime that `name` needs, itself last. None needs itself."""
    order: list[str] = []
    for needed in _Part(name).needs:
        if needed not in before:
            order += _in_order(needed, (*before, name))
    return tuple(dict.fromkeys((*order, name)))


class _Part:
    """One module, taken apart: what it imports (as module and name), and what is left."""

    def __init__(self, name: str) -> None:
        self.name = name
        text = resources.files(_RUNTIME).joinpath(f"{name}.py").read_text("utf-8")
        self._rows = text.splitlines(keepends=True)
        self.imports: set[tuple[str, str]] = set()
        self.types: set[tuple[str, str]] = set()
        self.needs: list[str] = []
        self.exported = ""
        gone: set[int] = set()
        for at, statement in enumerate(ast.parse(text).body):
            if self._is_taken(at, statement):
                gone.update(range(statement.lineno - 1, statement.end_lineno or 0))
        kept = [row for at, row in enumerate(self._rows) if at not in gone]
        self.body = "\n\n" + re.sub(r"\n{4,}", "\n\n\n", "".join(kept)).strip("\n") + "\n"
        self.body = self.body if self.body.strip() else ""

    def _is_taken(self, at: int, statement: ast.stmt) -> bool:
        """Whether a statement stands in the head of the one file, or not at all."""
        match statement:
            case ast.Expr(value=ast.Constant(value=str())) if at == 0:
                return True
            case ast.Import() | ast.ImportFrom():
                self._imported(statement, self.imports)
                return True
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=[]) if _only_imports(statement):
                for inner in statement.body:
                    self._imported(inner, self.types)
                return True
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                self.exported = "".join(
                    self._rows[statement.lineno - 1 : statement.end_lineno]
                ).strip()
                return True
            case _:
                return False

    def _imported(self, statement: ast.stmt, found: set[tuple[str, str]]) -> None:
        module = statement.module if isinstance(statement, ast.ImportFrom) else None
        if module == "__future__":
            return
        if module is not None and module.startswith(f"{_RUNTIME}."):
            if found is self.imports:
                self.needs.append(module.removeprefix(f"{_RUNTIME}."))
            return
        assert isinstance(statement, ast.Import | ast.ImportFrom)
        found.update((module or "", ast.unparse(name)) for name in statement.names)


def _only_imports(statement: ast.If) -> bool:
    return all(isinstance(inner, ast.Import | ast.ImportFrom) for inner in statement.body)
