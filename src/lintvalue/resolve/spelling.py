"""Expressions as one would write them."""

from __future__ import annotations

from lintvalue.model import expressions as e


def cell_of(node: e.Subscript) -> str:
    """The cell that an index names; `d["k"]`, `d['k']` and `d.get("k")` are one."""
    return f"[{spell(node.key) or node.text}]"


def spell(node: e.Expression) -> str:
    """A short expression as one would write it; "" where it is longer than that."""
    match node:
        case e.Name():
            return node.id
        case e.Attribute():
            return f"{base}.{node.name}" if (base := spell(node.value)) else ""
        case e.Subscript():
            return f"{base}[{node.text}]" if (base := spell(node.value)) else ""
        case e.Literal():
            return repr(node.value)
        case e.Call(arguments=()):
            return f"{base}()" if (base := spell(node.function)) else ""
    return ""
