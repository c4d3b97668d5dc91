"""What the user asked for, from options and configuration."""

from __future__ import annotations

from enum import StrEnum

from lintvalue.model.edit import Style
from lintvalue.model.lean import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings that shape a run; the defaults are those of a run without any."""

    select: tuple[str, ...] | None = None  # None: the rules that are on by default
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] | None = None  # None: the usual folders
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    start_method: str | None = None
    fix_style: Style | None = None  # None: counter where it fits, else lock
    counter_import: str = "lintvalue.runtime"
    output_format: str = "full"
    baseline: str | None = None
    cache_dir: str | None = None
    value_factories: tuple[str, ...] = ()
    lock_factories: tuple[str, ...] = ()


Setting = str | bool | tuple[str, ...] | tuple[tuple[str, tuple[str, ...]], ...] | None


@dataclass(frozen=True, slots=True)
class Options:
    """What only the command line can say; `overrides` are settings that it sets, by field name."""

    overrides: tuple[tuple[str, Setting], ...] = ()
    config: str | None = None  # --config
    isolated: bool = False
    jobs: int | None = None  # None: one for each usable core
    stdin_filename: str | None = None  # the name of what "-" reads
    ignore_suppressions: bool = False  # comments silence nothing
    cache: bool = True  # False: --no-cache
    dask: str | None = None  # the address of a Dask scheduler


class Repairs(StrEnum):
    """What a report tells of repairs: those that are planned, or edits that were judged again."""

    NONE = "none"
    PLANNED = "planned"
    EXACT = "exact"


class UserError(Exception):
    """The user's own mistake: one sentence that names the file or option and what to change."""
