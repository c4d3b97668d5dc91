"""The settings of a run: the configuration file nearest to what is checked, and the options over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.config.find import find
from lintvalue.config.keys import is_selector, settings_from
from lintvalue.config.load import load
from lintvalue.model.lean import replace
from lintvalue.model.settings import Settings, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.model.settings import Options, Setting

__all__ = ["settle"]


def settle(folder: str, options: Options, codes: Sequence[str]) -> Settings:
    """The settings that hold for `folder`; `codes` are those of all rules."""
    return _override(_configured(folder, options, codes), options, codes)


def _configured(folder: str, options: Options, codes: Sequence[str]) -> Settings:
    if options.isolated:
        return Settings()
    if options.config is not None:
        table = load(options.config, required=True)
        return settings_from(table or {}, options.config, codes)
    found = find(folder)
    return Settings() if found is None else settings_from(found.table, found.path, codes)


def _override(settings: Settings, options: Options, codes: Sequence[str]) -> Settings:
    """As ruff: `--select` forgets the file's choice of rules, the other lists add to the file's."""
    given = dict(options.overrides)
    for name in ("select", "ignore", "extend_select"):
        _check_codes(name, given.get(name), codes)
    if "select" in given:
        settings = replace(settings, ignore=(), extend_select=())
    for name in ("ignore", "extend_select", "extend_exclude"):
        added = given.get(name)
        if isinstance(added, tuple):
            given[name] = (*getattr(settings, name), *added)
    return replace(settings, **given)  # type: ignore[arg-type] # the command line's own table


def _check_codes(name: str, chosen: Setting, codes: Sequence[str]) -> None:
    for code in chosen if isinstance(chosen, tuple) else ():
        if not (isinstance(code, str) and is_selector(code, codes)):
            option = "--" + name.replace("_", "-")
            raise UserError(f"{option}: unknown rule {code!r}; `lintvalue rule --all` names them")
