"""An explanation as one JSON object. Rows and columns count from 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lintvalue.report.entry import finding_entry, where

if TYPE_CHECKING:
    from lintvalue.model.explanation import (
        Explanation,
        Hop,
        Interleaving,
        ObjectStory,
        Running,
        Step,
        Taken,
        Told,
        Writer,
    )
    from lintvalue.report.entry import Json


def render(told: Explanation, *, colour: bool = False) -> str:  # noqa: ARG001 - for machines
    return json.dumps(_entry(told), indent=2) + "\n"


def _entry(told: Explanation) -> dict[str, Json]:
    return {
        "filename": told.path,
        "row": told.line,
        "function": told.function,
        "statements": [where(at) for at in told.at],
        "verdict": told.verdict.value,
        "reasons": list(told.reasons),
        "findings": [_told(one) for one in told.findings],
        "objects": [_object(one) for one in told.objects],
        "locks": [_taken(one) for one in told.locks],
        "held": [_taken(one) for one in told.held],
        "python": told.python,
        "steps": [_step(one) for one in told.steps],
        "interleaving": None if told.interleaving is None else _interleaving(told.interleaving),
    }


def _told(one: Told) -> Json:
    return {**finding_entry(one.finding), "kept_back": one.kept_back or None}


def _object(one: ObjectStory) -> Json:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "made": where(one.made),
        "by_annotation": one.by_annotation,
        "lock": one.lock,
        "touched": list(one.touched),
        "way": [_hop(hop) for hop in one.way],
        "running": [_running(running) for running in one.running],
        "writers": [_writer(writer) for writer in one.writers],
        "other_writers": [_writer(writer) for writer in one.other_writers],
    }


def _hop(one: Hop) -> Json:
    return {**where(one.at), "what": one.what, "code": one.code}


def _running(one: Running) -> Json:
    return {
        "who": one.who,
        "made": None if one.made is None else where(one.made),
        "several": one.several,
        "calls": [_hop(hop) for hop in one.calls],
        "held": [_taken(lock) for lock in one.held],
    }


def _taken(one: Taken) -> Json:
    return {
        "name": one.name,
        "kind": None if one.kind is None else one.kind.value,
        "made": None if one.made is None else where(one.made),
        "shared": one.shared,
        "taken": where(one.at),
    }


def _writer(one: Writer) -> Json:
    return {
        **where(one.at),
        "cell": one.cell,
        "function": one.function,
        "code": one.code,
        "who": one.who,
        "when": one.when,
        "read": None if one.read is None else where(one.read),
        "held": list(one.held),
        "here": one.here,
        "meets": one.meets,
    }


def _step(one: Step) -> Json:
    return {
        **where(one.at),
        "operation": one.operation,
        "argument": one.argument,
        "touching": [
            {
                "effect": touching.effect.value,
                "name": touching.name,
                "lock": touching.lock or None,
                "taking": touching.taking.value if touching.lock else None,
                "inside": touching.inside or None,
                "request": touching.request,
            }
            for touching in one.touching
        ],
    }


def _interleaving(one: Interleaving) -> Json:
    return {
        "processes": list(one.processes),
        "cell": one.cell,
        "moves": [
            {
                "process": move.process,
                "action": move.action.value,
                "name": move.name,
                "value": move.value,
                "memory": move.memory,
            }
            for move in one.moves
        ],
        "outcome": one.outcome,
    }
