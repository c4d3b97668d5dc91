"""Files that have nothing to do with each other, resolved apart: what one group needs, no other pays for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintvalue.model import statements as s
from lintvalue.model.lean import replace
from lintvalue.model.project import Project
from lintvalue.resolve.makers import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lintvalue.model.facts import FileFacts
    from lintvalue.model.modules import Modules


def groups(files: Mapping[str, FileFacts], modules: Modules) -> list[dict[str, FileFacts]]:
    """The files in groups that no import ties to each other; a package is tied to what is in it."""
    above = {path: path for path in files}

    def eldest(path: str) -> str:
        while above[path] != path:
            above[path] = path = above[above[path]]
        return path

    for path, facts in files.items():
        for other in (*_imported(path, facts, modules), *_package(path, files)):
            above[eldest(path)] = eldest(other)
    found: dict[str, dict[str, FileFacts]] = {}
    for path, facts in files.items():
        found.setdefault(eldest(path), {})[path] = facts
    return list(found.values())


def _imported(path: str, facts: FileFacts, modules: Modules) -> Iterator[str]:
    """The files that a file imports, or what it imports from."""
    for node in walk(facts.body.statements):
        if isinstance(node, s.Imported):
            for dotted in _names(node):
                found = (
                    modules.relative(node.level, dotted, path)
                    if node.level
                    else modules.find(dotted, path)
                )
                if found is not None:
                    yield found


def _names(node: s.Imported) -> Iterator[str]:
    """`from a.b import c` may mean `a`, `a.b` and `a.b.c`."""
    dotted = ".".join(filter(None, (node.module, node.name)))
    yield node.module
    while dotted:
        yield dotted
        dotted = dotted.rpartition(".")[0]


def _package(path: str, files: Mapping[str, FileFacts]) -> Iterable[str]:
    """The package that a file lies in."""
    folder = path.rpartition("/")[0]
    if path.endswith("/__init__.py"):
        folder = folder.rpartition("/")[0]
    package = f"{folder}/__init__.py" if folder else "__init__.py"
    return (package,) if package in files else ()


def merged(projects: Sequence[Project]) -> Project:
    """One project of several, with ids that go on where those of the one before end."""
    whole = projects[0] if projects else Project((), (), (), ())
    for one in projects[1:]:
        moved = _moved(one, len(whole.objects), len(whole.locks))
        whole = Project(
            whole.objects + moved.objects,
            whole.locks + moved.locks,
            whole.updates + moved.updates,
            whole.uses + moved.uses,
            whole.misuses + moved.misuses,
        )
    return whole


def _moved(project: Project, objects: int, locks: int) -> Project:
    """The same project, with ids that are so much larger."""

    def of_objects(ids: Iterable[int]) -> tuple[int, ...]:
        return tuple(one + objects for one in ids)

    def of_locks(ids: Iterable[int]) -> tuple[int, ...]:
        return tuple(one + locks for one in ids)

    return Project(
        tuple(
            replace(one, id=one.id + objects, lock=None if one.lock is None else one.lock + locks)
            for one in project.objects
        ),
        tuple(
            replace(
                one,
                id=one.id + locks,
                owner=None if one.owner is None else one.owner + objects,
            )
            for one in project.locks
        ),
        tuple(
            replace(
                one,
                objects=of_objects(one.objects),
                held=of_locks(one.held),
                useless=of_locks(one.useless),
                sometimes=of_locks(one.sometimes),
                in_reach=tuple((lock + locks, name) for lock, name in one.in_reach),
            )
            for one in project.updates
        ),
        tuple(replace(one, objects=of_objects(one.objects)) for one in project.uses),
        tuple(replace(one, objects=of_objects(one.objects)) for one in project.misuses),
    )
