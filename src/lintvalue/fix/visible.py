"""Whether code that we don't see may rely on what kind of thing an object is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.fix.retype import of_function
from lintvalue.model import statements as s
from lintvalue.model.expressions import Literal, Name, Sequence
from lintvalue.model.project import Touch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lintvalue.fix.survey import Page, Survey


def exported(survey: Survey, objects: Iterable[int]) -> tuple[str, ...]:
    """A reason for each object that `__all__` offers to others, and each function that declares one."""
    objects = set(objects)
    return (*_objects(survey, objects), *_functions(survey, objects))


def _functions(survey: Survey, objects: set[int]) -> Iterator[str]:
    declared = [use for use in survey.project.uses if use.touch is Touch.ANNOTATION]
    for page in survey.pages.values():
        here = [use for use in declared if use.at.path == page.path and objects & set(use.objects)]
        names = set(_all(page)) if here else set()
        for statement in page.facts.body.statements if names else ():
            if not isinstance(statement, s.Define) or statement.function.name not in names:
                continue
            spans = tuple(of_function(statement.function))
            if any(span.encloses(use.at.span) for span in spans for use in here):
                yield (
                    f"`{statement.function.name}` stands in `__all__`,"
                    " so that others may rely on the type that it declares"
                )


def _objects(survey: Survey, objects: Iterable[int]) -> tuple[str, ...]:
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
