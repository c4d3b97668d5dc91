"""The keys of our table: what each one expects, and which setting it is."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from lintvalue.model.edit import Style
from lintvalue.model.settings import Settings, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FORMATS = ("full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit")
START_METHODS = ("fork", "spawn", "forkserver", "any")
STYLES = tuple(style.value for style in Style)
LONGEST_NAME = 1000  # of a module or a callable, dots included

_CODE_LISTS = ("select", "ignore", "extend-select")


class _WrongError(Exception):
    """What is expected instead."""


def settings_from(table: Mapping[str, object], path: str, codes: Sequence[str]) -> Settings:
    """The settings that the table asks for. Raises UserError with the file, the key, the reason."""
    values = {}
    for key, value in table.items():
        read = _READERS.get(key)
        if read is None:
            raise UserError(f"{path}: unknown key {key!r}; known are {', '.join(_READERS)}")
        try:
            values[key.replace("-", "_")] = read(value)
            _refuse_unknown(_codes_in(key, value), codes)
        except _WrongError as wrong:
            raise UserError(f"{path}: `{key}` must be {wrong}") from None
    return Settings(**values)  # type: ignore[arg-type] # each reader yields its field's type


def is_dotted_name(text: str) -> bool:
    """Whether the text can be pasted into code as the name of a module or a callable."""
    return len(text) <= LONGEST_NAME and all(
        part.isidentifier() and not keyword.iskeyword(part) for part in text.split(".")
    )


def is_selector(text: str, codes: Sequence[str]) -> bool:
    return text == "ALL" or (text != "" and any(code.startswith(text) for code in codes))


def _codes_in(key: str, value: object) -> Sequence[str]:
    if key in _CODE_LISTS:
        return _strings(value)
    if key == "per-file-ignores":
        return tuple(code for _, chosen in _ignores(value) for code in chosen)
    return ()


def _refuse_unknown(chosen: Sequence[str], codes: Sequence[str]) -> None:
    for code in chosen:
        if not is_selector(code, codes):
            raise _WrongError(f'a list of rule codes, prefixes or "ALL"; {code!r} is unknown')


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _WrongError("a list of strings")
    return tuple(value)


def _string(value: object) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise _WrongError("a string")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongError("true or false")
    return value


def _ignores(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise _WrongError("a table of file patterns, each with a list of rule codes")
    return tuple((pattern, _strings(codes)) for pattern, codes in value.items())


def _one_of(choices: tuple[str, ...]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise _WrongError("one of " + ", ".join(f'"{choice}"' for choice in choices))
        return value

    return read


def _style(value: object) -> Style:
    return Style(_one_of(STYLES)(value))


def _dotted(value: object) -> str:
    if not isinstance(value, str) or not is_dotted_name(value):
        raise _WrongError('a dotted name such as "package.module"')
    return value


def _dotted_names(value: object) -> tuple[str, ...]:
    names = _strings(value)
    if not all(map(is_dotted_name, names)):
        raise _WrongError('a list of dotted names such as "package.module.name"')
    return names


_READERS: dict[str, Callable[[object], object]] = {
    "select": _strings,
    "ignore": _strings,
    "extend-select": _strings,
    "per-file-ignores": _ignores,
    "exclude": _strings,
    "extend-exclude": _strings,
    "respect-gitignore": _flag,
    "start-method": _one_of(START_METHODS),
    "fix-style": _style,
    "counter-import": _dotted,
    "output-format": _one_of(FORMATS),
    "baseline": _string,
    "cache-dir": _string,
    "value-factories": _dotted_names,
    "lock-factories": _dotted_names,
}
