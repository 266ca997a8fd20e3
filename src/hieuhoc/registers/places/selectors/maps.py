"""The register over a stretch of days as one tree, for adding figures up: provinces, and all beneath them."""

from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from hieuhoc.engines.rollup import Life, Span
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import UnitVersion
from hieuhoc.registers.places.selectors.lenses import Tree

_PART = 5000


def tree_between(first: date, last: date, *, level: str, units: Collection[int] | None = None) -> Tree:
    """The provinces and all beneath them down to a level, as they stood from one day to another, both included.

    With `units` (by row number), only the provinces in which these stood, and those with which such a province had
    units in common in that time: what is added up in them needs no other.
    """
    versions = _versions(first, last, level)
    if units is not None:
        versions = versions.filter(_beneath(_provinces(versions, units)))
    spans: dict[int, list[Span]] = {}
    names: dict[int, str] = {}
    columns = ("unit_id", "valid_from", "valid_to", "parent_id", "level", "name")
    rows = versions.order_by("unit_id", "valid_from").values_list(*columns)
    for number, start, end, parent, own_level, name in rows.iterator(chunk_size=_PART):
        told = spans.setdefault(number, [])
        # A new name or code changes nothing of the map.
        if told and told[-1].valid_to == start and (told[-1].parent, told[-1].level) == (parent, own_level):
            start = told.pop().valid_from
        # Cut to the days that are asked for: what stands beneath what is known of these alone.
        told.append(Span(max(start, first), end if end and end <= last else None, parent, own_level))
        names[number] = name
    return Tree(Life(number, tuple(found), names[number]) for number, found in spans.items())


def _versions(first: date, last: date, level: str) -> QuerySet[UnitVersion]:
    deep = rules.ADMINISTRATIVE.index(level) + 1
    standing = Q(valid_to__isnull=True) | Q(valid_to__gt=first)
    return UnitVersion.objects.filter(standing, valid_from__lte=last, level__in=rules.ADMINISTRATIVE[:deep])


def _provinces(versions: QuerySet[UnitVersion], units: Collection[int]) -> set[str]:
    """The paths of the provinces of some units, and of those that share a unit with one of these."""
    found: set[str] = set()
    fresh = _roots(versions, units)
    while fresh - found:
        found |= fresh
        within = set(versions.filter(_beneath(fresh)).values_list("unit_id", flat=True))
        fresh = _roots(versions, within)
    return found


def _roots(versions: QuerySet[UnitVersion], units: Collection[int]) -> set[str]:
    ordered = sorted(units)
    parts = [ordered[start : start + _PART] for start in range(0, len(ordered), _PART)]
    paths = [path for part in parts for path in versions.filter(unit__in=part).values_list("path", flat=True)]
    return {rules.path_under("", rules.path_numbers(path)[0]) for path in paths}


def _beneath(roots: Collection[str]) -> Q:
    nothing = Q(pk__in=[])
    return reduce(or_, (Q(path=root) | Q(path__beneath=root) for root in sorted(roots)), nothing)
