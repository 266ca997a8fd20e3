"""Facts into totals, over places and over time; by the engine, in the shapes of this register."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from hieuhoc.engines.rollup import Life, Tree
from hieuhoc.engines.rollup.grid import LARGEST_SUM, Grid, OverTime
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.indicators.rules.expecting import Expecting
from hieuhoc.registers.indicators.rules.reckoning import Sheet


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
    wanted = np.zeros(len(grid.units), np.bool_)
    wanted[[row for row, unit in enumerate(grid.units) if unit in units] if units else slice(None)] = True
    sums = _all_told(grid, asked or sheet.asked, rules, cells, wanted)
    return Added(sums, tuple(fact for fact, row in zip(facts, rows, strict=True) if row < 0) if homeless else ())


def add_up_over_time(
    tree: Tree,
    sheet: Sheet,
    rule_of: Mapping[Cell, OverTime],
    sums: Mapping[Key, Sum],
    *,
    asked: Collection[Period],
    units: Collection[int],
) -> dict[Key, Sum]:
    """The totals of some units for longer periods, from those that they have for the columns of the sheet.

    `tree` is the whole tree: it says how many facts are expected where a unit has no total.

    Raises: Invalid for sums beyond 64 bits.
    """
    cells = list(rule_of)
    alone = [life for life in apart(tree).lives if life.unit in units]
    if sum(abs(told.value) for told in sums.values()) > LARGEST_SUM:
        raise Invalid("Số liệu quá lớn, không cộng chính xác được.")
    if not cells or not alone:
        return {}
    grid = Grid(Tree(alone), sheet.columns, 2 * len(cells), above=units)
    expecting = Expecting(tree)
    for unit in (one for one in grid.units if isinstance(one, int)):
        values = np.zeros((len(sheet.columns), 2 * len(cells)), np.int64)
        reported = np.zeros(values.shape, np.int32)
        for column, period in enumerate(sheet.columns):
            for place, cell in enumerate(cells):
                told = sums.get(Key(unit, cell, period.key))
                if told is not None:
                    values[column, [place, place + len(cells)]] = told.value, told.approved
                    reported[column, [place, place + len(cells)]] = told.reported
        leaves = np.array([expecting.reporting(unit, period.last) for period in sheet.columns], np.int32)
        grid.bring(unit, values, reported, leaves)
    everywhere = np.ones(len(grid.units), np.bool_)
    return _all_told(grid, asked, list(rule_of.values()), cells, everywhere)


def _all_told(
    grid: Grid, asked: Collection[Period], rules: Sequence[OverTime], cells: Sequence[Cell], wanted: np.ndarray
) -> dict[Key, Sum]:
    # Of the facts behind a mean, all that are approved are counted.
    approvals = [OverTime.LAST if rule is OverTime.LAST else OverTime.SUM for rule in rules]
    sums: dict[Key, Sum] = {}
    for period in asked:
        sums.update(_told(grid, period, [*rules, *approvals], cells, wanted))
    return sums


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
