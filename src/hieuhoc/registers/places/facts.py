"""What the register of units counts for a period: the communes and the districts that stand on its last day.

Each counts itself, so that the figures add up by the map of that day; shares of communes stand on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from hieuhoc.engines.rollup import Fact
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.places import rules, selectors

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

COUNTED: Mapping[str, str] = {"places.communes": "commune", "places.districts": "district"}
"""What is counted, and the level of the units that it counts."""
_BY_KIND = {"places.communes"}


@dataclass(frozen=True)
class Row:
    """One unit that a figure counts: its name, under which unit, since when, and its page."""

    title: str
    unit: str
    on: date | None
    url: str


def facts(period: Period, *, names: Collection[str] | None = None) -> Iterator[Fact]:
    """One for each unit that stands on the period's last day; of communes by kind too (`place_kind`).

    Units: units of the level. A kind that a commune is not of counts zero: it is known not to be of it.
    """
    for what, level in COUNTED.items():
        if names is not None and what not in names:
            continue
        for unit, kind in selectors.units_on(period.last, level=level).values_list("unit_id", "kind"):
            yield Fact(what, unit, period, 1)
            if what in _BY_KIND:
                for one in rules.KINDS_OF_LEVEL[level]:
                    yield Fact(what, unit, period, int(kind == one), by=f"place_kind={one}")


def rows_beneath(user: object, what: str, *, unit: Unit, period: Period) -> list[Row]:
    """The units that a figure of a unit counts; the register is open to everybody who is signed in."""
    level = COUNTED[what]
    found = selectors.units_on(period.last, level=level, under=unit)
    rows = list(found) or [row for row in selectors.life(unit) if row.level == level and row.holds_on(period.last)]
    return [Row(row.name, row.parent.name if row.parent else "", row.valid_from, _page(row.unit)) for row in rows]


def _page(unit: Unit) -> str:
    return reverse("units:detail", args=[unit.key])
