"""`lintvalue vendor`: one file, of the standard library alone, that does what the runtime does."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter

import pytest

import lintvalue
from lintvalue import runtime
from lintvalue.cli import main
from lintvalue.run.vendor import vendored

PROGRAM = """\
import multiprocessing
import counters


def work(hits):
    for _ in range(200):
        hits.increment()


def main():
    hits = counters.Counter(3)
    workers = [multiprocessing.Process(target=work, args=(hits,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(counters.__version__, hits.value())


if __name__ == "__main__":
    main()
"""


def test_a_program_counts_with_it_and_without_us(tmp_path):
    assert main(["vendor", str(tmp_path / "counters.py")]) == 0
    (tmp_path / "main.py").write_text(PROGRAM)
    # -S: no site-packages, where lintvalue is installed
    done = subprocess.run(
        [sys.executable, "-S", "main.py"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == [lintvalue.__version__, "603"]


def test_it_has_all_that_the_runtime_has_and_imports_the_standard_library_alone():
    tree = ast.parse(vendored())
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else _names(node))
    }
    assert modules - {"typing_extensions"} <= sys.stdlib_module_names
    names: dict[str, object] = {}
    exec(compile(tree, "counters.py", "exec"), names)  # noqa: S102
    assert names["__all__"] == runtime.__all__
    assert set(runtime.__all__) <= set(names)


def _names(node):
    return [name.name for name in node.names] if isinstance(node, ast.Import) else []


def test_no_two_modules_of_the_runtime_give_one_name_to_two_things():
    tree = ast.parse(vendored())
    made = Counter(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    )
    assert [name for name, count in made.items() if count > 1] == []


def test_nothing_is_found_in_it(tmp_path):
    path = tmp_path / "counters.py"
    path.write_text(vendored())
    assert main(["check", "--isolated", str(path)]) == 0


def test_it_is_written_anew_but_never_over_another_file(tmp_path, capfd):
    path = tmp_path / "counters.py"
    assert main(["vendor", str(path)]) == main(["vendor", str(path)]) == 0
    path.write_text("x = 1\n")
    assert main(["vendor", str(path)]) == 2
    assert path.read_text() == "x = 1\n"
    assert "was not written by this command" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "is a folder"), ("counters.txt", "end in .py"), ("no/counters.py", "no folder")],
)
def test_where_it_cannot_be_written_is_told(name, reason, tmp_path, capfd):
    assert main(["vendor", str(tmp_path / name)]) == 2
    assert reason in capfd.readouterr().err
