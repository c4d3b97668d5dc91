"""Why a line is not reported, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.explain.interleavings import updates
from lintvalue.explain.lines import expressions_in
from lintvalue.explain.scene import covers
from lintvalue.explain.writers import held_names
from lintvalue.model import expressions as e
from lintvalue.model import statements as s
from lintvalue.model.project import Kind, Silence
from lintvalue.model.span import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.explain.scene import Reached, Scene
    from lintvalue.model.finding import Finding
    from lintvalue.model.project import Update
    from lintvalue.model.trace import Met

_MOST_PLACES = 6

# What stands in a `with` of these is never run.
_RAISING = frozenset({"LV205", "LV207"})

WHY = {
    Silence.ONE_WRITER: "one process alone writes it, so nothing can come between the read and the write",
    Silence.NOT_CONCURRENT: "no other process that writes it runs at that time",
    Silence.OWN_CELL: "each process updates a cell of its own",
    Silence.STOP_FLAG: "a stop flag: the constant ends the loop that polls it, and is stored in that loop",
    Silence.IDEMPOTENT: "whoever writes it writes the same constant, so it does not matter who comes first",
    Silence.UNKNOWN_LOCK: "something is held that may be a lock, but cannot be named; what is unknown is "
    "not reported",
}


def of_updates(scene: Scene, findings: Sequence[Finding]) -> Iterator[str]:
    """Why each update on the line loses nothing, or where what is wrong with it is reported."""
    for finding in findings:
        if any(covers(at, finding.at) for at in scene.at):
            continue
        if any(covers(at, write.at) for at in scene.at for write in updates(scene, finding)):
            where = scene.short(finding.at, scene.at[0].path)
            yield f"{finding.code} at {where} is about this line: {finding.message}."
    for update in scene.project.updates:
        here = any(covers(at, update.at) for at in scene.at)
        if here and not any(_is_about(scene, finding, update) for finding in findings):
            why = _raises(scene, findings) or _why(scene, update)
            yield f"`{_cell(scene, update)}`: {why}."


def _cell(scene: Scene, update: Update) -> str:
    """What is updated: an object that has one cell goes by its own name."""
    cells = {
        write.cell
        for write in scene.trace.writes
        if write.at == update.at and write.object in update.objects
    }
    kinds = {scene.project.objects[number].kind for number in update.objects}
    if len(cells) != 1 or kinds & {Kind.VALUE, Kind.RAW_VALUE, Kind.MANAGER_VALUE}:
        return update.symbol
    [cell] = cells
    return update.symbol + (cell if cell.startswith("[") else f".{cell}")


def _is_about(scene: Scene, finding: Finding, update: Update) -> bool:
    return finding.at == update.at or any(
        write.at == update.at for write in updates(scene, finding)
    )


def _raises(scene: Scene, findings: Sequence[Finding]) -> str:
    """What is said where the block around the line cannot be entered."""
    entered = {
        one.taken for reached in scene.reached for one in reached.access.held if one.lock is None
    }
    for finding in findings:
        if finding.code in _RAISING and finding.at in entered:
            where = scene.short(finding.at, scene.at[0].path)
            return f"{where} raises ({finding.code}), so this line is not reached"
    return ""


def _why(scene: Scene, update: Update) -> str:
    if update.silence is not None:
        return WHY[update.silence]
    if update.held:
        names = dict.fromkeys(f"`{scene.lock_name(lock)}`" for lock in update.held)
        verb = "are" if len(names) > 1 else "is"
        return f"{' and '.join(names)} {verb} held from the read to the write"
    held = {
        name
        for write in scene.trace.writes
        if write.at == update.at and write.object in update.objects
        for name in held_names(scene, write)
    }
    return "each way here holds a lock: " + ", ".join(sorted(held))


def of_accesses(
    scene: Scene, reached: Sequence[Reached], findings: Sequence[Finding]
) -> Iterator[str]:
    """Plain loads and stores: those that are no part of an update."""
    updates = [one for one in scene.project.updates if any(covers(at, one.at) for at in scene.at)]
    for number in sorted({one.access.object for one in reached}):
        if any(number in update.objects for update in updates):
            continue
        name = f"`{scene.object_name(number)}`"
        found = [one for one in reached if one.access.object == number]
        through = dict.fromkeys(_inside(scene, one, findings) for one in found if one.functions)
        if through:
            yield f"{name} is touched in what this line calls: {', '.join(through)}."
        elif any(one.access.stores for one in found):
            yield f"{name}: a plain store; what is written does not depend on what was there."
        else:
            yield f"{name}: a plain read; nothing is written back on this line."


def _inside(scene: Scene, reached: Reached, findings: Sequence[Finding]) -> str:
    where = scene.short(reached.access.at, scene.at[0].path)
    codes = sorted({one.code for one in findings if covers(one.at, reached.access.at)})
    where += f", {' and '.join(codes)} there" if codes else ""
    return f"`{reached.functions[-1]}` ({where})"


def of_related(scene: Scene, findings: Sequence[Finding]) -> Iterator[str]:
    """Findings elsewhere that name this line, by what they say of it."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        if any(covers(at, finding.at) for at in scene.at):
            continue
        for note in finding.notes:
            if any(covers(at, note.at) for at in scene.at):
                where = scene.short(finding.at, scene.at[0].path)
                found.setdefault(note.message, []).append(f"{finding.code} at {where}")
    for message, places in found.items():
        more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
        yield f"{message[:1].upper()}{message[1:]}: {', '.join(places[:_MOST_PLACES])}{more}."


