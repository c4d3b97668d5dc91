"""Whether code that we don't see may rely on what kind of thing an object is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import statements as s
from lintvalue.model.expressions import Literal, Name, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lintvalue.fix.survey import Page, Survey


def exported(survey: Survey, objects: Iterable[int]) -> tuple[str, ...]:
    """A reason for each object that `__all__` offers to others."""
    found = []
    for number in sorted(objects):
        shared = survey.project.objects[number]
        page = survey.pages.get(shared.made.path)
        if page is not None and shared.name in set(_all(page)) & set(_bound(page)):
            found.append(f"`{shared.name}` stands in `__all__`, so that others may use it as it is")
    return tuple(found)


def _all(page: Page) -> Iterator[str]:
    for statement in page.facts.body.statements:
        match statement:
            case s.Assign(targets=(Name(id="__all__"),), value=Sequence(elements=elements)):
                for one in elements:
                    if isinstance(one, Literal) and isinstance(one.value, str):
                        yield one.value


def _bound(page: Page) -> Iterator[str]:
    for statement in page.facts.body.statements:
        match statement:
            case s.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, Name))
            case s.Annotated(target=Name(id=name)):
                yield name
