"""Names that one file has from another: the project's own counter, and what stars carry."""

from __future__ import annotations

import pytest
from fix.whole import mended

CLASS = """
from multiprocessing import Lock, RawValue
{more}

class Tally:
    def __init__(self):
        self.number = RawValue("i", 0)
        self.lock = Lock()

    def increment(self):
        with self.lock:
            self.number.value += 1

    def value(self):
        return self.number.value
"""
MAIN = """
from multiprocessing import Process, Value
{imports}

def work(hits, n):
    hits.value += 1


def main():
    hits = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(hits, 3)).start()
"""


def _main(tmp_path, folder, imports, more=""):
    files = {
        f"{folder}main.py": MAIN.format(imports=imports),
        f"{folder}counting.py": CLASS.format(more=more),
        f"{folder}other.py": "from multiprocessing import Value\n\n\ndef new():\n    return Value('i', 0)\n",
    }
    if folder:
        files[f"{folder}__init__.py"] = ""
    return mended(tmp_path, files)[0][f"{folder}main.py"]


@pytest.mark.parametrize(
    ("folder", "imports", "line"),
    [
        ("", "", "from lintvalue.runtime import Counter"),
        ("", "from other import new\n", "from counting import Tally"),
        ("app/", "from .other import new\n", "from .counting import Tally"),
        ("app/", "from app.other import new\n", "from app.counting import Tally"),
    ],
)
def test_the_own_counter_is_imported_as_the_others_are(folder, imports, line, tmp_path):
    text = _main(tmp_path, folder, imports)
    assert f"{line}\n" in text
    assert ("hits = Tally()\n" in text) is ("Tally" in line)


@pytest.mark.parametrize("more", ["import main\n", "from main import work\n", "import elsewhere\n"])
def test_no_import_goes_round_in_a_circle(more, tmp_path):
    assert "from lintvalue.runtime import Counter\n" in _main(
        tmp_path, "", "from other import new\n", more
    )


def test_a_name_that_is_taken_is_not_imported(tmp_path):
    text = _main(tmp_path, "", "Tally = 3\n")
    assert "from lintvalue.runtime import Counter\n" in text


STATE = "from multiprocessing import Value\n\nhits = Value('i', 0)\n"
STARS = """
from collections import Counter
from multiprocessing import Process
from state import *

def work(n):
    hits.value += len(Counter('ab'))

for _ in range(4):
    Process(target=work, args=(3,)).start()
"""


def test_a_star_does_not_carry_our_name_over_another(tmp_path):
    files = {"main.py": STARS, "state.py": STATE.replace("import V", "import get_context, V")}
    files["state.py"] = files["state.py"].replace("Value('i'", "get_context('fork').Value('i'")
    files["main.py"] = (
        files["main.py"]
        .replace("import Process", "import get_context")
        .replace("Process(", "get_context('fork').Process(")
    )
    after, _ = mended(tmp_path, files)
    assert "import Counter as SharedCounter\n" in after["state.py"]
    assert "from collections import Counter\n" in after["main.py"]


def test_what_a_star_of_the_library_made_is_a_counter(tmp_path):
    text = MAIN.replace("import Process, Value", "import *").format(imports="")
    after, _ = mended(tmp_path, text)
    assert "from multiprocessing import *\n\nfrom lintvalue.runtime import Counter\n" in after
    assert "hits = Counter(0)" in after


def test_a_counter_of_the_examples_is_none_of_the_package(tmp_path):
    files = {
        "app/__init__.py": "",
        "app/main.py": MAIN.format(imports="from app.other import new\n"),
        "app/other.py": "from multiprocessing import Value\n\n\ndef new():\n    return Value('i', 0)\n",
        "examples/counting.py": CLASS.format(more=""),
    }
    text = mended(tmp_path, files)[0]["app/main.py"]
    assert "from lintvalue.runtime import Counter\n" in text
