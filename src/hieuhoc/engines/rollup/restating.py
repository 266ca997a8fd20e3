"""One series, told on the map of another day: counts are summed and shared out, ratios by their parts."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from hieuhoc.engines.rollup.blocks import Block, RestatedBlock, check_standing, restate_block, targets_of
from hieuhoc.engines.rollup.lives import WHOLE, UnitId
from hieuhoc.engines.rollup.passages import Passage, passages
from hieuhoc.engines.rollup.tree import Tree
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term

_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate as its two counts, so that it can be computed again when either changes."""

    numerator: int
    denominator: int

    @property
    def quotient(self) -> Fraction | None:
        """None where there is nothing to divide by."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


class Bar(StrEnum):
    """Why a value that is known cannot be told on another map."""

    DIVIDED = "divided"
    MERGED = "merged"
    NO_WAY_BACK = "no-way-back"

    @property
    def sentence(self) -> Term:
        return _SENTENCES[self]


_SENTENCES = {
    Bar.DIVIDED: Term("Đơn vị đã bị chia; giá trị này không chia theo tỷ lệ được."),
    Bar.MERGED: Term("Đơn vị do nhiều đơn vị nhập lại; giá trị này không cộng lại được."),
    Bar.NO_WAY_BACK: Term("Đơn vị kế thừa còn nhận từ đơn vị khác; không tính ngược lại được."),
}


@dataclass(frozen=True, slots=True)
class Restated:
    """A value on another map; None where nothing is known, or where what is known cannot be told there (`bar`).

    `reported` of `expected` parts are known. An estimated value holds a share of a divided unit.
    """

    value: object
    reported: int
    expected: int
    is_estimated: bool = False
    bar: Bar | None = None


# A value by the unit that reported it and the day that stands for the period (its last, as a rule).
Series: TypeAlias = Mapping[tuple[Any, date], Hashable]
RestatedSeries: TypeAlias = dict[tuple[UnitId, date], Restated]


def restate(tree: Tree, series: Series, on: date, *, onto: Sequence[UnitId] | None = None) -> RestatedSeries:
    """A series on the map of `on`, for the units it concerns there, or for those named by `onto`.

    All values are of one sort: whole numbers that add up (people, đồng), `Ratio`, or anything else: a title, a rate
    without its parts, which stays with a unit that comes from one alone and cannot be told of another. None, as a
    missing key, means unknown; that is never zero.

    Raises:
        Invalid: values of several sorts, or a value for a day on which the unit does not stand.
        Missing: a unit of `onto` does not stand on `on`.

    Example:
        >>> from hieuhoc.engines.rollup.lives import Life, Span, Succession
        >>> before, after = date(2025, 6, 30), date(2025, 7, 1)
        >>> tree = Tree(
        ...     [Life(name, (Span(date(2018, 1, 1), after),)) for name in ("Xã A", "Xã B", "Xã C")]
        ...     + [Life("Xã D", (Span(after),))],
        ...     [Succession(name, "Xã D", after) for name in ("Xã A", "Xã B", "Xã C")],
        ... )
        >>> restate(tree, {("Xã A", before): 40, ("Xã B", before): 40}, after)["Xã D", before]
        Restated(value=80, reported=2, expected=3, is_estimated=False, bar=None)
    """
    sorts = {_sort_of(value) for value in series.values() if value is not None}
    if len(sorts) > 1:
        raise Invalid("Một chuỗi số liệu chỉ gồm một loại giá trị: số đếm, tỷ lệ, hoặc giá trị khác.")
    if sorts == {int} or sorts == {Ratio}:
        return _restate_numbers(tree, series, on, onto)
    return _restate_wholes(tree, series, on, onto)


def _sort_of(value: Hashable) -> type:
    return type(value) if type(value) in (int, Ratio) else object


def _axes(series: Series) -> tuple[tuple[UnitId, ...], tuple[date, ...]]:
    return tuple(dict.fromkeys(unit for unit, _ in series)), tuple(sorted({day for _, day in series}))


def _restate_numbers(tree: Tree, series: Series, on: date, onto: Sequence[UnitId] | None) -> RestatedSeries:
    units, days = _axes(series)
    rows, columns = {unit: row for row, unit in enumerate(units)}, {day: column for column, day in enumerate(days)}
    width = max(len(_numbers(value)) for value in series.values())
    values = np.zeros((len(units), len(days), width), np.int64)
    known = np.zeros(values.shape, np.bool_)
    for (unit, day), value in series.items():
        numbers = _numbers(value)
        if any(number not in _INT64 for number in numbers):
            raise Invalid("Số liệu quá lớn, không cộng chính xác được.")
        if numbers:
            values[rows[unit], columns[day]] = numbers
            known[rows[unit], columns[day]] = True
    return _cells(restate_block(tree, Block(units, days, values, known), on, onto=onto))


def _numbers(value: Hashable) -> tuple[int, ...]:
    if isinstance(value, Ratio):
        return value.numerator, value.denominator
    return (value,) if isinstance(value, int) else ()


def _cells(block: RestatedBlock) -> RestatedSeries:
    found: RestatedSeries = {}
    for row, unit in enumerate(block.units):
        for column, day in enumerate(block.days):
            numbers = [int(number) for number in block.values[row, column]]
            is_known = bool(block.known[row, column, 0])
            found[unit, day] = Restated(
                (numbers[0] if len(numbers) == 1 else Ratio(*numbers)) if is_known else None,
                int(block.reported[row, column, 0]),
                int(block.expected[row, column]),
                bool(block.estimated[row, column, 0]),
                Bar.NO_WAY_BACK if block.barred[row, column, 0] else None,
            )
    return found


def _restate_wholes(tree: Tree, series: Series, on: date, onto: Sequence[UnitId] | None) -> RestatedSeries:
    units, days = _axes(series)
    ways = passages(tree, days, on)
    for (unit, day), value in series.items():
        if value is not None:
            check_standing(tree, unit, day)
    return {
        (target, day): _whole(series, ways[tree.turn(day)], target, day)
        for target in targets_of(tree, units, ways.values(), on, onto)
        for day in days
    }


def _whole(series: Series, way: Passage, target: UnitId, day: date) -> Restated:
    parts = way.parts_of(target)
    known = [value for part in parts if (value := series.get((part.unit, day))) is not None]
    bar = _bar(way, target, [part.share for part in parts]) if known else None
    return Restated(known[0] if known and bar is None else None, len(known), len(parts), False, bar)


def _bar(way: Passage, target: UnitId, shares: Sequence[Fraction]) -> Bar | None:
    if way.is_barred(target):
        return Bar.NO_WAY_BACK
    if any(share != WHOLE for share in shares):
        return Bar.DIVIDED
    if len(shares) > 1:
        # Seen from the earlier map it is one unit that was divided; seen from the later one, several that became one.
        return Bar.DIVIDED if way.is_backward else Bar.MERGED
    return None
