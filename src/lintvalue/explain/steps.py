"""The instructions of a line, as `dis` of the running Python has them, with the locks taken around them.

See the module `dis` of the standard library; positions of instructions are those of PEP 657.
"""

from __future__ import annotations

import dis
import re
import sys
import warnings
from typing import TYPE_CHECKING

from lintvalue.explain.scene import covers
from lintvalue.model.explanation import Effect, Step, Taking, Touching
from lintvalue.model.span import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import CodeType

    from lintvalue.explain.scene import Reached, Scene
    from lintvalue.model.trace import Access

PYTHON = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"

_CALLS = r"CALL(?!_INTRINSIC)\w*"
_LOADS = re.compile(
    rf"LOAD_ATTR|LOAD_METHOD|BINARY_SUBSCR|BINARY_SLICE|BINARY_OP|CONTAINS_OP|{_CALLS}"
)
_STORES = re.compile(rf"STORE_ATTR|STORE_SUBSCR|STORE_SLICE|{_CALLS}")
_PROPERTY = re.compile(r"LOAD_ATTR|STORE_ATTR|LOAD_METHOD")
_MOST_ARGUMENT = 60


def steps(scene: Scene, at: Location, reached: Sequence[Reached]) -> tuple[Step, ...]:
    """The instructions of the statement at `at`; none where this Python cannot compile the file."""
    rows = scene.rows(at.path)
    code = _compiled(scene.sources[at.path].text, at.path)
    if code is None:
        return ()
    inside = [one for one in reached if covers(at, one.place)]
    told: list[Step] = []
    for body in _codes(code):
        found = [
            (instruction, Location(at.path, span))
            for instruction in dis.get_instructions(body)
            if (span := _span(instruction, rows)) is not None and at.span.encloses(span)
        ]
        touching = _touching(scene, found, inside)
        if touching or not told:
            told.extend(_without_tail(list(_told(found, touching))))
    return tuple(told)


def _told(
    found: Sequence[tuple[dis.Instruction, Location]],
    touching: Mapping[int, tuple[Touching, ...]],
) -> Iterator[Step]:
    for index, (one, place) in enumerate(found):
        yield Step(place, one.opname, _argument(one), touching.get(index, ()))


def _without_tail(told: list[Step]) -> list[Step]:
    """Without what the compiler adds behind the last statement of a loop or a function."""
    while told and re.match(r"JUMP_(BACKWARD|FORWARD)", told[-1].operation):
        told.pop()
    match told:
        case [*rest, Step(operation="LOAD_CONST", argument="None"), Step(operation="RETURN_VALUE")]:
            return rest or told
        case [*rest, Step(operation="RETURN_CONST", argument="None")]:
            return rest or told
    return told


def _compiled(text: str, path: str) -> CodeType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return compile(text, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return None


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A code object, and those of the functions and comprehensions in it."""
    yield code
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield from _codes(constant)


def _span(instruction: dis.Instruction, rows: Sequence[str]) -> Span | None:
    """Where an instruction stands, in code points; None for what has no place in the text."""
    place = instruction.positions
    if place is None or None in (
        place.lineno,
        place.end_lineno,
        place.col_offset,
        place.end_col_offset,
    ):
        return None
    first, last, start, end = place.lineno, place.end_lineno, place.col_offset, place.end_col_offset
    assert first is not None
    assert last is not None
    if not 0 < first <= last <= len(rows):
        return None
    span = Span(first, _characters(rows[first - 1], start), last, _characters(rows[last - 1], end))
    return None if (span.line, span.column) == (span.end_line, span.end_column) else span


def _characters(row: str, offset: int | None) -> int:
    return len(row.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))


def _argument(instruction: dis.Instruction) -> str:
    text = instruction.argrepr or ("" if instruction.arg is None else str(instruction.arg))
    text = re.sub(r"<code object (\S+) .*>", r"<code of \1>", " ".join(text.split()))
    return text if len(text) <= _MOST_ARGUMENT else text[: _MOST_ARGUMENT - 1] + "…"


# Which instruction makes which access


def _touching(
    scene: Scene, found: Sequence[tuple[dis.Instruction, Location]], reached: Sequence[Reached]
) -> Mapping[int, tuple[Touching, ...]]:
    touching: dict[int, dict[Touching, None]] = {}
    for one in sorted(reached, key=lambda one: one.access.stores):
        index = _index(found, one)
        if index is not None:
            touching.setdefault(index, {})[_touch(scene, one)] = None
    return {index: tuple(told) for index, told in touching.items()}


def _index(found: Sequence[tuple[dis.Instruction, Location]], reached: Reached) -> int | None:
    """The instruction that makes an access: the last one that stands where the access does."""
    wanted = _STORES if reached.access.stores or reached.functions else _LOADS
    if reached.functions:
        wanted = re.compile(_CALLS)
    same = [
        index
        for index, (one, place) in enumerate(found)
        if place == reached.place and wanted.fullmatch(one.opname)
    ]
    if same:
        return same[-1]
    name = reached.functions[0].rpartition(".")[2] if reached.functions else ""
    stores = reached.access.stores
    through = [
        index
        for index, (one, _) in enumerate(found)
        if _PROPERTY.fullmatch(one.opname)
        and one.argval == name
        and one.opname.startswith("STORE") == stores
    ]
    return through[-1] if through else None


def _touch(scene: Scene, reached: Reached) -> Touching:
    access = reached.access
    target = scene.project.objects[access.object]
    effect = Effect.STORE if access.stores else Effect.LOAD
    name = scene.cell_name(access.object, access.cell)
    lock, taking = "", Taking.FREE
    if access.own_lock and target.lock is not None:
        lock, taking = scene.lock_name(target.lock), _taking(scene, access, target.lock)
    inside = reached.functions[-1] if reached.functions else ""
    request = target.kind.startswith("Manager")
    return Touching(effect, name, lock, taking, inside, request)


def _taking(scene: Scene, access: Access, lock: int) -> Taking:
    if not any(one.lock == lock for one in access.held):
        return Taking.FREE
    return Taking.AGAIN if scene.project.locks[lock].reentrant else Taking.STUCK
