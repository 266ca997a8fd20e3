"""The figures of every unit of every level: facts are put in at the leaves and added up, exactly, to the top."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hieuhoc.engines.rollup.lives import UnitId
from hieuhoc.engines.rollup.tree import Tree
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.periods import Period
from hieuhoc.kernel.terms import Term

# Which arithmetic computed a stored total; raised when the same facts would give other totals.
VERSION = "rollup-1"
# Sums of whole numbers up to this are exact in 64 bits, with room for a sign.
LARGEST_SUM = 2**62
# So many facts at a time that their places stay in the processor's cache.
_AT_ONCE = 1 << 16
# So many are looked at in one go, that the going is not the most of it.
_LOOKED_AT = 1 << 19
# So many tasks for each thread that none waits long for the last.
_TASKS = 8
# So many rows of ones can be added up in 8 bits.
_FITS_8_BITS = 255

_TWICE = Term("Có số liệu của cùng một đơn vị, chỉ tiêu và kỳ được ghi hai lần.")

_Integers: TypeAlias = npt.NDArray[np.integer]


class OverTime(StrEnum):
    """How the shorter periods within a period make one figure."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"


@dataclass(frozen=True, eq=False)
class Totals:
    """The figures of one period. Shapes: [unit, indicator]; `stands` is [unit].

    A figure is `values / count`, which keeps means exact; it is unknown where `reported` is 0. It stands on `reported`
    of `expected` facts: for a sum and a mean those of all the grid's periods within, for the last those of that one.
    """

    units: tuple[UnitId, ...]
    period: Period
    stands: npt.NDArray[np.bool_]
    values: npt.NDArray[np.int64]
    count: npt.NDArray[np.int32]
    reported: npt.NDArray[np.int32]
    expected: npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Stretch:
    """Periods of a grid that lie on one map, with the rows that stand beneath each row that is no leaf there.

    The rows come from below: each after all that stand beneath it.
    """

    start: int
    end: int
    children: Mapping[int, npt.NDArray[np.intp]]


