"""Real shapes of units, imported by an administrator: read with suspicion, matched by code or name, thinned once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.ui import charts
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.models import Unit, UnitVersion
from hieuhoc.reports.models import Boundary

MOST_POSITIONS = 12_000  # of one import: three times what a map draws, so that a district drawn alone has detail


@dataclass(frozen=True)
class Imported:
    """How many units got a shape, and what of the file belongs to no unit of theirs."""

    units: int
    left: tuple[str, ...]


@transaction.atomic
def import_boundaries(*, by: User, unit: Unit, content: bytes, source: str, on: date) -> Imported:
    """Take the shapes of a GeoJSON file for a unit and those beneath it, as they stand on a day.

    A feature belongs to the unit whose official code, or whose name if only one is called so, stands among its
    properties. Earlier shapes of the same units end on that day; an import for the same day takes their place.

    Raises: Missing, Refused; Invalid when the file is no map, or none of its features belongs to a unit.
    """
    access.require(by, Permission.UNIT_EDIT, at=unit)
    if not source.strip():
        raise Invalid("Hãy ghi nguồn của ranh giới.", field="source")
    features = charts.read_boundaries(content)
    standing = list(places.units_on(on, under=unit).filter(level__in=places.ADMINISTRATIVE_LEVELS))
    matched, left = _matched(features, standing)
    if not matched:
        raise Invalid(
            "Không có đơn vị nào trong tệp khớp với danh mục: thuộc tính phải có mã hoặc tên đơn vị.", field="file"
        )
    for shapes in _by_level(matched):
        thin = charts.simplified({str(one.unit_id): rings for one, rings in shapes}, most=MOST_POSITIONS)
        for one, _rings in shapes:
            _keep(one.unit_id, [list(map(list, ring)) for ring in thin[str(one.unit_id)]], source.strip(), on)
    changes = {"units": [0, len(matched)], "source": ["", source.strip()]}
    trail.record(by=by, deed="reports.boundary.import", what=unit, changes=changes)
    return Imported(len(matched), tuple(left))


Matched = tuple[UnitVersion, tuple[charts.Ring, ...]]


def _matched(features: Iterable[charts.Feature], standing: Iterable[UnitVersion]) -> tuple[list[Matched], list[str]]:
    by_code: dict[str, UnitVersion] = {}
    by_name: dict[str, list[UnitVersion]] = defaultdict(list)
    for one in standing:
        if one.code:
            by_code[one.code] = one
        by_name[fold(one.name)].append(one)
    found: dict[int, list[charts.Ring]] = defaultdict(list)
    versions: dict[int, UnitVersion] = {}
    left = []
    for feature in features:
        told = [value.strip() for value in feature.properties.values()]
        unit = next((by_code[value] for value in told if value in by_code), None)
        unit = unit or next((by_name[fold(value)][0] for value in told if len(by_name.get(fold(value), ())) == 1), None)
        if unit is None or not feature.rings:
            left.append(next((value for value in told if not value.isdecimal()), "?")[:80])
            continue
        versions[unit.unit_id] = unit
        found[unit.unit_id] += feature.rings
    return [(versions[number], tuple(rings)) for number, rings in found.items()], left


def _by_level(matched: Iterable[Matched]) -> list[list[Matched]]:
    """Neighbours share borders within a level; a district's outline is not that of its communes to the last bend."""
    levels: dict[str, list[Matched]] = defaultdict(list)
    for one in matched:
        levels[one[0].level].append(one)
    return list(levels.values())


def _keep(number: int, rings: list[list[list[float]]], source: str, on: date) -> None:
    Boundary.objects.filter(unit=number, valid_from__lt=on, valid_to=None).update(valid_to=on)
    Boundary.objects.update_or_create(
        unit_id=number, valid_from=on, defaults={"rings": rings, "source": source, "valid_to": None}
    )
