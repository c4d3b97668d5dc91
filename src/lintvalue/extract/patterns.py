"""What the patterns of `match` compare with, and what they bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterator


def values(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Expressions that a pattern evaluates: literals, dotted names, classes, keys."""
    if isinstance(node, cst.MatchAs):
        yield from values(node.pattern) if node.pattern else ()
        return
    for child in node.children:
        if isinstance(child, cst.BaseExpression):
            if not _binds(node, child):
                yield child
        else:
            yield from values(child)


def _binds(parent: cst.CSTNode, child: cst.CSTNode) -> bool:
    """Names that a pattern binds, and keyword names of class patterns, are no values."""
    if isinstance(parent, cst.MatchKeywordElement):
        return child is parent.key
    return isinstance(parent, (cst.MatchStar, cst.MatchMapping)) and isinstance(child, cst.Name)


def captures(node: cst.CSTNode) -> Iterator[str]:
    """Names that a pattern binds, in order."""
    match node:
        case cst.MatchAs(name=cst.Name(value=name)) | cst.MatchStar(name=cst.Name(value=name)):
            yield name
        case cst.MatchMapping(rest=cst.Name(value=name)):
            yield name
    for child in node.children:
        yield from captures(child)


def irrefutable(node: cst.MatchPattern) -> bool:
    """Whether the pattern takes whatever comes (`_`, or a bare name)."""
    return isinstance(node, cst.MatchAs) and node.pattern is None
