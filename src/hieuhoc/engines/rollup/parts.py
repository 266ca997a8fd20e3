"""A large tree in parts that can be added up by themselves, on one machine or on many, and put together again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hieuhoc.engines.rollup.grid import LARGEST_SUM, Grid, OverTime, Totals
from hieuhoc.engines.rollup.lives import Life, UnitId
from hieuhoc.engines.rollup.tree import Tree
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.periods import Period


@dataclass(frozen=True, eq=False)
class Facts:
    """What leaves have recorded, in columns of one length: places among lives, months and indicators, and values."""

    units: npt.NDArray[np.int32]
    months: npt.NDArray[np.int16]
    indicators: npt.NDArray[np.int32]
    values: npt.NDArray[np.int64]

    def those(self, at: slice | npt.NDArray[np.intp]) -> "Facts":
        """Some of them, by their places in the columns."""
        return Facts(self.units[at], self.months[at], self.indicators[at], self.values[at])


@dataclass(frozen=True)
class Question:
    """What is asked of facts: over which months, by which rule for each indicator, for which periods."""

    months: tuple[Period, ...]
    rules: tuple[OverTime, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, eq=False)
class Part:
    """Lives of which none ever stands beneath a life of another part, with what their leaves have recorded."""

    lives: tuple[Life, ...]
    facts: tuple[Facts, ...]


@dataclass(frozen=True, eq=False)
class PartTotals:
    """The totals of a part for each period, and what it brings to a unit above it.

    Shapes: `values` and `reported` [month, indicator], `leaves` [month].
    """

    totals: tuple[Totals, ...]
    values: npt.NDArray[np.int64]
    reported: npt.NDArray[np.int32]
    leaves: npt.NDArray[np.int32]


def split(tree: Tree, facts: Sequence[Facts], *, at_least: int = 500) -> tuple[Life | None, Iterator[Part]]:
    """The unit that stands alone above all others, if one does, and the parts beneath it.

    What hangs together at any time is one part; parts of fewer than so many units are put together. Parts come in the
    order of the lives.
    """
    crown = _crown(tree, facts)
    clusters = _clusters(tree, crown.unit if crown else None)
    return crown, _parts(tree, facts, _packed(clusters, at_least), crown.unit if crown else None)


def add_up(part: Part, question: Question) -> PartTotals:
    """The totals of every unit of a part. Raises what `Grid` raises."""
    tree = Tree(part.lives)
    grid = Grid(tree, question.months, len(question.rules))
    rows_of, strange = _rows(part, grid)
    try:
        for facts in part.facts:
            for place in strange[np.flatnonzero(np.bincount(facts.units, minlength=len(rows_of))[strange])]:
                grid.row(part.lives[place].unit)
            grid.put(facts.units, facts.months, facts.indicators, facts.values, rows=rows_of)
        grid.add_up()
    except Conflict as error:
        raise _twice(part, question) or error from error
    tops = [[grid.row(unit) for unit in tree.children(None, month.last)] for month in question.months]
    brought = [grid.at(rows, column) for column, rows in enumerate(tops)]
    return PartTotals(
        tuple(grid.over(period, question.rules) for period in question.periods),
        np.stack([values.sum(axis=0) for values, _ in brought]),
        np.stack([reported.sum(axis=0, dtype=np.int32) for _, reported in brought]),
        np.array([grid.leaves[rows, column].sum() for column, rows in enumerate(tops)], np.int32),
    )


def _rows(part: Part, grid: Grid) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]:
    """The row of each life in the grid, and the places of the lives that have none."""
    row_of = {unit: row for row, unit in enumerate(grid.units)}
    rows = np.array([row_of.get(life.unit, -1) for life in part.lives], np.int32)
    return rows, np.flatnonzero(rows < 0)


def add_up_crown(crown: Life, brought: Iterable[PartTotals], question: Question) -> tuple[Totals, ...]:
    """The totals of the unit above all parts, from what each of them brings."""
    shape = len(question.months), len(question.rules)
    values, reported, leaves = np.zeros(shape, np.int64), np.zeros(shape, np.int32), np.zeros(shape[0], np.int32)
    largest = 0.0
    for part in brought:
        largest += float(np.abs(part.values.astype(np.float64)).sum())
        values += part.values
        reported += part.reported
        leaves += part.leaves
    if largest > LARGEST_SUM:
        raise Invalid("Số liệu quá lớn, không cộng chính xác được.")
    spans = tuple(replace(span, parent=None) for span in crown.spans)
    grid = Grid(Tree([replace(crown, spans=spans)]), question.months, len(question.rules), above=(crown.unit,))
    if crown.unit in grid.units:
        grid.bring(crown.unit, values, reported, leaves)
    return tuple(grid.over(period, question.rules) for period in question.periods)


def _crown(tree: Tree, facts: Sequence[Facts]) -> Life | None:
    """The one life that is ever a root, when it has no figure of its own."""
    tops = [place for place, life in enumerate(tree.lives) if any(span.parent is None for span in life.spans)]
    if len(tops) != 1 or len(tree.lives) == 1 or any(np.any(some.units == tops[0]) for some in facts):
        return None
    return tree.lives[tops[0]]


def _clusters(tree: Tree, crown: UnitId | None) -> list[list[int]]:
    """Places of lives that hang together, each cluster and all of them in the order of the lives."""
    places = {life.unit: place for place, life in enumerate(tree.lives)}
    above = list(range(len(tree.lives)))

    def top(place: int) -> int:
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place

    for place, life in enumerate(tree.lives):
        for span in life.spans:
            if span.parent is not None and span.parent != crown:
                one, two = top(place), top(places[span.parent])
                above[max(one, two)] = min(one, two)
    found: dict[int, list[int]] = {}
    for place, life in enumerate(tree.lives):
        if life.unit != crown:
            found.setdefault(top(place), []).append(place)
    return list(found.values())


def _packed(clusters: Iterable[list[int]], at_least: int) -> list[list[int]]:
    packed: list[list[int]] = []
    for cluster in clusters:
        if packed and len(packed[-1]) < at_least:
            packed[-1] += cluster
        else:
            packed.append([*cluster])
    return packed


def _parts(tree: Tree, facts: Sequence[Facts], packed: Sequence[list[int]], crown: UnitId | None) -> Iterator[Part]:
    part_of, place_in = np.zeros(len(tree.lives), np.int16), np.zeros(len(tree.lives), np.int32)
    for number, places in enumerate(packed):
        part_of[places] = number
        place_in[places] = np.arange(len(places))
    sorted_facts = [_sorted(some, part_of, len(packed)) for some in facts]
    for number, places in enumerate(packed):
        lives = tuple(_uncrowned(tree.lives[place], crown) for place in places)
        mine = [some.those(slice(ends[number], ends[number + 1])) for some, ends in sorted_facts]
        yield Part(lives, tuple(replace(some, units=place_in[some.units]) for some in mine if len(some.units)))


def _sorted(facts: Facts, part_of: npt.NDArray[np.int16], count: int) -> tuple[Facts, npt.NDArray[np.intp]]:
    """Facts in the order of their parts, and where each part begins, with the end of the last."""
    parts = part_of[facts.units]
    if np.any(parts[1:] < parts[:-1]):
        order = np.argsort(parts, kind="stable")
        facts, parts = facts.those(order), parts[order]
    return facts, np.searchsorted(parts, np.arange(count + 1))


def _uncrowned(life: Life, crown: UnitId | None) -> Life:
    if crown is None or all(span.parent != crown for span in life.spans):
        return life
    return replace(
        life, spans=tuple(replace(span, parent=None) if span.parent == crown else span for span in life.spans)
    )


def _twice(part: Part, question: Question) -> Conflict | None:
    """Which fact was told twice."""
    units, months, indicators = (
        np.concatenate([getattr(some, column) for some in part.facts]) for column in ("units", "months", "indicators")
    )
    order = np.lexsort((months, indicators, units))
    columns = (units[order], indicators[order], months[order])
    same = np.flatnonzero(np.logical_and.reduce([column[1:] == column[:-1] for column in columns]))
    if not len(same):
        return None
    at = order[same[0]]
    return Conflict(
        "Số liệu {month} của “{unit}” được ghi hai lần cho cùng một chỉ tiêu.",
        month=question.months[months[at]].name,
        unit=part.lives[units[at]].title,
    )
