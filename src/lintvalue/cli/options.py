"""The table of options, and the settings that they stand for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lintvalue.config.keys import FORMATS, START_METHODS, STYLES, is_dotted_name
from lintvalue.model.edit import Style
from lintvalue.model.lean import dataclass
from lintvalue.model.rule import UNUSED
from lintvalue.model.settings import Options, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lintvalue.cli.arguments import Given
    from lintvalue.model.settings import Setting

CHECK, FIX = "check", "fix"
_BOTH = frozenset({CHECK, FIX})


class WrongError(Exception):
    """What is expected of an option's value, and what it is instead."""


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in text.split(",") if code.strip())
    if not codes:
        raise WrongError("expected rule codes, prefixes such as LV1, or ALL")
    return codes


def _patterns(text: str) -> tuple[str, ...]:
    return tuple(pattern.strip() for pattern in text.split(",") if pattern.strip())


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text[:10]) > 0:
        raise WrongError(f"expected a number of workers from 1, not {text[:20]!r}")
    return int(text[:10])


def _dotted(text: str) -> str:
    if not is_dotted_name(text):
        raise WrongError(f"expected a dotted name, not {text[:80]!r}")
    return text


def _reason(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise WrongError(f"expected one line of text, not {text[:40]!r}")
    return text.strip()


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `setting` is the field of Settings that it overrides."""

    flags: tuple[str, ...]
    help: str
    setting: str | None = None
    type: Callable[[str], object] = str
    metavar: str | None = None
    choices: tuple[str, ...] | None = None
    constant: bool | None = None  # an option without a value
    many: bool = False
    commands: frozenset[str] = _BOTH

    @property
    def name(self) -> str:
        return self.setting or self.flags[0].removeprefix("--").replace("-", "_")


TABLE = (
    Option(("--select",), "only these rules: codes, prefixes such as LV1, or ALL", "select", _codes, "CODES", many=True),
    Option(("--ignore",), "not these rules", "ignore", _codes, "CODES", many=True),
    Option(("--extend-select",), "these rules too", "extend_select", _codes, "CODES", many=True),
    Option(("--exclude",), "leave out these files and folders, in place of the usual ones", "exclude", _patterns, "PATTERNS", many=True),
    Option(("--extend-exclude",), "leave out these as well", "extend_exclude", _patterns, "PATTERNS", many=True),
    Option(("--force-exclude",), "leave out excluded files even where they are named", "force_exclude", constant=True),
    Option(("--respect-gitignore",), "leave out what git ignores (default)", "respect_gitignore", constant=True),
    Option(("--no-respect-gitignore",), "check what git ignores", "respect_gitignore", constant=False),
    Option(("--config",), "read this configuration file", metavar="FILE"),
    Option(("--isolated",), "read no configuration file, and nothing but the named paths", constant=True),
    Option(("--no-cache",), "neither read nor write the cache", constant=True),
    Option(("--cache-dir",), "where the cache is", "cache_dir", metavar="DIR"),
    Option(("--jobs", "-j"), "how many workers (default: one for each core)", type=_jobs, metavar="N"),
    Option(("--dask",), "extract on the Dask cluster of this scheduler, such as tcp://host:8786", metavar="ADDRESS", commands=frozenset({CHECK})),
    Option(("--start-method",), "how processes are started", "start_method", choices=START_METHODS),
    Option(("--stdin-filename",), "what the text that `-` reads is called", metavar="NAME"),
    Option(("--output-format",), "how findings are written: " + ", ".join(FORMATS), "output_format", choices=FORMATS, metavar="FORMAT"),
    Option(("--output-file", "-o"), "write findings to this file", metavar="FILE"),
    Option(("--statistics",), "how many findings each rule has", constant=True),
    Option(("--quiet", "-q"), "print findings and errors only", constant=True),
    Option(("--verbose", "-v"), "say more, with tracebacks", constant=True),
    Option(("--color",), "when to colour", choices=("auto", "always", "never")),
    Option(("--no-progress",), "show no progress", constant=True),
    Option(("--show-settings",), "print the settings that apply, and stop", constant=True),
    Option(("--show-files",), "print the files that are meant, and stop", constant=True),
    Option(("--exit-zero",), "end with status 0 even if something is found", constant=True, commands=frozenset({CHECK})),
    Option(("--add-ignore",), "silence what is found by comments in the files", constant=True, commands=frozenset({CHECK})),
    Option(("--reason",), "with --add-ignore: why, written behind each comment", type=_reason, metavar="TEXT", commands=frozenset({CHECK})),
    Option(("--ignore-suppressions",), "report what comments silence, too", constant=True, commands=frozenset({CHECK})),
    Option(("--warn-unused-ignores",), "report comments that silence nothing (LV001)", constant=True, commands=frozenset({CHECK})),
    Option(("--diff",), "show the changes, write nothing", constant=True, commands=frozenset({FIX})),
    Option(("--style",), "what to rewrite to", "fix_style", choices=STYLES, commands=frozenset({FIX})),
    Option(("--unsafe-fixes",), "also what may change what the program does", constant=True, commands=frozenset({FIX})),
    Option(("--counter-import",), "the module that the rewritten code imports Counter from", "counter_import", _dotted, "MODULE", commands=frozenset({FIX})),
)  # fmt: skip

_ENVIRONMENT = {
    "LINTVALUE_OUTPUT_FORMAT": ("output_format", FORMATS),
    "LINTVALUE_CACHE_DIR": ("cache_dir", None),
}


def options_from(given: Given) -> Options:
    """What is asked for, with the environment behind it."""
    overrides: dict[str, Setting] = dict(_from_environment())
    for option in TABLE:
        value = getattr(given, option.setting, None) if option.setting else None
        if option.setting and value is not None:
            overrides[option.setting] = _setting(option.setting, value)
    if getattr(given, "warn_unused_ignores", None):
        overrides["extend_select"] = (*(given.extend_select or ()), UNUSED)
    return Options(
        tuple(overrides.items()),
        given.config,
        bool(given.isolated),
        given.jobs,
        given.stdin_filename,
        ignore_suppressions=bool(getattr(given, "ignore_suppressions", None)),
        cache=not given.no_cache,
        dask=getattr(given, "dask", None),
    )


def settings_from_environment(cache_dir: str | None) -> Options:
    """The options of a command that has no table of its own."""
    overrides: dict[str, Setting] = dict(_from_environment())
    if cache_dir is not None:
        overrides["cache_dir"] = cache_dir
    return Options(tuple(overrides.items()))


def _setting(name: str, value: object) -> Setting:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, bool):
        return value
    return Style(str(value)) if name == "fix_style" else str(value)


def _from_environment() -> Mapping[str, str]:
    values = {}
    for variable, (setting, choices) in _ENVIRONMENT.items():
        value = os.environ.get(variable)
        if not value:
            continue
        if choices is not None and value not in choices:
            raise UserError(f"{variable} must be one of {', '.join(choices)}, not {value[:40]!r}")
        values[setting] = value
    return values
