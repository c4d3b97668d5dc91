"""The installed package as a fresh interpreter meets it: what it loads and how it is started."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import lintvalue

LOADED = "import json, sys; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
RUN_MAIN = """
import sys
from lintvalue.__main__ import main
sys.argv = ["lintvalue", {argument!r}]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print()
"""


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def loaded_after(program: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after the program."""
    before = set(json.loads(run(sys.executable, "-c", LOADED)))
    after = run(sys.executable, "-c", f"{program}\n{LOADED}").splitlines()[-1]
    return set(json.loads(after)) - before


def installed_command() -> str:
    return str(Path(sys.executable).with_name("lintvalue"))


def test_runtime_loads_the_standard_library_alone() -> None:
    """A program that uses the runtime loads nothing beyond lintvalue and the standard library."""
    loaded = loaded_after("import lintvalue.runtime") - sys.stdlib_module_names
    assert loaded - {"__mp_main__"} == {"lintvalue"}


def test_runtime_loads_nothing_else_of_ours() -> None:
    """Of lintvalue itself it loads the runtime alone."""
    ours = "print(sorted(m for m in sys.modules if m.startswith('lintvalue')))"
    out = run(sys.executable, "-c", f"import sys, lintvalue.runtime; {ours}")
    assert all(
        name in {"lintvalue", "lintvalue.runtime"} or name.startswith("lintvalue.runtime.")
        for name in re.findall(r"'([^']+)'", out)
    ), out


def test_help_does_without_libcst() -> None:
    """Help and version answer without loading the parser."""
    for argument in ("--help", "--version"):
        assert "libcst" not in loaded_after(RUN_MAIN.format(argument=argument))


def test_version() -> None:
    """The version is that of the package, after the program's name."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", lintvalue.__version__)
    assert run(installed_command(), "--version") == f"lintvalue {lintvalue.__version__}\n"


def test_module_is_the_command() -> None:
    """`python -m lintvalue` is the same program as `lintvalue`."""
    for argument in ("--help", "--version"):
        assert run(sys.executable, "-m", "lintvalue", argument) == run(
            installed_command(), argument
        )


def test_typed() -> None:
    """Type checkers are told that the package has annotations."""
    assert files("lintvalue").joinpath("py.typed").is_file()
