"""The pairs under fixtures/fixes: what a text is before, and what it has to be after."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from lintvalue.model.edit import Style
from lintvalue.model.settings import Options

FIXES = Path(__file__).parent.parent / "fixtures" / "fixes"
STYLES = {"hold_lock": Style.LOCK, "use_counter": None, "refused": None}


@dataclass(frozen=True)
class Pair:
    """Files by name; a pair of single files has the one name `app.py`."""

    kind: str
    name: str
    before: dict[str, str]
    after: dict[str, str]

    @property
    def options(self) -> Options:
        style = STYLES[self.kind]
        return Options((("fix_style", style),) if style else (), isolated=True, jobs=1)

    @property
    def expected_output(self) -> str:
        return tomllib.loads((FIXES / self.kind / self.name / "run.toml").read_text())["expect"]

    @property
    def main(self) -> str:
        return "app.py" if "app.py" in self.before else "main.py"

    def __str__(self) -> str:
        return f"{self.kind}-{self.name}"


def pairs(kind: str) -> list[Pair]:
    return [
        Pair(kind, folder.name, _files(folder, "before"), _files(folder, "after"))
        for folder in sorted((FIXES / kind).iterdir())
    ]


def _files(folder: Path, side: str) -> dict[str, str]:
    single = folder / f"{side}.py"
    if single.exists():
        return {"app.py": _text(single)}
    return {path.name: _text(path) for path in sorted((folder / side).glob("*.py"))}


def _text(path: Path) -> str:
    return path.read_bytes().decode()


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).write_bytes(data)


def got(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.py")}
