"""Classes of which a program makes so many objects that telling them apart helps nobody.

What a test suite makes a hundred times over would be followed a hundred times, with all that each of the
hundred makes and all methods of both. Sets of things give up at a number like this, too. The objects of
such a class are followed as one, of which there are several, as if a loop made them. Shared memory is
always told apart, and so are the objects that make it: it matters who has which.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lintvalue.model import expressions as e
from lintvalue.model.span import Location
from lintvalue.resolve.makers import last, walk
from lintvalue.resolve.values import Instance, Site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lintvalue.model.facts import FileFacts
    from lintvalue.resolve.makers import Makers
    from lintvalue.resolve.values import Class, Thing

_MOST_PLACES = 24


def crowds(files: Mapping[str, FileFacts], makers: Makers) -> frozenset[str]:
    """Names that are called at more places than objects are told apart by, and share nothing."""
    places = Counter(
        last(node.function)
        for facts in files.values()
        for node in walk(facts.body.statements)
        if isinstance(node, e.Call)
    )
    many = frozenset(name for name, count in places.items() if count > _MOST_PLACES)
    return many - makers.sharing


def of_all(definition: Class) -> Instance:
    """The one that stands for all objects of a class.

    It belongs to itself, as what a recursion makes does, so that what it makes is known to be several.
    """
    place = Location(definition.path, definition.span)
    return Instance(definition, Site(place, (place,)))


def is_crowd(thing: Thing | None) -> bool:
    return isinstance(thing, Instance) and thing == of_all(thing.definition)


def several(site: Site) -> bool:
    """Whether what is made there is made by objects of which there are several, for each of them."""
    return len(site.context) > len(set(site.context))
