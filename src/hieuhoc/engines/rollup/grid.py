"""The figures of every unit of every level: facts are put in at the leaves and added up, exactly, to the top."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from hieuhoc.engines.rollup.lives import UnitId
from hieuhoc.engines.rollup.tree import Tree
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.periods import Period, Rhythm, period_of

# Sums of whole numbers up to this are exact in 64 bits, with room for a sign.
LARGEST_SUM = 2**62
# So many facts at a time that their places stay in the processor's cache.
_AT_ONCE = 1 << 16


class OverTime(StrEnum):
    """How the months of a period make one figure."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"


@dataclass(frozen=True, eq=False)
class Totals:
    """The figures of one period. Shapes: [unit, indicator]; `stands` is [unit].

    A figure is `values / months`, which keeps means exact; it is unknown where `reported` is 0. It stands on `reported`
    of `expected` facts: for a sum and a mean those of all months of the period, for the last those of its month.
    """

    units: tuple[UnitId, ...]
    period: Period
    stands: npt.NDArray[np.bool_]
    values: npt.NDArray[np.int64]
    months: npt.NDArray[np.int32]
    reported: npt.NDArray[np.int32]
    expected: npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Stretch:
    """Months of a grid that lie on one map, with the rows that stand beneath each row that is no leaf there."""

    start: int
    end: int
    children: Mapping[int, Sequence[int]]


