"""The two lenses on a figure: by the units of its time (as reported), or in the map of a chosen day (restated).

The arithmetic is the engine's (`engines/rollup`): mergers are exact sums, divisions are apportioned by their shares and
marked as estimated, what cannot be apportioned says so. Here only the part of the register that is asked about is read.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from hieuhoc.engines.rollup import Block, Life, Restated, Span, restate, restate_block
from hieuhoc.engines.rollup import Succession as Passed
from hieuhoc.engines.rollup import Tree as Tree  # handed on: a lens is read once and used for several tables
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


def counts_restated(
    rows: Iterable[tuple[int, date, Mapping[str, int]]], *, on: date, tree: Tree | None = None
) -> dict[int, Counted]:
    """Named counts by unit and day on the map of `on`, by unit; a row is a unit (by row number), a day and its counts.

    `tree` is a `map_of` the units concerned, where it has been read already.

    What a unit without an heir of its level had stays under its own name: nothing is lost, and the totals are the same.
    """
    restated: dict[int, Counter[str]] = {}
    earlier: list[tuple[int, date, Mapping[str, int]]] = []
    for unit, day, counts in rows:
        if day < on:
            earlier.append((unit, day, counts))
        else:
            restated.setdefault(unit, Counter()).update(counts)
    if not earlier:
        return {unit: Counted(dict(counts)) for unit, counts in restated.items()}
    if tree is None:
        tree = map_of({unit for unit, _day, _counts in earlier})
    passing = []
    for unit, day, counts in earlier:
        if tree.stands(unit, on) or not tree.heirs(unit, day, on, figures=True):
            restated.setdefault(unit, Counter()).update(counts)
        else:
            passing.append((unit, day, counts))
    estimated = _pass_on(tree, passing, restated, on=on)
    return {unit: Counted(dict(counts), unit in estimated) for unit, counts in restated.items()}


def _pass_on(
    tree: Tree, rows: Sequence[tuple[int, date, Mapping[str, int]]], into: dict[int, Counter[str]], *, on: date
) -> set[int]:
    """Add the counts of ended units to their heirs', all at once; which heirs got a share of a divided unit."""
    units = sorted({unit for unit, _day, _counts in rows})
    days = sorted({day for _unit, day, _counts in rows})
    names = sorted({name for _unit, _day, counts in rows for name in counts})
    values = np.zeros((len(units), len(days), len(names)), np.int64)
    known = np.zeros(values.shape, np.bool_)
    row_of, column_of = {unit: n for n, unit in enumerate(units)}, {day: n for n, day in enumerate(days)}
    for unit, day, counts in rows:
        known[row_of[unit], column_of[day]] = True
        values[row_of[unit], column_of[day]] += [counts.get(name, 0) for name in names]
    found = restate_block(tree, Block(tuple(units), tuple(days), values, known), on)
    totals = found.values.sum(axis=1)
    shared = np.any(found.estimated & (found.values > 0), axis=(1, 2)).tolist()
    estimated = set()
    for place, heir in enumerate(found.units):
        if isinstance(heir, int) and found.known[place].any():
            into.setdefault(heir, Counter()).update(dict(zip(names, map(int, totals[place]), strict=True)))
            estimated |= {heir} if shared[place] else set()
    return estimated


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
