"""Annotations follow their objects, and no others do."""

from __future__ import annotations

import pytest
from fix.whole import TAIL, mended

from lintvalue.model.edit import Style

HEAD = """\
from __future__ import annotations

from multiprocessing import Process, Value
from multiprocessing.sharedctypes import Synchronized
"""
AFTER = """\
from __future__ import annotations

from multiprocessing import Process, Value

from lintvalue.runtime import Counter
"""
HEAT = "heat: Synchronized[float] = Value('d', 0.0)\n"


def _mended(tmp_path, body, **options):
    text = HEAD + body + TAIL.format(args="v, 3")
    return mended(tmp_path, text, fix_style=Style.COUNTER, **options)


def _program(declared, more=""):
    return f"""{more}

def work(v: {declared}, n: int) -> None:
    v.value += 1


v = Value("i", 0)
"""


@pytest.mark.parametrize(
    ("declared", "after"),
    [
        ("Synchronized", "Counter"),
        ("Synchronized[int]", "Counter"),
        ('"Synchronized[int]"', '"Counter"'),
        ("'Synchronized'", "'Counter'"),
        ("Synchronized[int] | None", "Counter | None"),
        ("'Synchronized[int] | None'", "'Counter | None'"),
        ("'dict[str, int] | Synchronized[int]'", "'dict[str, int] | Counter'"),
    ],
)
def test_the_type_is_replaced_and_its_import_goes(declared, after, tmp_path):
    text, reasons = _mended(tmp_path, _program(declared))
    assert f"def work(v: {after}, n: int) -> None:\n    v.increment()\n" in text
    assert "Synchronized" not in text
    assert reasons == []


def test_another_object_keeps_its_type_and_the_import(tmp_path):
    text, _ = _mended(tmp_path, _program("Synchronized[int]", HEAT))
    assert HEAT in text
    assert "import Synchronized\n" in text
    assert "def work(v: Counter, n: int)" in text


@pytest.mark.parametrize("declared", ["object", "Any", "int", "'Tally'"])
def test_what_says_nothing_of_it_stays(declared, tmp_path):
    text, _ = _mended(tmp_path, _program(declared))
    assert f"def work(v: {declared}, n: int) -> None:\n    v.increment()\n" in text


@pytest.mark.parametrize(
    "asked",
    [
        "def is_one(x):\n    return isinstance(x, Synchronized)\n",
        "Shared = Synchronized[int]\n",
        "TYPES = ['Synchronized']\n",
    ],
)
def test_a_type_that_may_be_asked_for_is_no_counter(asked, tmp_path):
    text, (reason,) = _mended(tmp_path, _program("Synchronized[int]", asked))
    assert text == HEAD + _program("Synchronized[int]", asked) + TAIL.format(args="v, 3")
    assert "may be asked for" in reason


FOR_TYPES = """\
from multiprocessing import Process, Value
from typing import TYPE_CHECKING{more}

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized{other}


def work(v: "Synchronized[int]", n: int) -> None:
    v.value += 1


v = Value("i", 0)
"""


@pytest.mark.parametrize(
    ("more", "other", "typing"),
    [
        ("", "", ""),
        (", Any", "", "from typing import Any\n"),
        (
            "",
            ", SynchronizedArray",
            "from typing import TYPE_CHECKING\n",
        ),
    ],
)
def test_what_only_types_needed_goes_with_it(more, other, typing, tmp_path):
    text, _ = mended(tmp_path, FOR_TYPES.format(more=more, other=other) + TAIL.format(args="v, 3"))
    head = text.partition("def work")[0]
    block = (
        "if TYPE_CHECKING:\n    from multiprocessing.sharedctypes import SynchronizedArray\n\n\n"
    )
    counter = "from lintvalue.runtime import Counter\n"
    gap = "\n" if typing else ""
    assert head == (
        f"from multiprocessing import Process\n{typing}{gap}{counter}\n{'' if other else chr(10)}"
        + (block if other else "")
    )


FIELDS = {
    "main.py": """
        from multiprocessing import Process, Value

        from parts import Part, work

        part = Part(Value("i", 0), {"a": Value("i", 1)}, Value("d", 0.0))
        if __name__ == "__main__":
            for _ in range(4):
                Process(target=work, args=(part,)).start()
    """,
    "parts.py": """
        from __future__ import annotations

        from dataclasses import dataclass
        from typing import TYPE_CHECKING, Iterator

        if TYPE_CHECKING:
            from multiprocessing.sharedctypes import Synchronized


        @dataclass
        class Part:
            made: Synchronized[int]
            by_name: dict[str, Synchronized[int]]
            heat: Synchronized[float]

            def all(self) -> Iterator[Synchronized[int]]:
                yield self.made
                yield from self.by_name.values()


        def both(part: Part) -> tuple[Synchronized[int], Synchronized[float]]:
            return part.made, part.heat


        def work(part: Part) -> None:
            both(part)
            for one in part.all():
                one.value += 1
    """,
}


def test_fields_containers_and_results_are_told_apart(tmp_path):
    after, reasons = mended(tmp_path, FIELDS)
    assert reasons == []
    text = after["parts.py"]
    assert (
        "    made: Counter\n    by_name: dict[str, Counter]\n    heat: Synchronized[float]\n"
        in text
    )
    assert "def all(self) -> Iterator[Counter]:" in text
    assert "def both(part: Part) -> tuple[Counter, Synchronized[float]]:" in text
    assert (
        "    from multiprocessing.sharedctypes import Synchronized\n\n"
        "    from lintvalue.runtime import Counter\n"
    ) in text


EXPORTED = """\
from multiprocessing import Process, Value
from multiprocessing.sharedctypes import Synchronized

__all__ = ["work"]


def work(v: "Synchronized[int]", n: int) -> None:
    v.value += 1


v = Value("i", 0)
""" + TAIL.format(args="v, 3")


def test_a_type_that_others_may_rely_on_changes_only_if_that_is_wanted(tmp_path):
    text, (reason,) = mended(tmp_path, EXPORTED, fix_style=Style.COUNTER)
    assert text == EXPORTED
    assert "`work` stands in `__all__`" in reason
    text, _ = mended(tmp_path, EXPORTED, fix_style=Style.COUNTER, unsafe=True)
    assert 'def work(v: "Counter", n: int)' in text