def of_strangers(scene: Scene, statements: Sequence[s.Statement], path: str) -> Iterator[str]:
    """What looks as if it might be shared memory, and is not known to be."""
    met = {one.at: one for one in scene.trace.met}
    own = {one.place for one in scene.reached}
    through = {one.functions[0].rpartition(".")[2] for one in scene.reached if one.functions}
    for statement in statements:
        cells = tuple(_cells(statement))
        bases = {node.value for node in cells}
        for node in cells:
            place, base = Location(path, node.span), Location(path, node.value.span)
            cell = met.get(place)
            if place in own or _name(node) in through or (base in met and met[base].objects):
                continue
            if cell is not None and cell.objects:
                if node not in bases:
                    yield _itself(scene, cell)
            else:
                yield _stranger(scene, base, met.get(base))


def _name(node: e.Attribute | e.Subscript) -> str:
    return node.name if isinstance(node, e.Attribute) else "__getitem__"


def _itself(scene: Scene, cell: Met) -> str:
    others = f"; it may also be {_listed(cell.others)}" if cell.others else ""
    return (
        f"`{scene.code(cell.at)}` is the object itself, not what is in it: its memory is not written "
        f"here{others}."
    )


def _stranger(scene: Scene, at: Location, known: Met | None) -> str:
    text = scene.code(at)
    if known is None:
        return f"`{text}`: nothing in sight comes by here, so it is not known what it is."
    if not (known.locks or known.others):
        return f"`{text}`: nothing in sight gives it a value, so it is not known what it is."
    if "something unknown" in known.others:
        return (
            f"`{text}` may be anything: where it comes from is not in sight, and what is unknown is not "
            "reported."
        )
    return f"`{text}` is no shared memory: it is {_listed(known.others)}."


def _listed(words: Sequence[str]) -> str:
    return " or ".join(words) or "a lock"


def _cells(statement: s.Statement) -> Iterator[e.Attribute | e.Subscript]:
    """What is changed or read as shared memory would be: `x.value`, and the targets `x[k]`, `x.a`."""
    targets: tuple[e.Expression, ...] = ()
    match statement:
        case s.Augment():
            targets = (statement.target,)
        case s.Assign():
            targets = tuple(one for one in statement.targets if isinstance(one, e.Subscript))
    found = dict.fromkeys(
        node
        for node in (*targets, *expressions_in(statement))
        if isinstance(node, (e.Attribute, e.Subscript))
        and (node in targets or (isinstance(node, e.Attribute) and node.name == "value"))
    )
    yield from found
