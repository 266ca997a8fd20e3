"""How the facts of a base indicator become totals: on which periods they lie, and what they make of longer ones."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from hieuhoc.engines.rollup import Life, Tree
from hieuhoc.engines.rollup.grid import Grid, OverTime
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of

_LEVELS = ("province", "district", "commune", "hamlet")
_NO_SUM = ("none", "distinct")


@dataclass(frozen=True)
class Reckoning:
    """How one version of a base indicator is added up, for as long as the version holds.

    Its columns are those of the definition.
    """

    indicator: int
    code: str
    valid_from: date
    valid_to: date | None
    calendar: Calendar
    rhythms: tuple[Rhythm, ...]
    over_places: str
    over_time: str
    reported_at: str
    levels: tuple[str, ...]
    measure: str = "count"
    breakdowns: tuple[str, ...] = ()
    fact: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether a unit has the sum of what stands beneath it; otherwise every unit has a figure of its own."""
        return self.over_places not in _NO_SUM

    @property
    def depth(self) -> str:
        """The lowest level at which there are facts."""
        if self.adds_up:
            return self.reported_at
        return max((level for level in self.levels if level in _LEVELS), key=_LEVELS.index, default=self.reported_at)

    @property
    def shortest(self) -> Rhythm:
        """The rhythm of its facts."""
        return min(self.rhythms, key=lambda rhythm: rhythm.months)

    @property
    def rule(self) -> OverTime:
        return OverTime.LAST if self.over_time == "none" else OverTime(self.over_time)

    def holds_in(self, period: Period) -> bool:
        """Whether the version says what the indicator is on the last day of a period."""
        return self.valid_from <= period.last and (self.valid_to is None or period.last < self.valid_to)

    def takes(self, period: Period) -> bool:
        """Whether facts may lie on a period: one of the shortest rhythm, or a span that somebody set for one report."""
        if period.calendar is Calendar.OWN:
            return True
        in_rhythm = period.rhythm in self.rhythms if self.over_time == "none" else period.rhythm is self.shortest
        return period.calendar is self.calendar and in_rhythm


@dataclass(frozen=True)
class Sheet:
    """Periods whose facts are added up together, and the periods for which they make totals."""

    columns: tuple[Period, ...]
    asked: tuple[Period, ...]


def sheet_of(reckoning: Reckoning, period: Period) -> Sheet | None:
    """The sheet on which a period of facts or of totals lies; None when the indicator knows no such period."""
    if period.calendar is Calendar.OWN:
        return Sheet((period,), (period,))
    if period.calendar is not reckoning.calendar or period.rhythm not in reckoning.rhythms:
        return None
    if reckoning.over_time == "none":
        return Sheet((period,), (period,))
    return _sheet(reckoning.rhythms, year_of(period))


@lru_cache(maxsize=1000)
def _sheet(rhythms: tuple[Rhythm, ...], year: Period) -> Sheet:
    told = [tuple(turns(rhythm, year)) for rhythm in sorted(set(rhythms), key=lambda rhythm: rhythm.months)]
    return Sheet(told[0], tuple(one for periods in told for one in periods))


def turns(rhythm: Rhythm, year: Period) -> Iterator[Period]:
    """The turns of a rhythm within a year of a calendar."""
    one = period_of(rhythm, year.first, year.calendar)
    while one.first < year.end:
        yield one
        one = one.following()


def year_of(period: Period) -> Period:
    """The calendar's year in which a period lies; a span of its own stands for itself."""
    if period.calendar is Calendar.OWN:
        return period
    return period_of(Rhythm.YEAR, period.first, period.calendar)


def reckoning_in(versions: Sequence[Reckoning], year: Period) -> Reckoning | None:
    """The version by which the figures of a year are added up: the last that holds on any of its days."""
    within = [one for one in versions if one.valid_from < year.end and (not one.valid_to or one.valid_to > year.first)]
    return max(within, key=lambda one: one.valid_from, default=None)


