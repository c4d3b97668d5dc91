"""Which functions may make shared memory, locks or launches: those have to be told apart by their callers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.lean import dataclass, names
from lintvalue.resolve.library import (
    LOCKS,
    MANAGED,
    MANAGERS,
    POOLS,
    PROCESSES,
    SHARED,
    THREAD_POOLS,
    THREADS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.modules import Modules
    from lintvalue.model.span import Span

_MAKERS = frozenset(
    name.rpartition(".")[2]
    for names in (SHARED, LOCKS, MANAGED, MANAGERS, POOLS, PROCESSES, THREADS, THREAD_POOLS)
    for name in names
) - {"dict", "list"} | {"synchronized", "spawn", "start_processes", "Event"}

_SHARING = frozenset(
    name.rpartition(".")[2] for names in (SHARED, MANAGED, MANAGERS) for name in names
) - {"dict", "list"} | {"synchronized"}
_LEAVES = (str, int, float)


@dataclass(frozen=True, slots=True)
class Makers:
    """Functions that may make something, and the names of those, and of classes, that make shared memory."""

    functions: frozenset[tuple[str, Span]]
    sharing: frozenset[str]


def makers(files: Mapping[str, FileFacts], modules: Modules) -> Makers:
    """Functions that call a maker, or by its name alone a function or class that does, and so on.

    Methods need no such care: what they make is told apart by the object that they belong to.
    """
    called: dict[tuple[str, Span], set[str]] = {}
    names: dict[tuple[str, Span], str] = {}
    for path, facts in files.items():
        others = _names_of_others(facts, files, modules)
        for function, owner in functions(facts):
            place = (path, function.span)
            names[place] = owner if function.name == "__init__" and owner else function.name
            called[place] = set(_called(function, others))
    sharing = _callers(_SHARING, called, names)
    return Makers(_callers(_MAKERS, called, names), frozenset(names[place] for place in sharing))


def _callers(
    makers: frozenset[str],
    called: Mapping[tuple[str, Span], set[str]],
    names: Mapping[tuple[str, Span], str],
) -> frozenset[tuple[str, Span]]:
    """The functions that call one of `makers`, or a function that does."""
    found: set[tuple[str, Span]] = set()
    words = set(makers)
    while True:
        more = {place for place, calls in called.items() if place not in found and calls & words}
        if not more:
            return frozenset(found)
        found |= more
        words |= {names[place] for place in more}


def _names_of_others(
    facts: FileFacts, files: Mapping[str, FileFacts], modules: Modules
) -> frozenset[str]:
    """Names of the library that mean something else here: a class of the project's own."""
    found = _defined(facts) & _MAKERS
    for node in walk(facts.body.statements):
        if isinstance(node, s.Imported) and node.name in _MAKERS:
            target = (
                modules.relative(node.level, node.module, facts.path)
                if node.level
                else modules.find(node.module, facts.path)
            )
            if target is not None and node.name in _defined(files[target]):
                found |= {node.alias or node.name}
    return frozenset(found)


def _defined(facts: FileFacts) -> frozenset[str]:
    """The functions and classes of a module."""
    found = set()
    for node in facts.body.statements:
        match node:
            case s.Define(function=definition) | s.DefineClass(definition=definition):
                found.add(definition.name)
    return frozenset(found)


def walk(nodes: Iterable[object]) -> Iterator[object]:
    """Statements or expressions, and all parts of them."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(node)
            continue
        yield node
        kind: type = type(node)
        for name in _holding(kind):
            child = getattr(node, name)
            if child and not isinstance(child, _LEAVES):
                stack.append(child)


def functions(facts: FileFacts) -> Iterator[tuple[s.Function, str]]:
    """All functions of a file, each with the name of the class around it."""
    stack: list[tuple[object, str]] = [(statement, "") for statement in facts.body.statements]
    while stack:
        node, owner = stack.pop()
        if isinstance(node, s.Function):
            yield node, owner
        inner = node.name if isinstance(node, s.Class) else owner
        stack.extend((child, inner) for child in children(node))


def _called(function: s.Function, others: frozenset[str]) -> Iterator[str]:
    stack = list(children(function))
    while stack:
        node = stack.pop()
        if isinstance(node, e.Call):
            name = last(node.function)
            alone = isinstance(node.function, e.Name)
            if name in _MAKERS if not alone else name not in others:
                yield name
        stack.extend(children(node))


def last(node: e.Expression) -> str:
    """The last part of a dotted name."""
    match node:
        case e.Name():
            return node.id
        case e.Attribute():
            return node.name
    return ""


def children(node: object) -> Iterator[object]:
    """The values that a value of the model is made of."""
    if isinstance(node, tuple):
        yield from node
    else:
        kind: type = type(node)
        for name in _holding(kind):
            child = getattr(node, name)
            if child is not None and not isinstance(child, _LEAVES):
                yield child


@cache
def _holding(kind: type) -> tuple[str, ...]:
    """The fields of a type that may hold others; each node of each file is asked for them."""
    return tuple(name for name in names(kind) if name != "span")
