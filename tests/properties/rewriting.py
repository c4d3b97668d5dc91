"""Texts of cases, changed so that they mean the same, or so that one lock is held everywhere."""

from __future__ import annotations

import ast
import io
import re
import tokenize

_LOCK = "import multiprocessing as lock_library\n\nshared_guard = lock_library.RLock()\n"


def changeable(text):
    """Whether a text is plain enough: this interpreter reads it, and rows end as usual."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return False
    starts = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return "\r" not in text and "\f" not in text and len(starts) == len(set(starts))


# Names


def renamed(text):
    """Parameters and variables under other names, where a name is nothing else besides."""
    names = _variables(ast.parse(text))
    rows = text.splitlines(keepends=True)
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(text).readline))):
        if token.type == tokenize.NAME and token.string in names:
            row, column = token.start
            rows[row - 1] = (
                f"{rows[row - 1][:column]}{token.string}_too{rows[row - 1][token.end[1] :]}"
            )
    return "".join(rows)


def _variables(tree):
    parts = list(ast.walk(tree))
    bound = {part.id for part in parts if isinstance(part, ast.Name) and _is_stored(part)}
    bound |= {part.arg for part in parts if isinstance(part, ast.arg)} - {"self", "cls"}
    return {name for name in bound if not name.startswith("__")} - _otherwise(parts)


def _is_stored(part):
    return isinstance(part.ctx, ast.Store)


def _otherwise(parts):
    """Words that mean attributes, keywords, imports, or stand in texts."""
    found = set()
    for part in parts:
        match part:
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(body=body, name=name):
                found |= {name, *_fields(body)}
            case ast.alias(name=name, asname=other):
                found |= {*name.split("."), other}
            case ast.Constant(value=str(written)):
                found.update(re.findall(r"\w+", written))
            case ast.JoinedStr():
                found |= {inner.id for inner in ast.walk(part) if isinstance(inner, ast.Name)}
    return found


def _fields(body):
    """Names that a class body binds are attributes as well."""
    return {part.id for row in body for part in ast.walk(row) if isinstance(part, ast.Name)}


# Comments


def commented(text):
    """A comment above each statement that has a row of its own."""
    rows = text.splitlines(keepends=True)
    starts = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.stmt)]
    for node in sorted(starts, key=lambda node: node.lineno, reverse=True):
        first = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))])
        before = rows[first - 1][: node.col_offset]
        if not before.strip():
            rows.insert(first - 1, f"{before}# what follows is what it was\n")
    return "".join(rows)


# One lock


def guarded(text):
    """The body of each outermost function in one `with` of the same lock."""
    rows = text.splitlines(keepends=True)
    tree = ast.parse(text)
    for function in reversed(_outermost(tree.body)):
        if function.body[0].lineno == function.lineno:
            continue
        indent = rows[function.body[0].lineno - 1][: function.body[0].col_offset]
        for number in range(function.body[0].lineno - 1, function.end_lineno):
            row = rows[number]
            if row.startswith(indent) and row.strip():
                rows[number] = f"{indent}    {row[len(indent) :]}"
        rows.insert(function.body[0].lineno - 1, f"{indent}with shared_guard:\n")
    rows.insert(_first(tree) - 1, _LOCK)
    return "".join(rows)


def _outermost(block):
    """Functions that are in no other, but may be in classes."""
    found = []
    for node in block:
        if isinstance(node, ast.FunctionDef) and not _is_generator(node):
            found.append(node)
        elif isinstance(node, ast.ClassDef):
            found += _outermost(node.body)
    return found


def _is_generator(function):
    return any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in ast.walk(function))


def _first(tree):
    """The row of the first statement that is no docstring and no `from __future__`."""
    for node in tree.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not docstring and not future:
            return min(
                [node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))]
            )
    return 1


def nests_functions(text):
    """Whether a function is made in another one, and may be run elsewhere without what that holds."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return any(
        isinstance(part, kinds) and part is not function
        for function in _outermost(ast.parse(text).body)
        for part in ast.walk(function)
    )


def rows_of_functions(text):
    """The rows that stand in an outermost function."""
    functions = _outermost(ast.parse(text).body)
    return {row for part in functions for row in range(part.lineno, part.end_lineno + 1)}