def apart(tree: Tree) -> Tree:
    """The same units, none beneath another."""
    return Tree(Life(one.unit, tuple(replace(span, parent=None) for span in one.spans), one.name) for one in tree.lives)


class Cell(NamedTuple):
    """What is added up by itself: an indicator, whole or in a part."""

    indicator: int
    by: str


class Recorded(NamedTuple):
    """A fact on its way onto a sheet: its unit, the numbers of its column and cell, the value, 1 if approved or 0."""

    unit: int
    column: int
    cell: int
    value: int
    approved: int


class Sum(NamedTuple):
    """A total: `value / divisor`, known from `reported` of `expected` facts, `approved` of them approved."""

    value: int
    divisor: int
    reported: int
    expected: int
    approved: int


class Key(NamedTuple):
    """Of whom, of what and of when a total is; `period` is the period's key."""

    unit: int
    cell: Cell
    period: str


@dataclass(frozen=True)
class Added:
    """The totals of a sheet, and the facts that lie where no unit reports on the map of their day."""

    sums: dict[Key, Sum]
    homeless: tuple[Recorded, ...]


def add_up(
    tree: Tree,
    sheet: Sheet,
    cells: Sequence[Cell],
    rules: Sequence[OverTime],
    facts: Sequence[Recorded],
    *,
    asked: Collection[Period] = (),
    units: Collection[int] = (),
) -> Added:
    """The totals of a sheet: of all periods and units, or of those asked for. Nothing is told where nothing is known.

    Raises: Invalid for sums beyond 64 bits.
    """
    if not facts or not tree.lives:
        return Added({}, tuple(facts))
    grid = Grid(tree, sheet.columns, 2 * len(cells))
    rows, homeless = _put(grid, facts, len(cells))
    grid.add_up()
    # Of the facts behind a mean, all that are approved are counted.
    approvals = [OverTime.LAST if rule is OverTime.LAST else OverTime.SUM for rule in rules]
    wanted = np.zeros(len(grid.units), np.bool_)
    wanted[[row for row, unit in enumerate(grid.units) if unit in units] if units else slice(None)] = True
    sums: dict[Key, Sum] = {}
    for period in asked or sheet.asked:
        sums.update(_told(grid, period, [*rules, *approvals], cells, wanted))
    return Added(sums, tuple(fact for fact, row in zip(facts, rows, strict=True) if row < 0) if homeless else ())


def _put(grid: Grid, facts: Sequence[Recorded], width: int) -> tuple[list[int], bool]:
    """The row of each fact, -1 for one that has no place; the second half of the indicators says what is approved."""
    row_of = {unit: row for row, unit in enumerate(grid.units)}
    units, columns, cells, values, approved = zip(*facts, strict=True)
    rows = np.array([row_of.get(unit, -1) for unit in units], np.intp)
    at = np.array(columns, np.intp)
    fits = (rows >= 0) & grid.is_leaf[rows, at]
    told = np.array(values, np.int64)[fits], np.array(approved, np.int64)[fits]
    for number, figures in enumerate(told):
        grid.put(rows[fits], at[fits], np.array(cells, np.intp)[fits] + number * width, figures)
    return np.where(fits, rows, -1).tolist(), not bool(fits.all())


def _told(
    grid: Grid, period: Period, rules: Sequence[OverTime], cells: Sequence[Cell], wanted: np.ndarray
) -> Iterator[tuple[Key, Sum]]:
    width = len(cells)
    totals = grid.over(period, rules)
    rows, places = np.nonzero((totals.reported[:, :width] > 0) & wanted[:, None])
    columns = (
        totals.values[rows, places],
        totals.count[rows, places],
        totals.reported[rows, places],
        totals.expected[rows, places],
        totals.values[rows, places + width],
    )
    told = zip(rows.tolist(), places.tolist(), *(column.tolist() for column in columns), strict=True)
    key = period.key
    for row, place, *numbers in told:
        yield Key(int(totals.units[row]), cells[place], key), Sum(*numbers)
