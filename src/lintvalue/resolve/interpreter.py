"""Runs the project on sets of possible values: every path once, every call with what it is called with.

The interpreter owns nothing but the order of things; what each kind of expression, statement, call,
lock and launch means stands in the module of that name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.resolve.accesses import Accesses
from lintvalue.resolve.activations import Activations
from lintvalue.resolve.alike import Alike
from lintvalue.resolve.annotations import Annotations
from lintvalue.resolve.arguments import Passing
from lintvalue.resolve.builtins import Builtins
from lintvalue.resolve.calls import Calls
from lintvalue.resolve.declarations import Declarations
from lintvalue.resolve.definitions import Definitions
from lintvalue.resolve.expressions import Expressions
from lintvalue.resolve.launches import Launches
from lintvalue.resolve.locking import Locking
from lintvalue.resolve.making import Making
from lintvalue.resolve.names import Names
from lintvalue.resolve.records import Records
from lintvalue.resolve.releases import Releases
from lintvalue.resolve.results import Results
from lintvalue.resolve.sending import Sending
from lintvalue.resolve.state import Context, Frame, State
from lintvalue.resolve.statements import Statements
from lintvalue.resolve.updates import Updates
from lintvalue.resolve.wrappers import Wrappers

if TYPE_CHECKING:
    from collections.abc import Hashable

    from lintvalue.model.span import Location
    from lintvalue.model.statements import Block
    from lintvalue.resolve.values import Instance
    from lintvalue.resolve.world import World

# One unit is one expression or statement. A project of 100 candidate files takes about half of it
# for each round; what takes more is not entered any more, so that updates may be missed.
BUDGET = 1_200_000


class Interpreter:
    """The parts, and what they share while they run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.loops: tuple[Location, ...] = ()
        self.root = 0
        self.made_up: set[Instance] = set()
        self.serial = 0
        self.steps = 0
        self.names = Names(self)
        self.expressions = Expressions(self)
        self.statements = Statements(self)
        self.definitions = Definitions(self)
        self.accesses = Accesses(self)
        self.records = Records(self)
        self.updates = Updates(self)
        self.calls = Calls(self)
        self.passing = Passing(self)
        self.activations = Activations(self)
        self.annotations = Annotations(self)
        self.declarations = Declarations(self)
        self.making = Making(self)
        self.builtins = Builtins(self)
        self.locking = Locking(self)
        self.releases = Releases(self)
        self.wrappers = Wrappers(self)
        self.results = Results(self)
        self.launches = Launches(self)
        self.sending = Sending(self)
        self.alike = Alike(world)

    def next(self) -> int:
        """A number that no section, frame or statement has had yet."""
        self.serial += 1
        return self.serial

    def frame_id(self, key: Hashable) -> int:
        """The same number for the same activation, in every round."""
        return self.world.frame_ids.setdefault(key, len(self.world.frame_ids))

    @property
    def exhausted(self) -> bool:
        """Whether the project is too large to go on entering calls."""
        return self.steps > BUDGET

    def module(self, path: str, body: Block, *, context: Context) -> None:
        """Run a module's body."""
        frame = Frame(
            id=self.frame_id(("module", path)),
            serial=self.next(),
            path=path,
            qualified="",
            context=context,
            state=State({}),
            kind="module",
        )
        self.world.frames[frame.id] = frame
        self.statements.block(frame, body)
        self.definitions.leftover(frame)
