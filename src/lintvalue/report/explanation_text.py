"""An explanation for people: what the line touches, who else does, and how an update is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.explanation import Action, Taking, Verdict
from lintvalue.report.columns import drawn
from lintvalue.report.escape import one_line, printable
from lintvalue.report.paint import Painter
from lintvalue.report.place import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lintvalue.model.explanation import (
        Explanation,
        Hop,
        ObjectStory,
        Running,
        Step,
        Taken,
        Touching,
        Writer,
    )

_MOST_ROWS = 12
_MOST_WRITERS = 20
_MOST_NOTES = 4
_MOST_OBJECTS = 3
_WIDTH = 160

_VERDICTS = {
    Verdict.SAFE: "Not reported.",
    Verdict.NOTHING: "Not reported: no shared object is known to be on this line.",
}


def render(told: Explanation, *, colour: bool = False) -> str:
    painter = Painter(on=colour)
    parts = [
        list(_head(told, painter)),
        list(_verdict(told, painter)),
        *(list(_object(one, painter)) for one in told.objects[:_MOST_OBJECTS]),
        list(_more_objects(told)),
        list(_locks(told, painter)),
        list(_steps(told, painter)),
        list(_interleaving(told, painter)),
    ]
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts if part)


def _head(told: Explanation, painter: Painter) -> Iterator[str]:
    where = f"{one_line(told.path)}:{told.line}"
    inside = f" in `{told.function}`" if told.function else ""
    yield f"{painter.bold(where)}{printable(inside)}"
    gutter = len(str(told.rows[-1][0])) if told.rows else 1
    for row, text in told.rows[:_MOST_ROWS]:
        yield painter.dim(f"{row:>{gutter}} |") + " " + printable(_cut(text))
    if len(told.rows) > _MOST_ROWS:
        yield painter.dim(" " * gutter + " ...")


def _verdict(told: Explanation, painter: Painter) -> Iterator[str]:
    for one in told.findings:
        code = painter.code(one.finding.code, one.finding.severity)
        yield f"{code} {one_line(one.finding.message)}"
        for note in one.finding.notes[:_MOST_NOTES]:
            yield f"  {painter.dim('=')} {place(note.at)}: {one_line(note.message)}"
        if one.kept_back:
            yield f"  {painter.dim('=')} not reported: {printable(one.kept_back)}"
    if told.verdict in _VERDICTS:
        yield painter.bold(_VERDICTS[told.verdict])
    yield from (f"  {printable(reason)}" for reason in told.reasons)
    if told.held and not any(one.running for one in told.objects):
        yield f"  Held here: {', '.join(map(_held, told.held))}."


# Objects


def _object(one: ObjectStory, painter: Painter) -> Iterator[str]:
    touched = f" ({', '.join(one.touched)} here)" if one.touched else ""
    yield painter.bold(f"`{printable(one.name)}`: {_a(one.kind)}{printable(touched)}")
    yield f"  It has {printable(one.lock)}."
    yield "  How it gets here:"
    yield from _hops(one.way)
    if one.running:
        yield "  Who runs this line:"
        for running in one.running:
            yield from _running(running)
    yield "  Who writes it:" if one.writers else "  Nothing in sight writes it."
    yield from _writers(one.writers[:_MOST_WRITERS])
    if one.other_writers:
        yield f"    Other cells of it are written in {len({x.at for x in one.other_writers})} more places."
    if len(one.writers) > _MOST_WRITERS:
        yield f"    ... and {len(one.writers) - _MOST_WRITERS} more"


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'AEIOU' else 'a'} {noun}"


def _more_objects(told: Explanation) -> Iterator[str]:
    """Those that are not told in full, by where they are made."""
    more = told.objects[_MOST_OBJECTS:]
    if more:
        yield f"{len(more)} more objects come here (`--output-format json` tells all of them):"
    yield from (f"  {place(one.made)}: `{printable(one.name)}`, {_a(one.kind)}" for one in more)


def _hops(hops: Iterable[Hop]) -> Iterator[str]:
    for hop in hops:
        yield f"    {place(hop.at)}: {printable(hop.what)}"
        yield f"        {printable(_cut(hop.code))}"


def _running(one: Running) -> Iterator[str]:
    several = ", several at a time" if one.several else ""
    held = ", ".join(map(_held, one.held)) or "no lock"
    yield f"    {printable(one.who)}{several}; held: {held}"
    for hop in one.calls:
        yield f"      {place(hop.at)}: {printable(hop.what)}: {printable(_cut(hop.code))}"


def _held(one: Taken) -> str:
    if one.kind is None:
        return f"{one.name} (taken at {place(one.at)})"
    alone = "" if one.shared else ", which keeps out no other process"
    return f"`{printable(one.name)}` (taken at {place(one.at)}{alone})"


def _writers(writers: Iterable[Writer]) -> Iterator[str]:
    """Each statement once, with all who run it."""
    at = None
    for one in writers:
        if one.at != at:
            at = one.at
            here = " (this line)" if one.here else ""
            yield f"    {place(one.at)}: {printable(_cut(one.code))}{here}"
        yield from _writer(one)


def _writer(one: Writer) -> Iterator[str]:
    held = " and ".join(one.held) or "no lock"
    what = f"{_what(one)} {held}{' over both' if _is_split(one) else ''}"
    meets = "; never while this line writes" if one.meets is False and not one.here else ""
    yield f"        {printable(one.who)}, {printable(one.when)}: {printable(what)}{meets}"


def _what(one: Writer) -> str:
    if one.read is None:
        return "stores under"
    if _is_split(one):
        return f"writes what it read or checked at row {one.read.span.line}, under"
    return "reads and writes back under"


def _is_split(one: Writer) -> bool:
    """Whether the read stands in another row of the same file."""
    return (
        one.read is not None
        and one.read.path == one.at.path
        and not one.at.span.line <= one.read.span.line <= one.at.span.end_line
    )


def _locks(told: Explanation, painter: Painter) -> Iterator[str]:
    if told.locks and not told.objects:
        yield painter.bold("Locks on this line")
        for one in told.locks:
            made = f", made at {place(one.made)}" if one.made else ""
            alone = "" if one.shared else "; it keeps out no other process"
            yield f"  `{printable(one.name)}`: {_a(str(one.kind))}{made}{alone}"


# Steps


def _steps(told: Explanation, painter: Painter) -> Iterator[str]:
    if not told.steps:
        return
    yield painter.bold(f"Step by step ({told.python})")
    width = max(len(step.operation) for step in told.steps)
    rows = {step.at.span.line for step in told.steps}
    margin = len(str(max(rows))) + 2 if len(rows) > 1 else 0
    row = None
    for step in told.steps:
        new = "" if step.at.span.line == row or not margin else str(step.at.span.line)
        row = step.at.span.line
        first, *others = _step(step, width, painter)
        yield f"  {new:<{margin}}{first}"
        yield from (f"  {'':<{margin}}{line}" for line in others)


def _step(step: Step, width: int, painter: Painter) -> Iterator[str]:
    locks = tuple(dict.fromkeys(one.lock for one in step.touching if one.lock))
    line = f"{step.operation:<{width}}  {printable(step.argument)}".rstrip()
    around = locks[0] if len(step.touching) == 1 and locks and not step.touching[0].inside else ""
    taking = step.touching[0].taking if around else Taking.FREE
    if around:
        yield painter.dim(f"#<-- {printable(around)} {taking}")
    told = "; ".join(dict.fromkeys(map(_touching, step.touching)))
    yield f"{line:<{width + 18}}  {painter.dim('# ' + printable(told))}" if told else line
    if around and taking is not Taking.STUCK:
        yield painter.dim(f"#<-- {printable(around)} released")


def _touching(one: Touching) -> str:
    request = " (one request to the manager's process)" if one.request else ""
    by = f"`{one.inside}` " if one.inside else ""
    return f"{by}{one.effect}s {one.name}{request}"


def _interleaving(told: Explanation, painter: Painter) -> Iterator[str]:
    if told.interleaving is None:
        return
    one = told.interleaving
    yield painter.bold("How an update is lost")
    for number, who in enumerate(one.processes, 1):
        yield f"  process {number}: {printable(who)}"
    yield ""
    yield from (f"  {printable(line)}".rstrip() for line in drawn(one))
    yield ""
    if any(move.action is Action.COMPUTE for move in one.moves):
        yield "  Each update is drawn as + 1."
    yield f"  {printable(one.outcome)}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
