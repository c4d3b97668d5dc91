"""What is doubted, judged by the process that doubts it, while others are still asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model.lean import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.modules import Modules
    from lintvalue.model.project import Project
    from lintvalue.model.settings import Settings
    from lintvalue.model.source import Source

    # What travels between processes: texts, lines of facts, groups by their paths and what they come to.
    Told = tuple[list[tuple[str, str, str, bool]], list[str], list[tuple[list[str], str]]]

# Characters. Less is extracted sooner than the parser is loaded once more, and more takes too much room
# on its way from one process to the other.
_LITTLE, _MUCH = 30_000, 1_000_000
_OFTEN = 4  # where more is doubted, there is enough for all processes to do afterwards


@dataclass(frozen=True, slots=True)
class Known:
    """Texts, their facts, and what groups of them come to, by their paths; all modules."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    facts: Mapping[str, FileFacts] = field(default_factory=dict)
    projects: Mapping[frozenset[str], Project] = field(default_factory=dict)
    modules: Modules | None = None


class Ahead:
    """Goes ahead with groups of one project's files. What it leaves is done later, and comes to the same."""

    def __init__(
        self,
        decode: Callable[[Iterable[str]], Mapping[str, Source]],
        is_new: Callable[[Source], bool],
        settings: Settings,
    ) -> None:
        """A text whose facts are kept from an earlier run is not new."""
        self.known = Known()
        self._decode = decode
        self._is_new = is_new
        self._settings = settings
        self._times = 0  # that this process has gone ahead

    def judge(self, groups: Iterable[Sequence[str]], modules: Modules) -> list[Told]:
        """What those of `groups` come to that are worth it; for `keep`, in whichever process."""
        told = []
        for sources in filter(None, map(self._chosen, groups)):
            from lintvalue.run.told import judged  # noqa: PLC0415 - something is doubted

            told.append(judged(sources, self._settings, modules))
        return told

    def _chosen(self, paths: Sequence[str]) -> Mapping[str, Source]:
        """The texts of a group with which to go ahead.

        Each time, a worker loads the parser: it does for what a process doubts first, which most often is
        all that is doubted, and for some more that give it enough to do.
        """
        sources = self._decode(paths)
        if len(sources) < len(paths) or not all(map(self._is_new, sources.values())):
            return {}
        size = sum(len(one.text) for one in sources.values())
        if size > _MUCH or self._times == _OFTEN or (self._times and size < _LITTLE):
            return {}
        self._times += 1
        return sources

    def keep(self, told: Sequence[Told], modules: Modules) -> None:
        """From here on, what is told is known."""
        self.known = Known(modules=modules)
        if told:
            from lintvalue.run.told import known  # noqa: PLC0415 - something is doubted

            self.known = known(told, modules)
