"""Which files a project has, and which of them are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lintvalue.model.settings import Settings, UserError
from lintvalue.sources.discover import Found, discover

if TYPE_CHECKING:
    from pathlib import Path


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")


def found(root: Path, *paths: str, settings: Settings | None = None, alone: bool = False) -> Found:
    named = tuple(str(root / path) for path in paths)
    return discover(str(root), named, settings or Settings(), alone=alone)


def names(root: Path, *paths: str, settings: Settings | None = None) -> set[str]:
    return set(found(root, *(paths or (".",)), settings=settings).named)


def test_python_files_are_found_in_all_folders_but_the_usual_exceptions(tmp_path):
    make(tmp_path, "a.py", "sub/b.py", "notes.txt", "venv/c.py", ".git/d.py", "x/node_modules/e.py")
    assert names(tmp_path) == {"a.py", "sub/b.py"}


def test_links_that_are_found_are_not_followed_and_named_ones_are(tmp_path):
    make(tmp_path, "real/a.py")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "b.py").symlink_to("real/a.py")
    (tmp_path / "real" / "loop").symlink_to("..")
    assert names(tmp_path) == {"real/a.py"}
    assert names(tmp_path, "link", "b.py") == {"link/a.py", "b.py"}


def test_named_paths_limit_what_is_named_and_not_what_is_read(tmp_path):
    make(tmp_path, "a.py", "sub/b.py")
    there = found(tmp_path, "sub")
    assert (there.files, there.named) == (("a.py", "sub/b.py"), frozenset({"sub/b.py"}))
    assert found(tmp_path, "sub", alone=True).files == ("sub/b.py",)


def test_a_named_file_is_meant_whatever_its_name(tmp_path):
    make(tmp_path, "script", "venv/c.py")
    assert names(tmp_path, "script", "venv/c.py") == {"script", "venv/c.py"}


def test_exclusion_can_be_forced_upon_named_files(tmp_path):
    make(tmp_path, "a.py", "venv/c.py")
    settings = Settings(force_exclude=True)
    assert names(tmp_path, "a.py", "venv/c.py", "venv", settings=settings) == {"a.py"}


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("sub", {"a.py", "b_test.py"}),
        ("*_test.py", {"a.py", "sub/c.py"}),
        ("sub/*_test.py", {"a.py", "b_test.py", "sub/c.py"}),
        ("./sub/c.py", {"a.py", "b_test.py", "sub/d_test.py"}),
        ("**/c.py", {"a.py", "b_test.py", "sub/d_test.py"}),
        ("[ab]*", {"sub/c.py", "sub/d_test.py"}),
    ],
)
def test_a_pattern_is_a_name_anywhere_or_a_path(tmp_path, pattern, left):
    make(tmp_path, "a.py", "b_test.py", "sub/c.py", "sub/d_test.py")
    assert names(tmp_path, settings=Settings(extend_exclude=(pattern,))) == left


def test_a_pattern_of_unreasonable_length_is_refused(tmp_path):
    with pytest.raises(UserError, match="longer than"):
        names(tmp_path, settings=Settings(exclude=("a" * 5000,)))


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ("gen.py\n", {"a.py", "sub/b.py"}),
        ("/gen.py\n", {"a.py", "sub/b.py", "sub/gen.py"}),
        ("sub/\n", {"a.py", "gen.py"}),
        ("*.py\n!a.py\n", {"a.py"}),
        ("# gen.py\n\n\\#x\n", {"a.py", "gen.py", "sub/b.py", "sub/gen.py"}),
        ("sub/*.py\n", {"a.py", "gen.py"}),
        ("**/gen.py\n", {"a.py", "sub/b.py"}),
        ("sub/**\n", {"a.py", "gen.py"}),
        ("[^a].py\ngen.py \n", {"a.py"}),
    ],
)
def test_what_git_ignores_is_left_out(tmp_path, rules, left):
    (tmp_path / ".git").mkdir()
    make(tmp_path, "a.py", "gen.py", "sub/b.py", "sub/gen.py")
    (tmp_path / ".gitignore").write_text(rules)
    assert names(tmp_path) == left
    everything = Settings(respect_gitignore=False)
    assert names(tmp_path, settings=everything) == {"a.py", "gen.py", "sub/b.py", "sub/gen.py"}


def test_an_inner_gitignore_has_the_last_word(tmp_path):
    (tmp_path / ".git").mkdir()
    make(tmp_path, "gen.py", "sub/gen.py")
    (tmp_path / ".gitignore").write_text("gen.py\n")
    (tmp_path / "sub" / ".gitignore").write_text("!gen.py\n")
    assert names(tmp_path) == {"sub/gen.py"}
    assert names(tmp_path, "sub") == {"sub/gen.py"}


def test_outside_of_a_repository_a_gitignore_means_nothing(tmp_path):
    make(tmp_path, "gen.py")
    (tmp_path / ".gitignore").write_text("gen.py\n")
    assert names(tmp_path) == {"gen.py"}
