"""What is found is doubted, in ways that programs of the cases don't take (`findings_in` asserts it)."""

from __future__ import annotations

import pytest
from cases import doubt_in, findings_in
from triage.programs import program

from lintvalue.model.source import Source

LOCK = ("with made.get_lock():", "    made.value = 1")
ACCESSORS = (
    "@property",
    "def number(self):",
    "    return self.made.value",
    "@number.setter",
    "def number(self, number):",
    "    self.made.value = number",
)
NUMBERS = {
    "a constant": "self.own = 0",
    "a truth": "self.own = False",
    "one of several": "self.own, _ = 0, 1",
    "one or another": "self.own = 0 if self else 1",
    "a converted text": "self.own = float('3')",
    "a global": "self.own = NONE",
    "a turn of a loop": "for self.own in range(3): ...",
}


def replaced(row: str, *more: str) -> str:
    """A program in which an attribute begins as a Value and gets something else in its place."""
    return program(
        "log = Log()",
        "print(log.own.value)",
        "log.reset()",
        top=(
            "NONE = 0",
            "class Log:",
            "    def __init__(self):",
            "        self.own = Value('i', 0)",
            "    def reset(self):",
            f"        {row}",
            *(f"    {one}" for one in more),
        ),
    )


FOUND = {
    "a value of a manager's, asked for a lock": program(*LOCK, make="Manager().Value('i', 0)"),
    "a list of a manager's, asked for a lock": program(
        *LOCK[:1], "    pass", make="Manager().list()"
    ),
    "a value of a manager's, set by a method": program(
        "made.set(made.get() + 1)", make="Manager().Value('i', 0)"
    ),
    "a value of a manager's, as a number": program(
        "while not made:", "    pass", make="Manager().Value('i', 0)"
    ),
    "a dictionary of a manager of one's own": program("made['a'] += 1", make="Managing().dict()"),
    "a view of an array, asked for a lock": program(
        "with np.frombuffer(made).get_lock():", "    pass", make="Array('i', 3)"
    ),
    "a view of an array, entered": program(
        "view = np.asarray(made)", "with view:", "    pass", make="Array('i', 3)"
    ),
    "an item of an array, entered": program("with made[0]:", "    pass", make="Array(Point, 3)"),
    "what a call gives back, entered": program(
        "with same(made):",
        "    pass",
        make="RawValue('i', 0)",
        top=("def same(made):", "    return made"),
    ),
    "a field that gets an object": program("made.x = other", make="Value(Point)", other="made"),
    "a field that gets an object by its name": program(
        "setattr(made, 'x', other)", make="Value(Point)", other="Value('i', 0)"
    ),
    "an item whose field gets an object": program(
        "made[0].x = other", make="Array(Point, 3)", other="Value('i', 0)"
    ),
    "an item that gets an object": program(
        "made[0] = other", make="Array('i', 3)", other="Value('i', 0)"
    ),
    "an object with a lock that stands in second place": program(
        *LOCK, make="synchronized(Value('i', 0), Lock())"
    ),
    "an object that a partial makes with a lock": program(
        *LOCK, make="partial(Value, lock=Lock())('i', 0)"
    ),
    "a global beside a dictionary of a manager's": program(
        "print(hits.value)", top=("hits = Value('i', 0)", "rows = Manager().dict()")
    ),
    "a lock in reach, where an object is given that has none": program(
        "with lock:",
        "    print(made)",
        make="Board(None)",
        top=("lock = Lock()", "def spare():", "    return Board(lock)"),
    ),
    "a lock in reach, where something is given that a function gave back": program(
        "with lock:",
        "    print(made)",
        make="same(3)",
        top=("lock = Lock()", "def same(x):", "    return x", "same(lock)"),
    ),
    "a lock in an attribute of a function": program(
        "with held.lock:", "    print(made)", top=("def held(): ...", "held.lock = Lock()")
    ),
    "a number, by an attribute that somebody names": program(
        "Board(made).look('made')",
        methods=("def look(self, name):", "    return getattr(self, name) > 3"),
    ),
    "a lock that is nested, by an attribute that somebody names": program(
        "Board(made).hold('made')",
        make="Lock()",
        methods=(
            "def hold(self, name):",
            "    with getattr(self, name):",
            "        with getattr(self, name):",
            "            pass",
        ),
    ),
    "a lock that is kept, by an attribute that somebody names": program(
        "Board(made).hold('made', other)",
        make="Lock()",
        methods=(
            "def hold(self, name, much):",
            "    getattr(self, name).acquire()",
            "    if much:",
            "        return",
            "    getattr(self, name).release()",
        ),
    ),
    "an update by a name that somebody gives": program(
        "store(made, 'value', made.value)",
        top=("def store(made, name, last):", "    setattr(made, name, last + 1)"),
    ),
    "an update by a method that all objects have": program(
        "last = made.value", "made.__setattr__('value', last)"
    ),
    "a store of what a function of Python's makes of an array": program(
        "made[0] = max(made)", make="Array('i', 3)"
    ),
    "a lock that a property takes again": program(
        "Board(made).hold()",
        make="Lock()",
        methods=(
            "@property",
            "def size(self):",
            "    with self.made:",
            "        return 3",
            "def hold(self):",
            "    with self.made:",
            "        return self.size",
        ),
    ),
    **{
        f"a lock that a property takes again, by {way}": program(
            "Board(made).hold('size')",
            make="Lock()",
            methods=(
                "@property",
                "def size(self):",
                "    with self.made:",
                "        return 3",
                "def hold(self, name):",
                "    with self.made:",
                f"        return getattr(self, {name})",
            ),
        )
        for way, name in {"its name": "'size'", "a name that is given": "name"}.items()
    },
    "a lock that storing into an attribute takes again": program(
        "Board(made).hold()",
        make="Lock()",
        methods=(
            "@property",
            "def size(self):",
            "    return 3",
            "@size.setter",
            "def size(self, size):",
            "    with self.made:",
            "        print(size)",
            "def hold(self):",
            "    with self.made:",
            "        self.size = 3",
        ),
    ),
    "a lock that a decorated property takes again": program(
        "Board(made).hold()",
        make="Lock()",
        top=(
            "def locked(function):",
            "    def wrapper(self):",
            "        with self.made:",
            "            return function(self)",
            "    return wrapper",
        ),
        methods=(
            "@property",
            "@locked",
            "def size(self):",
            "    return 3",
            "def hold(self):",
            "    with self.made:",
            "        return self.size",
        ),
    ),
    "an update of what a setter keeps": program(
        "board = Board(None)",
        "board.one = made",
        "board._one.value += 1",
        methods=(
            "@property",
            "def one(self):",
            "    return self._one",
            "@one.setter",
            "def one(self, one):",
            "    self._one = one",
        ),
    ),
    "an update by a getter and a setter": program(
        "board = Board(made)", "board.number = board.number + 1", methods=ACCESSORS
    ),
    "an update by a getter and a setter of another name": program(
        "board = Board(made)",
        "board.other = board.number + 1",
        methods=(*ACCESSORS[:-2], "def other(self, number):", *ACCESSORS[-1:]),
    ),
    "a store that making an object does, after a test": program(
        "if made.value > 3:",
        "    Reset(made)",
        top=(
            "class Reset:",
            "    def __init__(self, made):",
            "        made.value = 0",
            "        print(1)",
        ),
    ),
    "a store that making an object of a class below does, after a test": program(
        "if made.value > 3:",
        "    Below(made)",
        top=(
            "class Reset:",
            "    def __init__(self, made):",
            "        made.value = 0",
            "        print(1)",
            "class Below(Reset):",
            "    pass",
        ),
    ),
    "a store that making an object does above, of what was read": program(
        "Below(made, made.value)",
        top=(
            "class Reset:",
            "    def __init__(self, made, number):",
            "        made.value = number",
            "class Below(Reset):",
            "    def __init__(self, made, number):",
            "        super().__init__(made, number)",
        ),
    ),
    "a store that making a record does, after a test": program(
        "if made.value > 3:",
        "    Reset(made)",
        top=(
            "@dataclass",
            "class Reset:",
            "    made: object",
            "    def __post_init__(self):",
            "        self.made.value = 0",
            "        print(1)",
        ),
    ),
    "a lock that making an object takes again": program(
        "with made:",
        "    Board(made).look()",
        "    Taker(made)",
        make="Lock()",
        top=(
            "class Taker:",
            "    def __init__(self, made):",
            "        with made:",
            "            pass",
        ),
        methods=("def look(self):", "    return self.made"),
    ),
    "a store that entering an object does, after a test": program(
        "board = Board(made)",
        "if made.value > 3:",
        "    with board:",
        "        print(1)",
        methods=(
            "def __enter__(self):",
            "    self.made.value = 0",
            "    print(1)",
            "def __exit__(self, *given):",
            "    pass",
        ),
    ),
    "a store that leaving an object does, of what entering it gave": program(
        "with Board(made) as last:",
        "    made.value = last",
        methods=(
            "def __enter__(self):",
            "    return self.made.value",
            "def __exit__(self, *given):",
            "    pass",
        ),
    ),
    "a lock that is taken by another name, and kept": program(
        "take = made.acquire",
        "take()",
        "if other:",
        "    return",
        "made.release()",
        make="Lock()",
    ),
    "a lock that is taken again by another name": program(
        "take, free = made.acquire, made.release",
        "with made:",
        "    take()",
        "    try:",
        "        print(1)",
        "    finally:",
        "        free()",
        make="Lock()",
    ),
    "an object without a lock that is asked for it by another name": program(
        "take = made.acquire", "take()", make="RawValue('i', 0)"
    ),
    "a lock that a stack enters twice": program(
        "with ExitStack() as stack:",
        "    stack.enter_context(made)",
        "    stack.enter_context(made)",
        make="Lock()",
    ),
    "an object that a partial sends": program("Pool(2).map(partial(print, made), [1])"),
    "an object in a list that is summed up": program("print(sum([made, made]))"),
    "an object in a function of another module's": program(
        "print(root(made))", top=("from math import sqrt as root",)
    ),
    "an object in a module of another name": program(
        "print(numbers.sqrt(made))", top=("import math as numbers",)
    ),
    **{f"an attribute that gets {number}": replaced(row) for number, row in NUMBERS.items()},
    "an attribute that gets an argument": replaced(
        "self.put(0)", "def put(self, own):", "    self.own = own"
    ),
    "an attribute that gets a number from outside": program(
        "board = Log()",
        "print(board.own.value)",
        "board.own = 0",
        top=("class Log:", "    def __init__(self):", "        self.own = Value('i', 0)"),
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_is_doubted(name):
    assert findings_in((Source("a.py", FOUND[name]),))


# What the kind of an object rules out, and what is no read or write, or not by whom it seems.
SOUND = {
    "a dictionary of a manager's that is tested": program(
        "while not made:", "    pass", make="Manager().dict()"
    ),
    "a dictionary of a manager's that is computed with": program(
        "print(made | {}, made == {})", make="Manager().dict()"
    ),
    "a dictionary of a manager's, asked for what may be a lock": program(
        "with made.get_lock():", "    pass", make="Manager().dict()"
    ),
    "a dictionary of a manager's that is sent": program(
        "Queue().put(made)", make="Manager().dict()"
    ),
    "a dictionary of a manager's in reach of processes": program(
        "print(rows)", make="rows", top=("rows = Manager().dict()",)
    ),
    "an array that is tested": program("while not made:", "    pass", make="Array('i', 3)"),
    "a view of an array that is computed with": program(
        "print(np.frombuffer(made.get_obj()) > 3)", make="Array('i', 3)"
    ),
    "a getter and a setter": program("Board(made).number = 1", methods=ACCESSORS),
    "a store into an attribute that is a property elsewhere": program(
        "made.number = 1", make="Value(Point)", methods=ACCESSORS
    ),
    "methods of a dictionary that are one step for the manager": program(
        "made.update(other)", "made.setdefault('a', 0)", "made.clear()", make="Manager().dict()"
    ),
    "a lock that is taken and let go by other names": program(
        "take, free = made.acquire, made.release",
        "take()",
        "try:",
        "    print(1)",
        "finally:",
        "    free()",
        make="Lock()",
    ),
    "an attribute that begins with a number": program(
        "Board(made).late()",
        methods=(
            "def __init__(self, made):",
            "    self.own = 0",
            "def late(self):",
            "    self.own = Value('i', 0)",
        ),
    ),
    "an attribute that gets a text": program(
        "Board(made).late()", methods=("def late(self):", "    self.made = 'none'")
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_doubted_in(name):
    source = Source("a.py", SOUND[name])
    assert doubt_in((source,)) == ""
    assert not findings_in((source,))