class Grid:
    """Room for the facts of some months, and for their totals over the tree as it stood on each month's last day.

    Rows are all units that stand in one of the months, depth first as they stand in the last one. Facts belong to the
    leaves: what stands above them has the sum of what stands beneath it, and no figure of its own beside that.

    Example:
        >>> from datetime import date
        >>> from hieuhoc.engines.rollup.lives import Life, Span
        >>> from hieuhoc.kernel.periods import period_of
        >>> begin, september = date(2018, 1, 1), period_of(Rhythm.MONTH, date(2020, 9, 17))
        >>> tree = Tree([Life("huyện", (Span(begin),)), *(Life(x, (Span(begin, None, "huyện"),)) for x in "abc")])
        >>> grid = Grid(tree, [september], 1)
        >>> grid.put([grid.row("a"), grid.row("b")], [0, 0], [0, 0], [40, 40])
        >>> grid.add_up()
        >>> told = grid.over(september, [OverTime.SUM])
        >>> at = grid.row("huyện"), 0
        >>> int(told.values[at]), int(told.reported[at]), int(told.expected[at])
        (80, 2, 3)
    """

    def __init__(self, tree: Tree, months: Sequence[Period], indicators: int) -> None:
        if not months or any(month.rhythm is not Rhythm.MONTH for month in months):
            raise Invalid("Số liệu được cộng theo tháng.")
        if any(month.following() != later for month, later in pairwise(months)):
            raise Invalid("Các tháng phải liền nhau.")
        self.tree = tree
        self.months = tuple(months)
        self.units = _rows(tree, self.months)
        self._row = {unit: row for row, unit in enumerate(self.units)}
        self._column = {month: column for column, month in enumerate(self.months)}
        shape = (len(self.units), len(self.months), indicators)
        # Whether a unit stands in a month, and how many leaves are in it: [unit, month].
        self.stands = np.zeros(shape[:2], np.bool_)
        self.leaves = np.zeros(shape[:2], np.int32)
        self._stretches = [self._drawn(start, end) for start, end in _stretches(tree, self.months)]
        self.values = np.zeros(shape, np.int64)
        self.reported = np.zeros(shape, np.int32)
        self._facts = 0
        self._largest = 0

    def row(self, unit: UnitId) -> int:
        """Raises Invalid when the unit stands in none of the months."""
        if unit not in self._row:
            raise Invalid("“{unit}” không tồn tại vào tháng nào của số liệu.", unit=self.tree.title(unit))
        return self._row[unit]

    def put(
        self,
        rows: npt.ArrayLike,
        columns: npt.ArrayLike,
        indicators: npt.ArrayLike,
        values: npt.ArrayLike,
        *,
        threads: int = 1,
    ) -> None:
        """Put facts in their places: four columns of one length; `columns` counts the months of the grid."""
        given = [np.asarray(rows), np.asarray(columns), np.asarray(indicators), np.asarray(values, np.int64)]
        if not len(given[3]):
            return

        def put_some(start: int) -> int:
            return self._put_some(*(column[start : start + _AT_ONCE] for column in given))

        with ThreadPoolExecutor(threads) as pool:
            self._largest = max(self._largest, *pool.map(put_some, range(0, len(given[3]), _AT_ONCE)))
        self._facts += len(given[3])

    def _put_some(
        self,
        rows: npt.NDArray[np.integer],
        columns: npt.NDArray[np.integer],
        indicators: npt.NDArray[np.integer],
        values: npt.NDArray[np.int64],
    ) -> int:
        """Returns the largest of the values, taken without its sign."""
        for places, size in zip((rows, columns, indicators), self.values.shape, strict=True):
            if places.min() < 0 or places.max() >= size:
                raise IndexError("a fact lies outside the grid")
        _, months, width = self.values.shape
        place = rows.astype(np.int64)
        place *= months
        place += columns
        place *= width
        place += indicators
        self.values.reshape(-1)[place] = values
        self.reported.reshape(-1)[place] = 1
        return max(int(values.max()), -int(values.min()))

    def add_up(self) -> None:
        """Give every unit above the leaves the sum of what stands beneath it, on the map of each month.

        Raises:
            Conflict: the same fact was put in twice.
            Invalid: a fact of a unit that does not stand in its month, or stands above others; sums beyond 64 bits.
        """
        self._check()
        for stretch in self._stretches:
            for row, children in stretch.children.items():
                for array in (self.values, self.reported):
                    _add_rows(array, children, stretch, row)

    def over(self, period: Period, rules: Sequence[OverTime]) -> Totals:
        """The figures of a period, by a rule for each indicator. All its months are those of the grid."""
        months = _months_of(period)
        if any(month not in self._column for month in months):
            raise Invalid("{period} không nằm trọn trong các tháng của số liệu.", period=period.name)
        cells = slice(self._column[months[0]], self._column[months[-1]] + 1)
        values = self.values[:, cells].sum(axis=1)
        reported = self.reported[:, cells].sum(axis=1, dtype=np.int32)
        expected = np.broadcast_to(self.leaves[:, cells].sum(axis=1, dtype=np.int32)[:, None], reported.shape).copy()
        of_months = np.ones_like(reported)
        means = [at for at, rule in enumerate(rules) if rule is OverTime.MEAN]
        if means and len(months) > 1:
            known = (self.reported[:, cells][:, :, means] > 0).sum(axis=1, dtype=np.int32)
            of_months[:, means] = np.maximum(known, 1)
        lasts = [at for at, rule in enumerate(rules) if rule is OverTime.LAST]
        if lasts and len(months) > 1:
            values[:, lasts], reported[:, lasts], expected[:, lasts] = self._last(lasts, cells)
        stands: npt.NDArray[np.bool_] = np.logical_or.reduce(self.stands[:, cells], axis=1)
        return Totals(self.units, period, stands, values, of_months, reported, expected)

    def _last(
        self, indicators: list[int], cells: slice
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """What the last month in which anything is known says; where nothing is, the last in which the unit stands."""
        shape = (len(self.units), len(indicators))
        values, reported, expected = np.zeros(shape, np.int64), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
        for column in range(cells.start, cells.stop):
            told = self.reported[:, column][:, indicators]
            known = told > 0
            np.copyto(values, self.values[:, column][:, indicators], where=known)
            np.copyto(reported, told, where=known)
            leaves = np.broadcast_to(self.leaves[:, column, None], shape)
            np.copyto(expected, leaves, where=known | ((reported == 0) & self.stands[:, column, None]))
        return values, reported, expected

    def _check(self) -> None:
        for stretch in self._stretches:
            columns = slice(stretch.start, stretch.end)
            above = np.isin(np.arange(len(self.units)), [*stretch.children])
            silent = np.flatnonzero(~self.stands[:, stretch.start] | above)
            told = self.reported[silent, columns].any(axis=2)
            if told.any():
                at, month = (int(place) for place in np.argwhere(told)[0])
                self._refuse(int(silent[at]), stretch.start + month)
        if np.count_nonzero(self.reported) != self._facts:
            raise Conflict("Có số liệu của cùng một đơn vị, chỉ tiêu và tháng được ghi hai lần.")
        if self._largest * self._facts > LARGEST_SUM:
            absolute = sum(float(np.abs(rows.astype(np.float64)).sum()) for rows in self.values)
            if absolute > LARGEST_SUM:
                raise Invalid("Số liệu quá lớn, không cộng chính xác được.")

    def _refuse(self, row: int, column: int) -> None:
        unit, month = self.tree.title(self.units[row]), self.months[column]
        if not self.stands[row, column]:
            raise Invalid("Có số liệu {month} của “{unit}”, khi đơn vị không tồn tại.", month=month.name, unit=unit)
        raise Invalid(
            "“{unit}” có số liệu riêng {month}, trong khi số liệu của nó là tổng của các đơn vị trực thuộc.",
            unit=unit,
            month=month.name,
        )

    def _drawn(self, start: int, end: int) -> _Stretch:
        day = self.months[start].last
        children: dict[int, list[int]] = {}
        # From the last to the first of a depth-first order, every unit comes before the one above it.
        for unit in reversed(self.tree.units(day)):
            row = self._row[unit]
            beneath = sorted(self._row[child] for child in self.tree.children(unit, day))
            self.stands[row, start:end] = True
            self.leaves[row, start:end] = self.leaves[beneath, start].sum() if beneath else 1
            if beneath:
                children[row] = beneath
        return _Stretch(start, end, children)


def _stretches(tree: Tree, months: Sequence[Period]) -> Iterator[tuple[int, int]]:
    """The columns at which a map begins, and those at which it has ended."""
    turns = [tree.turn(month.last) for month in months]
    start = 0
    for end in range(1, len(turns) + 1):
        if end == len(turns) or turns[end] != turns[start]:
            yield start, end
            start = end


def _rows(tree: Tree, months: Sequence[Period]) -> tuple[UnitId, ...]:
    turns = {tree.turn(month.last): month.last for month in reversed(months)}
    return tuple(dict.fromkeys(unit for day in turns.values() for unit in tree.units(day)))


def _months_of(period: Period) -> list[Period]:
    found = []
    first = period.first
    while first < period.end:
        found.append(period_of(Rhythm.MONTH, first))
        first = found[-1].end
    return found


def _add_rows(
    array: npt.NDArray[np.int64] | npt.NDArray[np.int32], rows: Sequence[int], stretch: _Stretch, to: int
) -> None:
    """The sum of some rows, in order, into another row; rows that lie together are read where they lie."""
    columns = slice(stretch.start, stretch.end)
    if rows[-1] - rows[0] + 1 == len(rows):
        array[rows[0] : rows[-1] + 1, columns].sum(axis=0, out=array[to, columns])
    else:
        array[list(rows), columns].sum(axis=0, out=array[to, columns])
