"""Arguments as `argparse` reads them: for help, for errors, and for what is seldom asked."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from lintvalue.cli.options import TABLE, WrongError
from lintvalue.model.settings import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintvalue.cli.options import Option


class Parser(argparse.ArgumentParser):
    """Errors are raised, not printed with the usage before them."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message} (`{self.prog} --help` lists the options)")


def parser(command: str, description: str) -> Parser:
    """The parser of a command that has the table's options."""
    made = Parser(prog=f"lintvalue {command}", description=description, allow_abbrev=False)
    made.add_argument("paths", nargs="*", default=["."], metavar="PATH")
    for option in TABLE:
        if command in option.commands:
            _add(made, option)
    return made


def _add(made: Parser, option: Option) -> None:
    keywords: dict[str, object] = {"help": option.help, "default": None, "dest": option.name}
    if option.constant is not None:
        keywords |= {"action": "store_const", "const": option.constant}
    elif option.many:
        keywords |= {"action": "extend", "type": _told(option.type), "metavar": option.metavar}
    else:
        keywords |= {"type": _told(option.type), "metavar": option.metavar}
        keywords |= {"choices": option.choices}
    made.add_argument(*option.flags, **keywords)  # type: ignore[arg-type] # of the table


def _told(read: Callable[[str], object]) -> Callable[[str], object]:
    def told(text: str) -> object:
        try:
            return read(text)
        except WrongError as wrong:
            raise argparse.ArgumentTypeError(str(wrong)) from None

    return told
