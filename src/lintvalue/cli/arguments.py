"""What a command line says. Most say little, which is read without building a parser for all of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from lintvalue.cli.options import TABLE, WrongError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintvalue.cli.options import Option

# The values of all options of a command by name, None where they are not given, and `paths`.
Given = SimpleNamespace


def read(command: str, description: str, arguments: Sequence[str]) -> Given:
    """The arguments of a command that has the table's options. Raises UserError for wrong ones."""
    plain = read_plainly(command, arguments)
    if plain is not None:
        return plain
    # Loading argparse and describing 35 options to it takes as long as half an empty start of Python.
    from lintvalue.cli.parser import parser  # noqa: PLC0415

    return parser(command, description).parse_args(arguments, SimpleNamespace())


def read_plainly(command: str, arguments: Sequence[str]) -> Given | None:
    """What `argparse` would make of them; None where that is not plain, or wrong."""
    options = {
        flag: option for option in TABLE if command in option.commands for flag in option.flags
    }
    values: dict[str, object] = {option.name: None for option in options.values()}
    paths: list[str] = []
    closed = False  # paths stand together
    rest = iter(arguments)
    for argument in rest:
        if argument == "-" or not argument.startswith("-"):
            if closed:
                return None
            paths.append(argument)
            continue
        closed = bool(paths)
        flag, equals, text = argument.partition("=")
        option = options.get(flag)
        if option is None or (option.constant is not None and equals):
            return None
        if option.constant is None and not equals:
            text = next(rest, "-")
        if text.startswith("-") or not _take(option, text, values):
            return None
    return Given(**values, paths=paths or ["."])


def _take(option: Option, text: str, values: dict[str, object]) -> bool:
    """Whether the option can have that value, which is then put down."""
    if option.constant is not None:
        values[option.name] = option.constant
        return True
    try:
        value = option.type(text)
    except WrongError:
        return False
    known = values[option.name]
    if option.many and isinstance(value, tuple):
        values[option.name] = [*(known if isinstance(known, list) else ()), *value]
    else:
        values[option.name] = value
    return option.choices is None or value in option.choices
