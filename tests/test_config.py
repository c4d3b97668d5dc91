"""The configuration: where it is found, what it may say, and what options do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lintvalue.config import settle
from lintvalue.model.edit import Style
from lintvalue.model.settings import Options, Settings, UserError

if TYPE_CHECKING:
    from pathlib import Path

CODES = ("LV101", "LV102", "LV201")


def settings(folder: Path, *overrides: tuple[str, object], **options: object) -> Settings:
    return settle(str(folder), Options(overrides, **options), CODES)


def test_without_a_table_of_ours_the_defaults_hold(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nselect = 5\n")
    assert settings(tmp_path) == Settings()


def test_a_file_without_our_name_is_not_even_parsed(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[[[[")
    assert settings(tmp_path) == Settings()


def test_every_key_is_read(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        """\
[tool.lintvalue]
select = ["LV1", "ALL"]
ignore = ["LV102"]
extend-select = ["LV201"]
per-file-ignores = { "tests/*" = ["LV101"] }
exclude = ["a"]
extend-exclude = ["b"]
respect-gitignore = false
start-method = "spawn"
fix-style = "lock"
counter-import = "app.sync"
output-format = "concise"
baseline = "base.json"
cache-dir = "cache"
value-factories = ["app.make"]
lock-factories = ["app.lock"]
"""
    )
    assert settings(tmp_path) == Settings(
        select=("LV1", "ALL"),
        ignore=("LV102",),
        extend_select=("LV201",),
        per_file_ignores=(("tests/*", ("LV101",)),),
        exclude=("a",),
        extend_exclude=("b",),
        respect_gitignore=False,
        start_method="spawn",
        fix_style=Style.LOCK,
        counter_import="app.sync",
        output_format="concise",
        baseline="base.json",
        cache_dir="cache",
        value_factories=("app.make",),
        lock_factories=("app.lock",),
    )


def test_the_nearest_file_that_has_our_table_wins(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "lintvalue.toml").write_text("ignore = ['LV101']\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.lintvalue]\nignore = ['LV102']\n")
    (inner / "pyproject.toml").write_text("[project]\nname = 'b'\n")
    assert settings(inner).ignore == ("LV102",)
    assert settings(tmp_path).ignore == ("LV101",)


def test_a_named_file_is_read_in_place_of_the_nearest(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.lintvalue]\nignore = ['LV102']\n")
    other = tmp_path / "other.toml"
    other.write_text("ignore = ['LV101']\n")
    assert settings(tmp_path, config=str(other)).ignore == ("LV101",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nosuch = 1", "unknown key 'nosuch'"),
        ("exclude = 5", "`exclude` must be a list of strings"),
        ("select = ['LV101', 5]", "`select` must be a list of strings"),
        ("select = ['NOPE']", "'NOPE' is unknown"),
        ("per-file-ignores = { 'a' = ['NOPE'] }", "'NOPE' is unknown"),
        ("per-file-ignores = ['a']", "`per-file-ignores` must be a table"),
        ("respect-gitignore = 'yes'", "`respect-gitignore` must be true or false"),
        ("start-method = 'thread'", "`start-method` must be one of"),
        ("fix-style = 'atomic'", "`fix-style` must be one of"),
        ("counter-import = 'a b'", "`counter-import` must be a dotted name"),
        ("counter-import = 'a.class'", "`counter-import` must be a dotted name"),
        (f"counter-import = '{'a' * 2000}'", "`counter-import` must be a dotted name"),
        ("value-factories = ['os; x']", "`value-factories` must be a list of dotted names"),
        ("cache-dir = 5", "`cache-dir` must be a string"),
        ("select = ", "is not valid TOML"),
        ("select = " + "[" * 20_000, "is nested too deeply"),
        ("a." * 20_000 + "b = 1", "has a key of more than 64 parts"),
        ("x = '" + "a" * (1 << 20) + "'", "is larger than"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_what_is_expected(tmp_path, text, reason):
    (tmp_path / "pyproject.toml").write_text(f"[tool.lintvalue]\n{text}\n")
    with pytest.raises(UserError) as error:
        settings(tmp_path)
    assert str(tmp_path / "pyproject.toml") in str(error.value)
    assert reason in str(error.value)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "lintvalue.toml").mkdir()
    with pytest.raises(UserError, match="is not a regular file"):
        settings(tmp_path)


def test_isolated_reads_no_file(tmp_path):
    (tmp_path / "lintvalue.toml").write_text("[[[")
    assert settings(tmp_path, isolated=True) == Settings()


def test_select_forgets_the_choice_of_the_file_and_the_other_lists_add_to_it(tmp_path):
    (tmp_path / "lintvalue.toml").write_text("select = ['LV2']\nignore = ['LV101']\n")
    chosen = settings(tmp_path, ("select", ("LV101",)))
    assert (chosen.select, chosen.ignore) == (("LV101",), ())
    added = settings(tmp_path, ("ignore", ("LV102",)))
    assert (added.select, added.ignore) == (("LV2",), ("LV101", "LV102"))


def test_an_unknown_rule_of_an_option_is_an_error(tmp_path):
    with pytest.raises(UserError, match="--ignore: unknown rule 'NOPE'"):
        settings(tmp_path, ("ignore", ("NOPE",)))
