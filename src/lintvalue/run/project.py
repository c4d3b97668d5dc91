"""Which settings hold for what is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from lintvalue.config import settle
from lintvalue.run.places import group, working_folder

if TYPE_CHECKING:
    from lintvalue.model.settings import Options, Settings


class _Codes(Sequence[str]):
    """The codes of all rules; they are loaded when somebody asks, since most runs judge nothing."""

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    @staticmethod
    def _all() -> tuple[str, ...]:
        from lintvalue.rules import RULES  # noqa: PLC0415 - see above

        return tuple(rule.code for rule in RULES)


CODES = _Codes()
# Files that matter only because a comment in them may be of no use.
_COMMENTS = (b"lintvalue:",)


def comments(settings: Settings) -> tuple[bytes, ...]:
    """The words of comments that may be of no use, where somebody asks for those."""
    if settings.select is None and not settings.extend_select:
        return ()
    from lintvalue.model.rule import UNUSED  # noqa: PLC0415 - rarely asked for
    from lintvalue.rules import RULES  # noqa: PLC0415
    from lintvalue.selection import chosen  # noqa: PLC0415

    return _COMMENTS if UNUSED in chosen(RULES, settings) else ()


def rare(settings: Settings) -> bool:
    """Whether rules are chosen that say something of what is sound, too: that it could be cheaper."""
    if settings.select is None and not settings.extend_select:
        return False
    from lintvalue.rules import RULES  # noqa: PLC0415 - rarely asked for
    from lintvalue.selection import chosen  # noqa: PLC0415

    on = chosen(RULES, settings)
    return any(rule.code in on and not rule.default for rule in RULES)


def settings_for(paths: Sequence[str], options: Options) -> Settings:
    """The settings of the first project named, which also say how to report."""
    groups, _ = group(paths, options)
    return settle(groups[0].root if groups else working_folder(), options, CODES)
