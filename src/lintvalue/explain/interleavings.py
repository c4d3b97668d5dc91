"""How an update at a finding is lost: what two processes do, in an order that the locks allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.explain.scene import covers
from lintvalue.explain.schedule import Act, losing
from lintvalue.model.explanation import Action, Interleaving
from lintvalue.model.lean import replace
from lintvalue.model.project import Fault, Form
from lintvalue.model.trace import Origin

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from lintvalue.explain.scene import Scene
    from lintvalue.model.finding import Finding
    from lintvalue.model.span import Location
    from lintvalue.model.trace import Access, Write

_USELESS = frozenset({Fault.PRIVATE, Fault.THREAD})
# The rules that are about one form of update; all others are about any.
_FORMS = {
    "LV101": Form.AUGMENTED,
    "LV102": Form.SINGLE,
    "LV103": Form.SPLIT,
    "LV104": Form.DECIDED,
}
# What a plain store of another process writes in the drawing.
_STORED = 9


def interleaving(scene: Scene, finding: Finding) -> Interleaving | None:
    """The shortest drawing that shows a finding's fault; None for faults of another kind."""
    for write in updates(scene, finding):
        for other in _partners(scene, write):
            moves = losing(_acts(scene, write, 1), _acts(scene, other, 2))
            if moves:
                cell = _cell(scene, write)
                named = tuple(replace(move, name=move.name or cell) for move in moves)
                who = (_label(scene, write), _label(scene, other))
                return Interleaving(
                    who, cell, named, _outcome(write, other, cell, moves[-1].memory)
                )
    return None


def updates(scene: Scene, finding: Finding) -> Iterator[Write]:
    """The updates that a finding is about: at its place, or under the lock that it is about."""
    known = [
        write
        for write in scene.trace.writes
        if write.object in finding.objects and write.form is not None and write.silence is None
        if _FORMS.get(finding.code, write.form) is write.form
    ]
    here = [write for write in known if covers(finding.at, write.at)]
    made = {note.at for note in finding.notes}
    guarded = [
        write
        for write in known
        if write.function == finding.function
        and any(scene.project.locks[lock].made in made for lock in write.held)
    ]
    yield from here or guarded


def _partners(scene: Scene, write: Write) -> Sequence[Write]:
    """What can run at the same time: the same statement, then other updates, then stores."""
    others = [scene.trace.writes[index] for index in write.meets]
    return sorted(
        others,
        key=lambda one: (
            one.at != write.at,
            one.form is None,
            bool(one.held) != bool(write.held),
        ),
    )


def _cell(scene: Scene, write: Write) -> str:
    """The cell by the object's name: `hits.value`, `cells[i]`."""
    return scene.cell_name(write.object, write.cell)


def _label(scene: Scene, write: Write) -> str:
    runner = scene.runner(write.runner)
    where = f"`{write.function}`" if write.function else "the module"
    if runner.origin is Origin.UNSEEN:
        return f"a process in {where}"
    if runner.made is not None and runner.several:
        return f"one of {scene.who(write.runner, write.at)}, in {where}"
    return f"{scene.who(write.runner, write.at)}, in {where}"


def _outcome(write: Write, other: Write, cell: str, memory: int) -> str:
    if write.form is Form.DECIDED:
        return (
            f"Process 1 writes because of what it found in `{cell}` before process 2 wrote, "
            "which is no longer so."
        )
    if other.form is None:
        return f"What process 2 stored in `{cell}` is lost: it holds {memory}, which knows nothing of {_STORED}."
    return f"Both have updated `{cell}`, and it holds {memory}: the update of process 2 is lost."


# What a process does


def _acts(scene: Scene, write: Write, process: int) -> list[Act]:
    return list(_Script(scene, write, process).acts())


class _Script:
    """The actions of one process at a write."""

    def __init__(self, scene: Scene, write: Write, process: int) -> None:
        self.scene = scene
        self.write = write
        self.process = process
        self.store = self._access(write.at, stores=True)
        self.load = self._access(write.read, stores=False) if write.read else None
        self.again = self._access(write.at, stores=False) if write.form is Form.DECIDED else None

    def _access(self, at: Location, *, stores: bool) -> Access | None:
        """The load or the store at a place, by the same runner, itself or in what is called there."""
        trace, write = self.scene.trace, self.write
        reached = self.scene.touching(write.at) if at == write.at else ()
        inside = [one.access for one in reached]
        direct = [one for one in trace.accesses if one.at == at]
        fitting = (
            one
            for one in (*direct, *inside)
            if one.object == write.object
            and one.stores == stores
            and trace.activations[one.activation].runner == write.runner
        )
        return next(fitting, None)

    def acts(self) -> Iterator[Act]:
        """All of them, in the order of one process alone."""
        whole = list(self.write.held)
        form = self.write.form
        if form is None:
            whole = list(self._locks(self.store, []))
        body: list[Act] = []
        if form is not None:
            action = Action.TEST if form is Form.DECIDED else Action.LOAD
            body += self._guarded(self.load, Act(action, ""), whole)
        compute = Act(Action.COMPUTE, "")
        if form is Form.DECIDED and self.again is not None:
            inner = [*self._own(self.again, Act(Action.LOAD, "")), compute]
            stored = self._own(self.store, Act(Action.STORE, ""))
            extra = self._locks(self.store, whole)
            body += self._under(extra, [*inner, *stored])
        else:
            value = _STORED if form is None else None
            body += [] if form is None else [compute]
            body += self._guarded(self.store, Act(Action.STORE, "", value=value), whole)
        yield from self._under(whole, body)

    def _guarded(self, access: Access | None, act: Act, whole: Sequence[int]) -> list[Act]:
        return self._under(self._locks(access, whole), self._own(access, act))

    def _locks(self, access: Access | None, whole: Sequence[int]) -> list[int]:
        """The locks held at one access and not throughout."""
        held = access.held if access else ()
        found = [one.lock for one in held if one.lock is not None and one.lock not in whole]
        return list(dict.fromkeys(found))

    def _own(self, access: Access | None, act: Act) -> list[Act]:
        """An access with the object's own lock around it, unless that is held already."""
        own = self.scene.project.objects[self.write.object].lock
        if access is None or not access.own_lock or own is None:
            return [act]
        if own in self.write.held or own in self._locks(access, ()):
            return [act]
        return self._under([own], [act])

    def _under(self, locks: Sequence[int], acts: list[Act]) -> list[Act]:
        names = {lock: (self._identity(lock), self._name(lock)) for lock in locks}
        taken = [Act(Action.ACQUIRE, name, key) for key, name in names.values()]
        given = [Act(Action.RELEASE, name, key) for key, name in reversed(names.values())]
        return [*taken, *acts, *given]

    def _identity(self, lock: int) -> Hashable:
        """A lock that each process has for itself is another one in the other process."""
        return (self.process, lock) if self._is_useless(lock) else lock

    def _name(self, lock: int) -> str:
        name = self.scene.lock_name(lock)
        return f"its own {name.removeprefix('the ')}" if self._is_useless(lock) else name

    def _is_useless(self, lock: int) -> bool:
        known = self.scene.project.locks[lock]
        return not known.shared or any(
            misuse.fault in _USELESS and misuse.related == known.made
            for misuse in self.scene.project.misuses
        )
