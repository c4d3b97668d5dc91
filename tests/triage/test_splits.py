"""Reads and writes of one cell, in one critical section or not, as triage sees them."""

from __future__ import annotations

import pytest
from cases import doubt_in, findings_in
from triage.programs import program

from lintvalue.model.source import Source

DICT = "Manager().dict()"
WITH = "with made.get_lock():"
STORE = ("        made.value = 7", "        print(1)")


def helped(*rows: str, body: tuple[str, ...] = (), make: str = "Value('i', 0)") -> str:
    """A program with a function `look(made)`, which `work` calls before it stores."""
    body = body or ("look(made)", WITH, "    made.value = 7", "    print(1)")
    top = ("def look(made):", *(f"    {row}" for row in rows))
    return program(*body, top=top, make=make)


FOUND = {
    "a store in its own section, and one of the same by a function": program(
        WITH,
        "    last = made.value",
        "    made.value = last + 1",
        "store(made, last)",
        top=("def store(made, last):", "    made.value = last"),
    ),
    "a store of what the turn before has read": program(
        "last = 0", "while True:", f"    {WITH}", "        made.value = last", "        last = made.value"
    ),
    "a store of what some turn before has read": program(
        "last = 0",
        "while True:",
        f"    {WITH}",
        "        if other:",
        "            last = made.value",
        "        made.value = last",
    ),
    "a store that what the turn before has read decides": program(
        "last = 0",
        "while True:",
        f"    {WITH}",
        "        if last > 3:",
        "            made.value = 0",
        "            print(1)",
        "        last = made.value",
    ),
    "a store of what a test of the turn before has kept": program(
        "last = 0",
        "while True:",
        f"    {WITH}",
        "        made.value = last",
        "        if (last := made.value) > 3:",
        "            print(1)",
    ),
    "a section whose lock a function gives up": program(
        WITH,
        "    last = made.value",
        "    free(made)",
        "    made.value = last",
        top=("def free(made):", "    made.get_lock().release()"),
    ),
    "a section that waits": program(
        "changed = Condition(made.get_lock())",
        WITH,
        "    last = made.value",
        "    changed.wait()",
        "    made.value = last",
    ),
    "a function that returns one constant or another": helped(
        "if made.value < 3:",
        "    return True",
        "return False",
        body=("if look(made):", f"    {WITH}", *STORE),
    ),
    "a function that raises": helped("if made.value < 3:", "    raise ValueError"),
    "a function that asserts": helped("assert made.value < 3"),
    "a function that waits": helped("while made.value > 3:", "    pass"),
    "a function that matches": helped("match made.value:", "    case _:", "        pass"),
    "a store of what was looked at in the turn before": program(
        "last = 0",
        "for _ in range(3):",
        f"    {WITH}",
        "        made.value = last",
        "    last = made.value",
    ),
    "a store after a look at what a function has stored": helped(
        "made.value = 0", "return made.value", body=("last = look(made)", "made.value = last + 1")
    ),
    "a store after a look in a comprehension": program(
        "[put(made, look(made)) for _ in range(3)]",
        top=("def look(made):", "    return made.value", "def put(made, last):", "    made.value = last"),
    ),
    "a store by a nested function that nobody calls": program(
        "if made.value > 3:",
        "    raise ValueError",
        "def later():",
        "    made.value = 0",
        "    print(1)",
        "return later",
    ),
    "a test again, of another object": program(
        "if made.value == 0:", f"    {WITH}", "        if other.value == 0:", *(f"    {row}" for row in STORE),
        other="Value('i', 0)",
    ),
    "a test again that may come out by something else": program(
        "if made.value == 0:", f"    {WITH}", "        if made.value == 0 or other:",
        *(f"    {row}" for row in STORE),
    ),
    "a test again, and a store behind it": program(
        "if made.value == 0:",
        f"    {WITH}",
        "        if made.value == 0:",
        "            print(1)",
        f"    {WITH}",
        *STORE,
    ),
    "a test again, and a store of what was read before": program(
        "last = made.value",
        "if last == 0:",
        f"    {WITH}",
        "        if made.value == 0:",
        "            made.value = last + 1",
    ),
    "a test again, and a store of what the first one has kept": program(
        "if (last := made.value) == 0:",
        f"    {WITH}",
        "        if made.value == 0:",
        "            made.value = last + 1",
    ),
    "a store of what is kept in a tuple": program(
        "board = Board(made)", "board.keep()", "board.store()", methods=(
            "def keep(self):", "    pair = (self.made.value, 1)", "    self.pair = pair",
            "def store(self):", "    self.made.value = self.pair[0] + 1",
        )
    ),
    "a store of what is kept in a tuple in a list": program(
        "board = Board(made)", "board.keep()", "board.store()", methods=(
            "rows = []",
            "def keep(self):", "    last = self.made.value", "    self.rows.append((last, 1))",
            "def store(self):", "    for last, _ in self.rows:", "        self.made.value = last",
        )
    ),
    "a store of what is kept among the rest of the arguments": program(
        "board = Board(made)", "board.look()", "board.store()", methods=(
            "def look(self):", "    self.keep(self.made.value)",
            "def keep(self, *given):", "    self.given = given",
            "def store(self):", "    self.made.value = self.given[0] + 1",
        )
    ),
    "a store of what is kept in a partial": program(
        "board = Board(made)", "board.keep()", "board.later()", methods=(
            "def keep(self):", "    self.later = partial(self.store, self.made.value)",
            "def store(self, last):", "    self.made.value = last + 1",
        )
    ),
    "a store of what a thread is given": program(
        "last = abs(made.value)",
        "Thread(target=store, args=(made, last)).start()",
        top=("def store(made, last):", "    made.value = last"),
    ),
    "a key that is written after it was read": program(
        "last = made['a']", "made['a'] = last", make=DICT
    ),
    "a key that is written after all were read": program(
        "last = made.items()", "made['a'] = last", make=DICT
    ),
    "a key that is written after it was asked for": program(
        "if 'a' not in made:", "    made['a'] = 3", "    print(1)", make=DICT
    ),
    "a key that is written after a test which raises": program(
        "if other or 'a' in made:", "    raise ValueError", "made['a'] = 3", "print(1)", make=DICT
    ),
    "a key that is written after a test which raises and keeps": program(
        "if other and (last := made['a']):", "    raise ValueError", "made['a'] = last", make=DICT
    ),
    "a key that is written after it was read by a method": program(
        "last = made.get(key='a')", "made['a'] = last", make=DICT
    ),
    "a number that is written after it was read by a method": program(
        "last = made.get()", "made.set(last)", make="Manager().Value('i', 0)"
    ),
    "a key of one's own that is written after it was read, beside any other": program(
        "key = getpid()", "last = made[key]", "made[key] = last + 1", "other[3] = 1",
        make="Array('i', 10)", other="made",
    ),
    "a key that is written after a test which returns": program(
        "if other or 'a' in made:", "    return", "made['a'] = 3", "print(1)", make=DICT
    ),
    "a key that is written where a test has led": program(
        "if other and 'a' in made:", "    return put(made)", make=DICT,
        top=("def put(made):", "    made['a'] = 3", "    print(1)"),
    ),
    "a key that is written after a loop which a test ends": program(
        "while True:", "    if other and 'a' in made:", "        break", "made['a'] = 3", "print(1)", make=DICT
    ),
    "a key that is written after a function has looked": helped(
        "if input() and 'a' in made:", "    return True", "return False",
        body=("if look(made):", "    made['a'] = 3", "    print(1)"), make=DICT,
    ),
    "an item's field that is written after all items were read": program(
        "last = list(made)", "made[0].x = last", make="Array(Point, 3)"
    ),
    "an attribute that is written after it was read": program(
        "last = made.x", "made.x = last", make="Manager().Namespace()"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_is_doubted(name):
    assert findings_in((Source("a.py", FOUND[name]),))


SOUND = {
    "a test before the section, and again in it": program(
        "if made.value == 0:", f"    {WITH}", "        if made.value == 0:", *(f"    {row}" for row in STORE)
    ),
    "a test before the section, and in a loop in it": program(
        "while made.value == 0:", f"    {WITH}", "        if made.value == 0:",
        *(f"    {row}" for row in STORE),
    ),
    "a read and a store in each turn": program(
        "while True:", f"    {WITH}", "        last = made.value", "        made.value = last + 1"
    ),
    "a store, and a look behind it": program("made.value = 1", "print(made.value)"),
    "a store, and a look by a function behind it": helped(
        "if made.value > 3:", "    raise ValueError", body=("made.value = 7", "look(made)")
    ),
    "a loop with a store, and a look behind it": program(
        "for number in range(3):", "    made.value = number", "while made.value:", "    print(1)"
    ),
    "an object with a method of its own for a lock": program(
        "Board(made).hold()", make="3", methods=(
            "def get_lock(self):", "    return self.made",
            "def hold(self):", "    with self.get_lock():", "        self.value += 1",
        ),
    ),
    "a function that reads and comes back anyhow": helped("if made.value > 3:", "    print(1)"),
    "a read that is kept as it is": program(
        "board = Board(made)", "board.keep()", "board.store()", methods=(
            "def keep(self):", "    self.last = self.made.value",
            "def store(self):", "    self.made.value = self.last + 1",
        )
    ),
    "a tuple that is kept, and a read beside it": program(
        "board = Board(made)", "board.keep()", "board.store()", methods=(
            "def keep(self):", "    self.pair = (1, self.made)", "    self.last = self.made.value",
            "def store(self):", "    self.made.value = 3",
        )
    ),
    "another key": program("made['a'] = made['b']", make=DICT),
    "another attribute": program("made.x = made.y", make="Manager().Namespace()"),
    "a test that raises only if something else is so": program(
        "if other and 'a' in made:", "    raise ValueError", "made['a'] = 3", "print(1)", make=DICT
    ),
    "a test that returns only if something else is so": program(
        "if other and made.get('a'):", "    return True", "made['a'] = 3", "print(1)", make=DICT
    ),
    "a test that goes on only if something else is so": program(
        "for _ in range(3):", "    if other and made.get('a'):", "        continue", "    made['a'] = 3",
        "    print(1)", make=DICT,
    ),
    "another key, by a method": program("made['a'] = made.get('b')", make=DICT),
    "keys that are gone through": program(
        "for key in made:", "    made[key] = 3", make=DICT
    ),
    "a key that is deleted": program("if 'a' in made:", "    del made['a']", make=DICT),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_doubted_in(name):
    source = Source("a.py", SOUND[name])
    assert doubt_in((source,)) == ""
    assert not findings_in((source,))