class Grid:
    """Room for the facts of some periods, and for their totals over the tree as it stood on each one's last day.

    The periods are of one rhythm and calendar and follow one another: months, half-years, literacy years; or one alone.
    Rows are all units that stand in one of them, depth first as they stand in the last one. Facts belong to the
    leaves: what stands above them has the sum of what stands beneath it, and no figure of its own beside that. Units
    of `above` are given their sums from elsewhere (`bring`).

    Example:
        >>> from datetime import date
        >>> from hieuhoc.engines.rollup.lives import Life, Span
        >>> from hieuhoc.kernel.periods import Rhythm, period_of
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

    def __init__(
        self, tree: Tree, periods: Sequence[Period], indicators: int, *, above: Collection[UnitId] = ()
    ) -> None:
        if len({(period.rhythm, period.calendar) for period in periods}) != 1:
            raise Invalid("Số liệu được cộng theo các kỳ của một nhịp và một lịch.")
        if any(period.following() != later for period, later in pairwise(periods)):
            raise Invalid("Các kỳ phải liền nhau.")
        self.tree = tree
        self.periods = tuple(periods)
        stretches = list(_stretches(tree, self.periods))
        outlines = [tree.outline(self.periods[start].last) for start, _ in stretches]
        self.units = tuple(dict.fromkeys(unit for outline in reversed(outlines) for unit, _ in outline))
        self._row = {unit: row for row, unit in enumerate(self.units)}
        # Whether a unit stands in a period, whether with nobody beneath, and how many leaves are in it: [unit, period].
        self.stands = np.zeros((len(self.units), len(self.periods)), np.bool_)
        self.is_leaf = np.zeros(self.stands.shape, np.bool_)
        self.leaves = np.zeros(self.stands.shape, np.int32)
        self._stretches = [
            self._drawn(start, end, outline) for (start, end), outline in zip(stretches, outlines, strict=True)
        ]
        # Those that are never more than a leaf have a block of their own, in which facts alone are kept.
        upper = {row for stretch in self._stretches for row in stretch.children}
        upper |= {self._row[unit] for unit in above if unit in self._row}
        self._upper_rows = np.array(sorted(upper), np.intp)
        self._leaf_rows = np.array([row for row in range(len(self.units)) if row not in upper], np.intp)
        self._slot = np.empty(len(self.units), np.intp)
        self._slot[self._leaf_rows] = np.arange(len(self._leaf_rows))
        self._slot[self._upper_rows] = np.arange(len(self._leaf_rows), len(self.units))
        cells = (len(self.periods), indicators)
        self._facts = np.zeros((len(self._leaf_rows), *cells), np.int64)
        self._known: npt.NDArray[np.uint8] = np.zeros(self._facts.shape, np.uint8)
        self._sums = np.zeros((len(self._upper_rows), *cells), np.int64)
        self._reported = np.zeros(self._sums.shape, np.int32)
        self._is_whole = False
        self._count = 0
        self._largest = 0

    def row(self, unit: UnitId) -> int:
        """Raises Invalid when the unit stands in none of the periods."""
        if unit not in self._row:
            raise Invalid("“{unit}” không tồn tại vào kỳ nào của số liệu.", unit=self.tree.title(unit))
        return self._row[unit]

    def put(
        self,
        units: npt.ArrayLike,
        columns: npt.ArrayLike,
        indicators: npt.ArrayLike,
        values: npt.ArrayLike,
        *,
        rows: npt.ArrayLike | None = None,
        threads: int = 1,
    ) -> None:
        """Put facts in their places: four columns of one length; `columns` counts the periods of the grid.

        `units` are rows, or codes by which `rows` tells the rows. Values that are whole and lie in the order of the
        grid (unit, period, indicator) are taken as they lie, without a copy: leave them as they are.
        """
        given = tuple(np.asarray(column) for column in (units, columns, indicators))
        numbers = np.asarray(values, np.int64)
        if not len(numbers):
            return
        if self._is_whole:
            raise Conflict(_TWICE)
        table = self._slot
        if rows is not None:
            table = np.append(self._slot, -1)[np.asarray(rows)]
        with ThreadPoolExecutor(threads) as pool:
            if not self._take_as_they_lie(pool, given, numbers, table):

                def put_some(start: int) -> int:
                    some = slice(start, start + _AT_ONCE)
                    return self._put_some(table, given[0][some], given[1][some], given[2][some], numbers[some])

                self._largest = max(self._largest, *pool.map(put_some, range(0, len(numbers), _AT_ONCE)))
        self._count += len(numbers)

    def add_up(self, *, threads: int = 1) -> None:
        """Give every unit above the leaves the sum of what stands beneath it, on the map of each period.

        Raises:
            Conflict: the same fact was put in twice.
            Invalid: a fact of a unit that does not stand in its period, or stands above others; sums beyond 64 bits.
        """
        self._check()
        if not self._is_whole:
            self._check_sums(self._facts, self._sums)
        with ThreadPoolExecutor(threads) as pool:
            for stretch in self._stretches:
                # Rows with nothing but leaves beneath them do not wait for one another; the few others come after.
                lowest, higher = self._tiers(stretch)
                each = max(len(lowest) // (_TASKS * threads), 1)
                some = (lowest[start : start + each] for start in range(0, len(lowest), each))
                found = [*pool.map(partial(self._add_all, stretch), some), self._largest]
                self._largest = max(*found, self._add_all(stretch, higher))
        if self._is_whole:
            self._largest = max(self._largest, self._largest_alone())
            self._check_sums(self._facts)

    def _tiers(self, stretch: _Stretch) -> tuple[list[int], list[int]]:
        """The rows with nothing but leaves beneath them, and the others, from below."""
        is_upper = np.zeros(len(self.units), np.bool_)
        is_upper[self._upper_rows] = True
        lowest: list[int] = []
        higher: list[int] = []
        for row, beneath in stretch.children.items():
            (higher if is_upper[beneath].any() else lowest).append(row)
        return lowest, higher

    def bring(
        self,
        unit: UnitId,
        values: npt.NDArray[np.int64],
        reported: npt.NDArray[np.int32],
        leaves: npt.NDArray[np.int32],
    ) -> None:
        """Sums that were made elsewhere, for a unit of `above`: [period, indicator], and [period] for `leaves`."""
        row = self.row(unit)
        place = self._slot[row] - len(self._leaf_rows)
        self._sums[place], self._reported[place] = values, reported
        # With nobody beneath it, it is a leaf itself.
        self.leaves[row] = np.where(leaves > 0, leaves, self.stands[row])

    def at(self, rows: Sequence[int], column: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Values and reported facts of some rows in one period: [row, indicator]."""
        slots = self._slot[list(rows)]
        leaves = len(self._leaf_rows)
        low, high = slots[slots < leaves], slots[slots >= leaves] - leaves
        values = np.empty((len(slots), self._facts.shape[2]), np.int64)
        reported = np.empty(values.shape, np.int32)
        values[slots < leaves], values[slots >= leaves] = self._facts[low, column], self._sums[high, column]
        reported[slots < leaves], reported[slots >= leaves] = self._known[low, column], self._reported[high, column]
        return values, reported

    def over(self, period: Period, rules: Sequence[OverTime]) -> Totals:
        """The figures of a period, by a rule for each indicator. It is one of the grid's, or made of several of them.

        Raises: Invalid when the periods of the grid do not make it up from its first day to its last.
        """
        cells = self._within(period)
        is_longer = cells.stop - cells.start > 1
        values: npt.NDArray[np.int64] = self._together(self._facts[:, cells].sum(1), self._sums[:, cells].sum(1))
        reported: npt.NDArray[np.int32] = self._together(
            self._known[:, cells].sum(1, dtype=np.int32), self._reported[:, cells].sum(1, dtype=np.int32)
        )
        expected = np.broadcast_to(self.leaves[:, cells].sum(axis=1, dtype=np.int32)[:, None], reported.shape).copy()
        counted = np.ones_like(reported)
        means = [at for at, rule in enumerate(rules) if rule is OverTime.MEAN]
        if means and is_longer:
            told = (array[:, cells][:, :, means] > 0 for array in (self._known, self._reported))
            known: npt.NDArray[np.int32] = self._together(*(array.sum(1, dtype=np.int32) for array in told))
            counted[:, means] = np.maximum(known, 1)
        lasts = [at for at, rule in enumerate(rules) if rule is OverTime.LAST]
        if lasts and is_longer:
            values[:, lasts], reported[:, lasts], expected[:, lasts] = self._last(lasts, cells)
        stands: npt.NDArray[np.bool_] = np.logical_or.reduce(self.stands[:, cells], axis=1)
        return Totals(self.units, period, stands, values, counted, reported, expected)

    def _within(self, period: Period) -> slice:
        """The columns that make up a period."""
        within = [column for column, one in enumerate(self.periods) if period.holds(one)]
        if not within or self.periods[within[0]].first != period.first or self.periods[within[-1]].end != period.end:
            raise Invalid("{period} không nằm trọn trong các kỳ của số liệu.", period=period)
        return slice(within[0], within[-1] + 1)

    def _together(self, low: npt.NDArray[Any], high: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What is told of the leaves and of the others, by rows."""
        found = np.empty((len(self.units), *low.shape[1:]), low.dtype)
        found[self._leaf_rows], found[self._upper_rows] = low, high
        return found

    def _last(
        self, indicators: list[int], cells: slice
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """What the last period in which anything is known says; where nothing is, the last in which the unit stands."""
        shape = (len(self.units), len(indicators))
        values, reported, expected = np.zeros(shape, np.int64), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
        for column in range(cells.start, cells.stop):
            told = self._together(self._known[:, column, indicators], self._reported[:, column, indicators])
            known = told > 0
            figures = self._together(self._facts[:, column, indicators], self._sums[:, column, indicators])
            np.copyto(values, figures, where=known)
            np.copyto(reported, told, where=known)
            leaves = np.broadcast_to(self.leaves[:, column, None], shape)
            np.copyto(expected, leaves, where=known | ((reported == 0) & self.stands[:, column, None]))
        return values, reported, expected

    def _take_as_they_lie(
        self, pool: Executor, given: tuple[_Integers, ...], values: npt.NDArray[np.int64], table: npt.NDArray[np.intp]
    ) -> bool:
        """Whether the facts are those of every leaf, period and indicator in the grid's order, and now the grid's."""
        count, periods, width = self._facts.shape
        each = periods * width
        if self._count or len(values) != count * each or not values.flags.c_contiguous:
            return False
        if not np.array_equal(table[given[0][::each]], np.arange(count)):
            return False
        units, columns, indicators = (column.reshape(count, each) for column in given)
        period_of = np.repeat(np.arange(periods), width).astype(columns.dtype)
        indicator_of = np.tile(np.arange(width), periods).astype(indicators.dtype)
        at_once = max(_LOOKED_AT // each, 1)

        def lies_so(start: int) -> bool:
            some = slice(start, start + at_once)
            are_like = _are(columns[some], period_of) and _are(indicators[some], indicator_of)
            return are_like and _are_of_one(units[some])

        starts = range(0, count, at_once)
        if not all(pool.map(lies_so, starts)):
            return False
        numbers = values.view()
        numbers.flags.writeable = False
        self._facts = numbers.reshape(self._facts.shape)
        self._known = np.broadcast_to(np.uint8(1), self._facts.shape)
        self._is_whole = True
        return True

    def _put_some(
        self,
        table: npt.NDArray[np.intp],
        units: _Integers,
        columns: _Integers,
        indicators: _Integers,
        values: npt.NDArray[np.int64],
    ) -> int:
        """Returns what `_largest` says of the values."""
        leaves, periods, width = self._facts.shape
        place = table[units]
        for places, size in ((units, len(table)), (place, len(self.units)), (columns, periods), (indicators, width)):
            if places.min() < 0 or places.max() >= size:
                raise IndexError("a fact lies outside the grid")
        is_higher = place >= leaves if place.max() >= leaves else None
        place *= periods
        place += columns
        place *= width
        place += indicators
        if is_higher is not None:
            above = place[is_higher] - self._facts.size
            self._sums.reshape(-1)[above] = values[is_higher]
            self._reported.reshape(-1)[above] = 1
            place = place[~is_higher]
            self._facts.reshape(-1)[place] = values[~is_higher]
        else:
            self._facts.reshape(-1)[place] = values
        self._known.reshape(-1)[place] = 1
        return _largest(values)

    def _add_all(self, stretch: _Stretch, rows: Sequence[int]) -> int:
        """Returns what `_largest` says of the facts that were added where that is not known yet."""
        return max((self._add(stretch, row) for row in rows), default=0)

    def _add(self, stretch: _Stretch, row: int) -> int:
        """The sum of all rows beneath a row into it; leaves that lie together are read where they lie."""
        largest = 0
        columns = slice(stretch.start, stretch.end)
        leaves = len(self._leaf_rows)
        slots = np.sort(self._slot[stretch.children[row]])
        low, high = slots[slots < leaves], slots[slots >= leaves] - leaves
        to = self._slot[row] - leaves
        values, reported = self._sums[to, columns], self._reported[to, columns]
        if len(low):
            lies_together = low[-1] - low[0] + 1 == len(low)
            some = slice(low[0], low[-1] + 1) if lies_together else low
            facts = self._facts[some, columns]
            facts.sum(axis=0, out=values)
            if self._is_whole:
                # While they are in the processor's cache.
                largest = _largest(facts)
                reported[:] = len(low)
            else:
                narrow = np.uint8 if len(low) <= _FITS_8_BITS else np.int32
                reported[:] = self._known[some, columns].sum(axis=0, dtype=narrow)
        if len(high):
            values += self._sums[high, columns].sum(axis=0)
            reported += self._reported[high, columns].sum(axis=0, dtype=np.int32)
        return largest

    def _check(self) -> None:
        known = self._known.size if self._is_whole else np.count_nonzero(self._known)
        if known + np.count_nonzero(self._reported) != self._count:
            raise Conflict(_TWICE)
        if self._is_whole and self.is_leaf[self._leaf_rows].all():
            return
        for stretch in self._stretches:
            silent = ~self.stands[:, stretch.start]
            silent[[*stretch.children]] = True
            for column in range(stretch.start, stretch.end):
                rows = np.flatnonzero(silent)
                loud = self.at(rows.tolist(), column)[1].any(axis=1)
                if loud.any():
                    self._refuse(int(rows[loud][0]), column)

    def _largest_alone(self) -> int:
        """What `_largest` says of the leaves beneath nobody."""
        found = 0
        for stretch in self._stretches:
            alone = np.ones(len(self.units), np.bool_)
            alone[self._upper_rows] = False
            for beneath in stretch.children.values():
                alone[beneath] = False
            if alone.any():
                found = max(found, _largest(self._facts[self._slot[alone], stretch.start : stretch.end]))
        return found

    def _check_sums(self, *blocks: npt.NDArray[np.int64]) -> None:
        """That the facts in these blocks add up within 64 bits: by a bound that costs nothing, then exactly."""
        if self._largest * self._count > LARGEST_SUM:
            absolute = sum(float(np.abs(rows.astype(np.float64)).sum()) for block in blocks for rows in block)
            if absolute > LARGEST_SUM:
                raise Invalid("Số liệu quá lớn, không cộng chính xác được.")

    def _refuse(self, row: int, column: int) -> None:
        unit, period = self.tree.title(self.units[row]), self.periods[column]
        if not self.stands[row, column]:
            raise Invalid("Có số liệu {period} của “{unit}”, khi đơn vị không tồn tại.", period=period, unit=unit)
        raise Invalid(
            "“{unit}” có số liệu riêng {period}, trong khi số liệu của nó là tổng của các đơn vị trực thuộc.",
            unit=unit,
            period=period,
        )

    def _drawn(self, start: int, end: int, outline: Sequence[tuple[UnitId, int]]) -> _Stretch:
        rows = [self._row[unit] for unit, _ in outline]
        leaves = [0] * len(rows)
        beneath: dict[int, list[int]] = {}
        # From the last to the first of a depth-first order, every unit comes before the one above it.
        for place in range(len(rows) - 1, -1, -1):
            if place not in beneath:
                leaves[place] = 1
            above = outline[place][1]
            if above >= 0:
                leaves[above] += leaves[place]
                beneath.setdefault(above, []).append(rows[place])
        self.stands[rows, start:end] = True
        self.is_leaf[[row for place, row in enumerate(rows) if place not in beneath], start:end] = True
        self.leaves[rows, start:end] = np.array(leaves, np.int32)[:, None]
        children = {rows[place]: np.array(beneath[place], np.intp) for place in sorted(beneath, reverse=True)}
        return _Stretch(start, end, children)


def _are_of_one(rows: _Integers) -> bool:
    """Whether each row holds one number all along."""
    words = _in_words(rows)
    in_a_word = max(8 // rows.itemsize, 1)
    return bool((words == words[:, :1]).all() and (rows[:, :in_a_word] == rows[:, :1]).all())


def _are(rows: _Integers, wanted: _Integers) -> bool:
    """Whether each row holds what is wanted."""
    return bool((_in_words(rows) == _in_words(wanted[None])).all())


def _in_words(rows: _Integers) -> _Integers:
    """The same bytes as numbers of 64 bits where they fill them, which are compared several at a time."""
    fill = rows.flags.c_contiguous and rows.shape[1] * rows.itemsize % 8 == 0
    return rows.view(np.int64) if fill else rows


def _largest(values: npt.NDArray[np.int64]) -> int:
    """A number that none of the values exceeds, taken without sign; in one pass where none is negative."""
    bits = int(np.bitwise_or.reduce(values, axis=None))
    return bits if bits >= 0 else max(int(values.max()), -int(values.min()))


def _stretches(tree: Tree, periods: Sequence[Period]) -> Iterator[tuple[int, int]]:
    """The columns at which a map begins, and those at which it has ended."""
    turns = [tree.turn(period.last) for period in periods]
    start = 0
    for end in range(1, len(turns) + 1):
        if end == len(turns) or turns[end] != turns[start]:
            yield start, end
            start = end
