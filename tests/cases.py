"""The labelled cases under fixtures/cases: what each one is, and what has to be found in it.

A case is a file in a topic's folder, or a folder under `project`. `# expect: LV101,LV102` on the first
row of a statement says what is found there; nothing is found in any other row. `# note: LV101` says
that a finding of that code names this row as a related place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from lintvalue.extract import extract
from lintvalue.model.modules import link
from lintvalue.model.settings import Settings
from lintvalue.resolve import resolve
from lintvalue.rules import RULES, judge
from lintvalue.selection import standing
from lintvalue.sources.linker import find
from lintvalue.sources.makers import may_make
from lintvalue.sources.read import decode
from lintvalue.sources.words import folded
from lintvalue.triage import doubt

CASES = Path(__file__).parent.parent / "fixtures" / "cases"
NOT_YET = CASES.with_name("cases_not_yet.txt")

# What is off by default, by the topic that is about it.
ASKED_FOR = {"costs": ("LV401",), "results": ("LV105",), "unused": ("LV001",)}

_ROW = re.compile(r"\r\n|\r|\n")
_MARKER = re.compile(
    r"# (?P<kind>expect|note): (?P<codes>LV\d{3}(?:, ?LV\d{3})*)(?= *(?:#|\r|\n|$))"
)
_WORD = re.compile(r"# *(?:expect|note)\b")


@dataclass(frozen=True, order=True)
class Mark:
    """A finding's file, row and code."""

    path: str
    row: int
    code: str


@dataclass(frozen=True)
class Case:
    """`name` is `topic/stem`; `sources` are its files, with paths that start at its own folder."""

    name: str
    sources: tuple

    @property
    def topic(self):
        return self.name.partition("/")[0]

    @property
    def settings(self):
        """What is on by default; the rules of some topics have to be asked for."""
        return Settings(extend_select=ASKED_FOR.get(self.topic, ()))

    @property
    def expected(self):
        return marks(self.sources, "expect")

    @property
    def notes(self):
        return marks(self.sources, "note")

    @property
    def place(self):
        """The file or the folder."""
        folder = CASES / self.name
        return folder if folder.is_dir() else folder.with_suffix(".py")

    def with_texts(self, change):
        """The same case, `change` applied to each text."""
        return replace(self, sources=tuple(replace(s, text=change(s.text)) for s in self.sources))

    def __str__(self):
        return self.name


def all_cases(root=CASES):
    """Every case below `root`, sorted by name."""
    places = [path for topic in root.iterdir() for path in topic.iterdir() if _is_case(path)]
    return [read_case(root, path) for path in sorted(places)]


def _is_case(path):
    return path.is_dir() if path.parent.name == "project" else path.suffix == ".py"


def read_case(root, path):
    name = f"{path.parent.name}/{path.stem}"
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    folder = path if path.is_dir() else path.parent
    sources = tuple(
        decode(file.relative_to(folder).as_posix(), file.read_bytes()) for file in files
    )
    if not files:
        raise ValueError(f"{path.relative_to(root)} has no Python file")
    return Case(name, sources)


def marks(sources, kind):
    """All marks of one kind; a comment that only looks like a mark is an error."""
    return {
        Mark(source.path, number, code)
        for source in sources
        for number, row in enumerate(_ROW.split(source.text), start=1)
        for found in _markers(source.path, number, row)
        if found["kind"] == kind
        for code in re.split(r", ?", found["codes"])
    }


def _markers(path, number, row):
    found = list(_MARKER.finditer(row))
    if len(found) != len(_WORD.findall(row)):
        raise ValueError(f"{path}:{number}: not a mark: {row.strip()}")
    return found


def silenced(text):
    """The text with each `# expect: …` turned into `# lintvalue: ignore[…]`."""
    return _MARKER.sub(
        lambda found: (
            f"# lintvalue: ignore[{found['codes']}]" if found["kind"] == "expect" else found[0]
        ),
        text,
    )


def not_yet(path=NOT_YET):
    """Names of the cases that are not judged rightly yet, as they stand in the file."""
    rows = path.read_text(encoding="utf-8").splitlines()
    return [row for row in rows if row and not row.startswith("#")]


# The stages, run in this process


@cache
def facts_of(source):
    return extract(source)


def project_of(sources, settings=None):
    """What the texts mean together."""
    return resolve([facts_of(source) for source in sources], settings or Settings())


def findings_in(sources, settings=None):
    """The findings that stand. In whatever is judged here, triage has to doubt what is not sound."""
    settings = settings or Settings()
    facts = {source.path: facts_of(source) for source in sources}
    found = judge(project_of(sources, settings))
    if not (settings.value_factories or settings.lock_factories):
        for one in _doubts(sources):
            _compare(one, found, sources, settings)
    return standing(found, facts, RULES, settings)


def _compare(one, found, sources, settings):
    """What is found by the usual rules must be doubted, and nothing else be in the files of the doubt."""
    codes = {rule.code for rule in RULES if rule.default}
    usual = [finding for finding in found if finding.code in codes]
    assert one.reason or not usual
    if one.reason and len(one.paths) < len(sources):
        facts = [facts_of(source) for source in sources if source.path in one.paths]
        again = judge(resolve(facts, settings, [source.path for source in sources]))
        assert [finding for finding in again if finding.code in codes] == usual


def doubt_in(sources):
    """What triage doubts of texts that are all tied to each other, however little of them it reads."""
    patient, usual = _doubts(sources)
    return patient.reason and usual.reason


def patient_doubt_in(sources):
    """What is doubted if as little as possible is read, and the files of that."""
    return _doubts(sources)[0]


def _doubts(sources):
    modules = link(source.path for source in sources)
    texts = {source.path: folded(source.text.encode()) for source in sources}
    own = partial(find, modules)
    return [doubt(texts, own, may_make, patience) for patience in (float("inf"), 1)]


def found_in(case):
    """The marks of the findings in a case, the one as often as the other or an AssertionError."""
    found = [_mark(finding) for finding in findings_in(case.sources, case.settings)]
    assert len(found) == len(set(found)), f"reported twice: {found}"
    return set(found)


def _mark(finding):
    return Mark(finding.at.path, finding.at.span.line, finding.code)
