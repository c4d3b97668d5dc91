"""Names in the scopes of one file, and how what they hold gets from one scope to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.triage.slots import IMPORTED, exported, literal, member

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lintvalue.triage.sketch import Joint
    from lintvalue.triage.slots import Slot, Slots


Meanings = tuple[dict[str, int], "dict[str, tuple[Slots, int]]", set[str]]


class Scope:
    """A function's or a module's names. Which of them are its own is known at its end only."""

    def __init__(
        self, number: int, function: str, parent: Scope | None = None, owner: str = ""
    ) -> None:
        self.number = number
        self.owner = owner  # the class whose `self` can be seen
        self.function = function
        self.parent = parent
        self.parameters: set[str] = set()
        self.assigned: dict[str, int] = {}  # how often each name is
        self.unpacked: dict[str, tuple[Slots, int]] = {}  # from what, and where in it
        self.joint: list[Joint] = []
        self.own_keys: set[str] = set()  # names for what only one process has
        self.own_used: set[str] = set()
        self.defined: set[str] = set()  # by def, class and import
        self.seen: set[str] = set()
        self.changed: set[str] = set()  # something was put into what they hold
        self.declared: dict[str, Scope] = {}  # global and nonlocal
        self.imported: dict[str, str] = {}  # what names are called where they come from
        self.aliases: dict[str, str] = {}  # … or in what they are assigned from
        self.library: dict[str, str] = {}  # names of its modules, and what other names are there
        self.unmade = ""  # what is bound here in the place of an object that could not be made
        self.left: set[str] = set()  # names that nobody has bound when they were called
        self.relied: set[str] = set()  # names that have to mean what they mean in Python
        self.hidden: set[str] = set()  # what is defined before others' names are imported
        self.star = False  # names may come from other files of the project
        self.library_star = False

    def slot(self, name: str) -> Slot:
        self.seen.add(name)
        return self.number, name

    def change(self, name: str) -> Slot:
        self.changed.add(name)
        return self.slot(name)

    def assign(self, name: str) -> Slot:
        self.assigned[name] = self.assigned.get(name, 0) + 1
        return self.number, name

    def define(self, name: str) -> Slot:
        self.defined.add(name)
        return self.number, name

    def together(self, names: Sequence[str]) -> tuple[Slots, tuple[int, ...]] | None:
        """What names were unpacked from, and where they were in it, if that is one thing."""
        found = [self.unpacked[name] for name in names if name in self.unpacked]
        if not found or len(found) < len(names) or len({slots for slots, _ in found}) > 1:
            return None
        return found[0][0], tuple(index for _, index in found)

    def joined(self) -> Iterator[Joint]:
        """The calls of what surely came together with all that it is given."""
        for one in self.joint:
            if all(self.assigned[name] <= 1 for name in one.names):
                yield one

    def meanings(self) -> Meanings:
        """What names stand for so far."""
        return {**self.assigned}, {**self.unpacked}, {*self.own_keys}

    def restore(self, outer: Meanings) -> None:
        """What names stood for before those of a comprehension."""
        assigned, self.unpacked, self.own_keys = outer
        self.assigned = {name: assigned.get(name, 0) for name in self.assigned}

    def misled(self) -> bool:
        """Whether a name that was taken for what only one process has may be something else."""
        return any(self.assigned.get(name) != 1 for name in self.own_used)

    def rely(self, names: frozenset[str]) -> None:
        """Some names have to mean what they mean in Python, in this scope."""
        self.relied |= names
        if self.parent is not None:
            self.parent.rely(names)

    def rely_in_functions(self, name: str) -> None:
        """A name has to mean what it means in the module, in the functions around."""
        if self.parent is not None:
            self.relied.add(name)
            self.parent.rely_in_functions(name)

    def leaves(self, name: str) -> bool:
        """Whether a name means what it means in Python, as far as has been read; the rest is told later."""
        if name in self.assigned or name in self.defined:
            return False
        self.left.add(name)
        return self.parent is None or self.parent.leaves(name)

    def binds_left(self) -> bool:
        """Whether a name means something else that was taken for Python's own."""
        return any(name in self.assigned or name in self.defined for name in self.left)

    def renames(self) -> bool:
        """Whether one of them means something else, or may do so."""
        return bool(
            self.relied & (self.assigned.keys() | self.defined) or (self.relied and self.star)
        )

    def module(self) -> Scope:
        return self if self.parent is None else self.parent.module()

    def flows(self) -> Iterator[tuple[Slot, Slot]]:
        """What goes in and out, once all has been read."""
        yield from self._of_module() if self.parent is None else self._of_function(self.parent)
        for name in self.changed & self.imported.keys():
            yield (self.number, name), exported(self.imported[name])

    def _of_function(self, parent: Scope) -> Iterator[tuple[Slot, Slot]]:
        own = (self.assigned.keys() | self.defined) - self.declared.keys()
        bound = self.assigned.keys() | (self.defined & self.declared.keys())
        for name in (self.seen | bound) - own:
            outer = self.declared.get(name, parent).slot(name)
            yield outer, (self.number, name)
            if name in self.changed or name in self.declared:
                self.declared.get(name, parent).change(name)
                yield (self.number, name), outer

    def _of_module(self) -> Iterator[tuple[Slot, Slot]]:
        for name in self.assigned:
            yield exported(name), (self.number, name)
        for name in self.assigned.keys() | self.defined:
            yield (self.number, name), exported(name)
        for name in self.seen - self.assigned.keys() - self.defined | self.hidden:
            yield from self._from_afar(name)

    def _from_afar(self, name: str) -> Iterator[tuple[Slot, Slot]]:
        if self.star:
            yield exported(name), (self.number, name)
            yield (self.number, name), exported(name)
        if self.library_star and name in IMPORTED:
            yield literal(name), (self.number, name)


class ClassScope:
    """A class body: its names are attributes, and it reads those of the scope around it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.names: set[str] = set()

    def slot(self, name: str) -> Slot:
        return member(self._name, name)
