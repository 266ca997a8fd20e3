"""Many series at once: a block of units × days × indicators, from the maps of its days to the map of one day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from hieuhoc.engines.rollup.apportioning import apportion_block
from hieuhoc.engines.rollup.lives import WHOLE, UnitId, shown
from hieuhoc.engines.rollup.passages import Passage, passages
from hieuhoc.engines.rollup.tree import Tree
from hieuhoc.kernel.errors import Invalid

# Sums of whole numbers up to this are exact in 64 bits, with room for a sign.
_LARGEST_SUM = 2**62


@dataclass(frozen=True, eq=False)
class Block:
    """Additive whole numbers as they were recorded: `values[unit, day, indicator]`, where `known` says so.

    Each day stands for a period (its last day, as a rule) and names the map on which the numbers were recorded.
    A unit that does not stand on a day has nothing known there.

    Raises:
        Invalid: the shapes do not fit together, a unit or day comes twice, or the numbers are too large to be summed.
    """

    units: tuple[UnitId, ...]
    days: tuple[date, ...]
    values: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        if self.values.ndim != 3 or self.values.shape != self.known.shape:
            raise Invalid("Khối số liệu và mặt nạ của nó phải cùng ba chiều: đơn vị, kỳ, chỉ tiêu.")
        if self.values.shape[:2] != (len(self.units), len(self.days)):
            raise Invalid("Khối số liệu không khớp với danh sách đơn vị và kỳ.")
        if self.values.dtype != np.int64 or self.known.dtype != np.bool_:
            raise Invalid("Khối số liệu phải là số nguyên 64 bit, mặt nạ phải là đúng hoặc sai.")
        if len(set(self.units)) < len(self.units) or len(set(self.days)) < len(self.days):
            raise Invalid("Có đơn vị hoặc kỳ lặp lại trong khối số liệu.")
        largest = max(abs(int(self.values.max(initial=0))), abs(int(self.values.min(initial=0))))
        if largest * len(self.units) > _LARGEST_SUM and not self._sums_fit():
            raise Invalid("Số liệu quá lớn, không cộng chính xác được.")

    def _sums_fit(self) -> bool:
        sums = np.abs(self.values.astype(np.float64)).sum(axis=0, where=self.known)
        return bool(sums.max(initial=0) <= _LARGEST_SUM)


@dataclass(frozen=True, eq=False)
class RestatedBlock:
    """A block on the map of one day. Shapes: [unit, day, indicator], and [unit, day] for `expected`.

    A number is `known` when at least one part of it is; `reported` of `expected` parts are. It is `estimated` when it
    holds a share of a divided unit, `barred` when something is known but cannot be told apart (a later figure on an
    earlier map). `lost` names the units of which something known has no place, or not wholly, on the new map.
    """

    units: tuple[UnitId, ...]
    days: tuple[date, ...]
    values: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]
    reported: npt.NDArray[np.int32]
    expected: npt.NDArray[np.int32]
    estimated: npt.NDArray[np.bool_]
    barred: npt.NDArray[np.bool_]
    lost: tuple[UnitId, ...]


def restate_block(tree: Tree, block: Block, on: date, *, onto: Sequence[UnitId] | None = None) -> RestatedBlock:
    """The block on the map of `on`, for the units it concerns there, or for those named by `onto`.

    Mergers are sums. A divided unit's numbers are shared out by the method of the largest remainder, so that its parts
    are whole numbers and together exactly what it recorded.

    Raises:
        Invalid: something is known of a unit on a day on which it does not stand.
        Missing: a unit of `onto` does not stand on `on`.
    """
    days_of = _by_map(tree, block.days)
    ways = passages(tree, block.days, on)
    for turn, columns in days_of.items():
        _check_known(tree, block, ways[turn].day, columns)
    targets = targets_of(tree, block.units, ways.values(), on, onto)
    shape = (len(targets), *block.values.shape[1:])
    found = RestatedBlock(
        units=targets,
        days=block.days,
        values=np.zeros(shape, np.int64),
        known=np.zeros(shape, np.bool_),
        reported=np.zeros(shape, np.int32),
        expected=np.zeros(shape[:2], np.int32),
        estimated=np.zeros(shape, np.bool_),
        barred=np.zeros(shape, np.bool_),
        lost=_lost(tree, block, ways, days_of),
    )
    rows = {unit: row for row, unit in enumerate(block.units)}
    for turn, columns in days_of.items():
        _Turn(block, rows, ways[turn], columns).fill(found)
    np.greater(found.reported, 0, out=found.known)
    found.known[found.barred] = False
    found.values[found.barred] = 0
    return found


class _Turn:
    """The part of a block whose days lie on one map."""

    def __init__(self, block: Block, rows: dict[UnitId, int], way: Passage, columns: Sequence[int]) -> None:
        self.rows = rows
        self.way = way
        self.columns = columns
        self.known = block.known[:, columns]
        self.values = np.where(self.known, block.values[:, columns], 0)
        self._shared: dict[UnitId, dict[UnitId, npt.NDArray[np.int64]]] = {}

    def fill(self, found: RestatedBlock) -> None:
        shape = self.values.shape[1:]
        for place, target in enumerate(found.units):
            parts = self.way.parts_of(target)
            total, reported = np.zeros(shape, np.int64), np.zeros(shape, np.int32)
            estimated = np.zeros(shape, np.bool_)
            for unit, share, _ in parts:
                row = self.rows.get(unit)
                if row is None:
                    continue
                reported += self.known[row]
                if share == WHOLE:
                    total += self.values[row]
                else:
                    total += self._shares_of(unit)[target]
                    estimated |= self.known[row]
            found.values[place, self.columns] = total
            found.reported[place, self.columns] = reported
            found.expected[place, self.columns] = len(parts)
            found.estimated[place, self.columns] = estimated
            if self.way.is_barred(target):
                found.barred[place, self.columns] = reported > 0

    def _shares_of(self, unit: UnitId) -> dict[UnitId, npt.NDArray[np.int64]]:
        """What each heir gets of a divided unit."""
        if unit not in self._shared:
            heirs = self.way.heirs_of(unit)
            parts = apportion_block(self.values[self.rows[unit]], [heir.share for heir in heirs])
            self._shared[unit] = {heir.unit: part for heir, part in zip(heirs, parts, strict=True)}
        return self._shared[unit]


def _by_map(tree: Tree, days: Sequence[date]) -> dict[int, list[int]]:
    """The columns of a block by the number of the map on which their days lie."""
    found: dict[int, list[int]] = {}
    for column, day in enumerate(days):
        found.setdefault(tree.turn(day), []).append(column)
    return found


def _check_known(tree: Tree, block: Block, day: date, columns: Sequence[int]) -> None:
    for row, unit in enumerate(block.units):
        if not tree.stands(unit, day) and block.known[row][columns].any():
            column = next(column for column in columns if block.known[row, column].any())
            check_standing(tree, unit, block.days[column])


def check_standing(tree: Tree, unit: UnitId, day: date) -> None:
    """Raises Invalid where a number is told of a unit for a day on which it does not stand."""
    if not tree.stands(unit, day):
        raise Invalid(
            "Có số liệu của “{unit}” cho kỳ {day}, khi đơn vị không tồn tại.", unit=tree.title(unit), day=shown(day)
        )


def targets_of(
    tree: Tree, units: Sequence[UnitId], ways: Iterable[Passage], on: date, onto: Sequence[UnitId] | None
) -> tuple[UnitId, ...]:
    """The units of the map of `on` that concern the given ones, or those of `onto`, all of which must stand there."""
    if onto is None:
        return tree.in_order({target for way in ways for unit in units for target in way.targets_of(unit)})
    for unit in onto:
        tree.span(unit, on)
    return tuple(onto)


def _lost(tree: Tree, block: Block, ways: dict[int, Passage], days_of: dict[int, list[int]]) -> tuple[UnitId, ...]:
    def losing() -> Iterator[UnitId]:
        for turn, columns in days_of.items():
            for row, unit in enumerate(block.units):
                if not ways[turn].has_place_for(unit) and block.known[row][columns].any():
                    yield unit

    return tree.in_order(set(losing()))
