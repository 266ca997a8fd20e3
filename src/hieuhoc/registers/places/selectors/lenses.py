"""The two lenses on a figure: by the units of its time (as reported), or in the map of a chosen day (restated).

The arithmetic is the engine's (`engines/rollup`): mergers are exact sums, divisions are apportioned by their shares and
marked as estimated, what cannot be apportioned says so. Here only the part of the register that is asked about is read.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hieuhoc.engines.rollup import Life, Restated, Span, Tree, restate
from hieuhoc.engines.rollup import Succession as Passed
from hieuhoc.registers.places.models import Succession, UnitVersion

_PART = 5000


def map_of(units: Collection[int]) -> Tree:
    """The lives of some units (by row number), of all that went into them and of all that they went into.

    Parents are left out: figures pass from life to life, not up the tree. A query for each step back or forth through
    events, and one for the lives.
    """
    passed = _successions(set(units))
    involved = set(units) | {row.predecessor_id for row in passed} | {row.heir_id for row in passed}
    spans: dict[int, list[Span]] = {}
    names: dict[int, str] = {}
    for part in _parts(involved):
        rows = UnitVersion.objects.filter(unit__in=part).order_by("unit_id", "valid_from")
        for number, start, end, level, name in rows.values_list("unit_id", "valid_from", "valid_to", "level", "name"):
            spans.setdefault(number, []).append(Span(start, end, None, level))
            names[number] = name
    lives = [Life(number, tuple(found), names[number]) for number, found in spans.items()]
    return Tree(lives, [_passed(row) for row in passed])


def restated(
    series: Mapping[tuple[int, date], int | Hashable | None], *, on: date
) -> dict[tuple[int | str, date], Restated]:
    """A series of figures by unit and day, each recorded in the map of its day, in the map of `on`.

    The day of a figure is the last of its period. None is unknown, which is never zero.
    """
    by_unit: dict[tuple[int | str, date], Hashable | None] = {
        (unit, day): value for (unit, day), value in series.items()
    }
    return restate(map_of({unit for unit, _day in series}), by_unit, on)


@dataclass(frozen=True)
class Counted:
    """Counts of one unit on the map of a day; estimated when a share of a divided unit is among them."""

    counts: dict[str, int]
    is_estimated: bool = False


def counts_restated(rows: Iterable[tuple[int, date, Mapping[str, int]]], *, on: date) -> dict[int, Counted]:
    """Named counts by unit and day on the map of `on`, by unit; a row is a unit (by row number), a day and its counts.

    What a unit without an heir of its level had stays under its own name: nothing is lost, and the totals are the same.
    """
    given = list(rows)
    tree = map_of({unit for unit, _day, _counts in given})
    restated: dict[int, dict[str, int]] = {}
    estimated: set[int] = set()
    passing: dict[str, dict[tuple[int | str, date], Hashable | None]] = {}
    for unit, day, counts in given:
        stays = tree.stands(unit, on) or not tree.heirs(unit, day, on, figures=True)
        for name, count in counts.items():
            if stays:
                own = restated.setdefault(unit, {})
                own[name] = own.get(name, 0) + count
            else:
                passing.setdefault(name, {})[unit, day] = count
    for name, series in passing.items():
        for (heir, _day), found in restate(tree, series, on).items():
            if isinstance(heir, int) and isinstance(found.value, int):
                own = restated.setdefault(heir, {})
                own[name] = own.get(name, 0) + found.value
                estimated |= {heir} if found.is_estimated and found.value else set()
    return {unit: Counted(counts, unit in estimated) for unit, counts in restated.items()}


def reshaped_on(units: Collection[int]) -> list[date]:
    """The days on which something went out of or into these units, in order: between them the lenses differ."""
    return sorted({row.on for row in _successions(set(units))})


def _successions(units: set[int]) -> list[Succession]:
    """Everything that can be reached from some units by going back and forth through events."""
    found: dict[int, Succession] = {}
    seen: set[int] = set()
    fresh = set(units)
    while fresh:
        seen |= fresh
        rows = [
            row
            for part in _parts(fresh)
            for side in ("predecessor__in", "heir__in")
            for row in Succession.objects.filter(**{side: part})
        ]
        found.update((row.pk, row) for row in rows)
        fresh = {one for row in rows for one in (row.predecessor_id, row.heir_id)} - seen
    return [found[number] for number in sorted(found)]


def _passed(row: Succession) -> Passed:
    share = Fraction(row.share_over, row.share_of)
    return Passed(row.predecessor_id, row.heir_id, row.on, share, is_estimated=row.is_estimated)


def _parts(units: Collection[int]) -> list[list[int]]:
    ordered = sorted(units)
    return [ordered[start : start + _PART] for start in range(0, len(ordered), _PART)]
