"""Adding up over places and over time: what is refused, and small cases that can be checked by eye."""

from datetime import date

import numpy as np
import pytest

from hieuhoc.engines.rollup import Life, Span, Tree
from hieuhoc.engines.rollup.grid import Grid, OverTime, Totals
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of

BEGIN, MOVED = date(2018, 1, 1), date(2020, 9, 1)
SUMMER = [period_of(Rhythm.MONTH, date(2020, month, 1)) for month in (7, 8, 9)]
QUARTER = period_of(Rhythm.QUARTER, date(2020, 7, 1))
SUM, LAST, MEAN = OverTime.SUM, OverTime.LAST, OverTime.MEAN


def life(unit: str, parent: str | None = None) -> Life:
    return Life(unit, (Span(BEGIN, None, parent),))


@pytest.fixture
def tree() -> Tree:
    """Two districts of a province; the commune A moves from the one to the other on 1/9/2020."""
    moved = Life("A", (Span(BEGIN, MOVED, "H1"), Span(MOVED, None, "H2")))
    return Tree([life("tỉnh"), life("H1", "tỉnh"), life("H2", "tỉnh"), moved, life("B", "H1"), life("C", "H2")])


def filled(tree: Tree, months: list[Period], facts: dict[tuple[str, int], int], indicators: int = 1) -> Grid:
    grid = Grid(tree, months, indicators)
    for (unit, month), value in facts.items():
        column = next(at for at, one in enumerate(months) if one.first.month == month)
        for indicator in range(indicators):
            grid.put([grid.row(unit)], [column], [indicator], [value])
    grid.add_up()
    return grid


def told(totals: Totals, unit: str, indicator: int = 0) -> tuple[float | None, int, int]:
    at = totals.units.index(unit), indicator
    value = totals.values[at] / totals.count[at] if totals.reported[at] else None
    return value, int(totals.reported[at]), int(totals.expected[at])


def test_each_month_is_added_up_on_the_map_of_its_own_last_day(tree: Tree) -> None:
    facts = {(unit, month): 10**n for n, unit in enumerate("ABC") for month in (7, 8, 9)}
    grid = filled(tree, SUMMER, facts)
    assert [told(grid.over(month, [SUM]), "H1") for month in SUMMER] == [(11, 2, 2), (11, 2, 2), (10, 1, 1)]
    assert [told(grid.over(month, [SUM]), "H2") for month in SUMMER] == [(100, 1, 1), (100, 1, 1), (101, 2, 2)]
    quarter = grid.over(QUARTER, [SUM])
    assert (told(quarter, "H1"), told(quarter, "H2"), told(quarter, "tỉnh")) == ((32, 5, 5), (301, 4, 4), (333, 9, 9))


def test_units_that_stood_elsewhere_before_are_added_up_where_they_stood() -> None:
    """On the map of July the rows of the province's three units lie apart, and not in order."""
    moved = Life("z", (Span(BEGIN, MOVED, "tỉnh"), Span(MOVED, None, "y")))
    new = Life("k", (Span(MOVED, None, "x"),))
    tree = Tree([life("tỉnh"), life("x", "tỉnh"), moved, life("y", "tỉnh"), new])
    grid = filled(tree, SUMMER, {("x", 7): 1, ("y", 7): 10, ("z", 7): 100, ("k", 9): 7, ("z", 9): 8})
    assert told(grid.over(SUMMER[0], [SUM]), "tỉnh") == (111, 3, 3)
    assert told(grid.over(SUMMER[2], [SUM]), "tỉnh") == (15, 2, 2)


def test_the_last_and_the_mean_are_those_of_the_months_in_which_anything_is_known(tree: Tree) -> None:
    grid = filled(tree, SUMMER, {("A", 7): 3, ("B", 7): 4, ("C", 8): 9}, 3)
    quarter = grid.over(QUARTER, [SUM, LAST, MEAN])
    assert [told(quarter, "tỉnh", at) for at in range(3)] == [(16, 3, 9), (9, 1, 3), (8, 3, 9)]
    assert [told(quarter, "H1", at) for at in range(3)] == [(7, 2, 5), (7, 2, 2), (7, 2, 5)]
    assert [told(quarter, "B", at) for at in range(3)] == [(4, 1, 3), (4, 1, 1), (4, 1, 3)]


def test_unknown_stays_unknown_on_every_level(tree: Tree) -> None:
    grid = filled(tree, SUMMER, {("C", 7): 0})
    july = grid.over(SUMMER[0], [SUM])
    assert (told(july, "H1"), told(july, "H2"), told(july, "tỉnh")) == ((None, 0, 2), (0, 1, 1), (0, 1, 3))


def test_a_figure_of_its_own_beside_those_beneath_is_refused(tree: Tree) -> None:
    with pytest.raises(Invalid, match="“H1” có số liệu riêng tháng 8/2020, trong khi"):
        filled(tree, SUMMER, {("H1", 8): 5})


def test_a_fact_of_a_unit_that_has_ended_is_refused() -> None:
    ended = Life("A", (Span(BEGIN, MOVED, "tỉnh"),))
    with pytest.raises(Invalid, match="Có số liệu tháng 9/2020 của “A”, khi đơn vị không tồn tại"):
        filled(Tree([life("tỉnh"), ended]), SUMMER, {("A", 9): 5})
    with pytest.raises(Invalid, match="“A” không tồn tại vào kỳ nào"):
        Grid(Tree([life("tỉnh"), ended]), SUMMER[2:], 1).row("A")


def test_sums_that_do_not_fit_into_64_bits_are_refused_and_the_largest_that_do_are_exact(tree: Tree) -> None:
    with pytest.raises(Invalid, match="quá lớn"):
        filled(tree, SUMMER, {("A", 7): 2**62, ("B", 7): 2**62})
    grid = filled(tree, SUMMER, {("A", 7): 2**61 + 1, ("B", 7): -(2**60)})
    assert int(grid.over(QUARTER, [SUM]).values[grid.row("tỉnh"), 0]) == 2**60 + 1


def test_a_fact_outside_the_grid_is_an_error_of_the_programmer(tree: Tree) -> None:
    grid = Grid(tree, SUMMER, 1)
    for place in ([99], [0], [0]), ([0], [3], [0]), ([0], [0], [-1]):
        with pytest.raises(IndexError):
            grid.put(*place, [1])


@pytest.mark.parametrize("months", [[], SUMMER[::2], [*SUMMER, QUARTER], SUMMER[::-1]])
def test_the_periods_of_a_grid_follow_one_another(tree: Tree, months: list[Period]) -> None:
    with pytest.raises(Invalid):
        Grid(tree, months, 1)


def test_a_period_that_lies_only_partly_in_the_grid_is_refused(tree: Tree) -> None:
    with pytest.raises(Invalid, match="quý III/2020 không nằm trọn"):
        Grid(tree, SUMMER[:2], 1).over(QUARTER, [SUM])


def test_facts_given_in_several_goes_and_by_several_threads_are_the_same(tree: Tree) -> None:
    chance = np.random.default_rng(1)
    facts = np.argwhere(np.ones((3, 3, 200_000), np.bool_))
    values = chance.integers(-5, 10**9, len(facts))
    grids = [Grid(tree, SUMMER, 200_000) for _ in range(2)]
    for grid, threads, goes in ((grids[0], 1, 1), (grids[1], 2, 3)):
        rows = np.array([grid.row(unit) for unit in "ABC"])[facts[:, 0]]
        for some in np.array_split(np.arange(len(facts)), goes):
            grid.put(rows[some], facts[some, 1], facts[some, 2], values[some], threads=threads)
        grid.add_up()
    rows = range(len(grids[0].units))
    for column in range(3):
        assert np.array_equal(grids[0].at(rows, column)[0], grids[1].at(rows, column)[0])
    province = [grids[0].row("tỉnh")]
    assert sum(grids[0].at(province, column)[0].sum() for column in range(3)) == values.sum()


@pytest.mark.parametrize("spoiled", ["", "units", "columns", "indicators", "shuffled", "one less"])
def test_facts_that_lie_in_order_are_what_they_are_in_any_order(spoiled: str) -> None:
    still = Tree(
        [life("tỉnh"), life("H1", "tỉnh"), life("H2", "tỉnh"), life("A", "H1"), life("B", "H1"), life("C", "H2")]
    )
    places = np.argwhere(np.ones((3, 3, 50), np.bool_))
    values = np.random.default_rng(4).integers(-9, 10**6, len(places))
    order = np.arange(len(places))
    if spoiled == "shuffled":
        order = np.random.default_rng(5).permutation(order)
    elif spoiled == "one less":
        order = order[:-1]
    elif spoiled:
        # Two facts change places in the order; all else lies as it should.
        one, other = {"units": (160, 310), "columns": (60, 110), "indicators": (61, 62)}[spoiled]
        order[[one, other]] = order[[other, one]]
    grid = Grid(still, SUMMER, 50)
    rows = np.array([grid.row(unit) for unit in "ABC"])
    grid.put(places[order, 0], places[order, 1], places[order, 2], values[order], rows=rows, threads=2)
    grid.add_up(threads=2)
    found = {
        unit: np.concatenate([grid.at([grid.row(unit)], column) for column in range(3)], axis=1) for unit in grid.units
    }
    known = np.isin(np.arange(len(places)), order).reshape(3, -1)
    wanted = np.where(known, values.reshape(3, -1), 0)
    for unit, some in (("tỉnh", [0, 1, 2]), ("H1", [0, 1]), ("H2", [2]), ("B", [1])):
        assert found[unit][0].reshape(-1).tolist() == wanted[some].sum(axis=0).tolist()
        assert found[unit][1].reshape(-1).tolist() == known[some].sum(axis=0).tolist()


def test_nothing_can_be_put_beside_facts_that_are_whole(tree: Tree) -> None:
    alone = Tree([life("tỉnh")])
    grid = Grid(alone, SUMMER[:1], 2)
    grid.put([0, 0], [0, 0], [0, 1], [1, 2])
    with pytest.raises(Conflict):
        grid.put([0], [0], [0], [1])


def test_half_years_and_years_of_their_own_calendar_are_added_up_as_months_are(tree: Tree) -> None:
    """The commune moved on 1/9/2020: within the half-year that is closed on 14/12/2020 it stood in its new place."""
    halves = [period_of(Rhythm.HALF, day, Calendar.CLOSING) for day in (date(2020, 3, 1), date(2020, 9, 1))]
    grid = Grid(tree, halves, 3)
    for column, figures in enumerate(({"A": 3, "B": 4}, {"A": 5, "C": 6})):
        for unit, value in figures.items():
            grid.put([grid.row(unit)] * 3, [column] * 3, range(3), [value] * 3)
    grid.add_up()
    year = grid.over(period_of(Rhythm.YEAR, date(2020, 3, 1), Calendar.CLOSING), [SUM, LAST, MEAN])
    assert (year.period.first, year.period.last) == (date(2019, 12, 15), date(2020, 12, 14))
    assert [told(year, "tỉnh", at) for at in range(3)] == [(18, 4, 6), (11, 2, 3), (9, 4, 6)]
    assert told(year, "H1") == (7, 2, 3)
    assert told(year, "H2") == (11, 2, 3)


def test_months_that_end_on_the_14th_lie_on_the_map_of_the_14th(tree: Tree) -> None:
    """September ends on 14/9: the commune that moved on the first is in its new place; August ended before."""
    months = [period_of(Rhythm.MONTH, date(2020, month, 10), Calendar.CLOSING) for month in (8, 9)]
    grid = Grid(tree, months, 1)
    grid.put([grid.row("A")] * 2, [0, 1], [0, 0], [1, 10])
    grid.add_up()
    assert [told(grid.over(month, [SUM]), "H1")[0] for month in months] == [1, None]
    assert [told(grid.over(month, [SUM]), "H2")[0] for month in months] == [None, 10]


def test_a_literacy_year_and_a_span_of_its_own_stand_alone(tree: Tree) -> None:
    for period in (
        period_of(Rhythm.YEAR, date(2020, 3, 1), Calendar.LITERACY),
        Period(date(2020, 9, 5), date(2020, 9, 20), Rhythm.YEAR, Calendar.OWN),
    ):
        grid = Grid(tree, [period], 1)
        grid.put([grid.row("A"), grid.row("B")], [0, 0], [0, 0], [3, 4])
        grid.add_up()
        assert told(grid.over(period, [LAST]), "tỉnh") == (7, 2, 3)


def test_what_the_periods_of_the_grid_do_not_make_up_is_refused(tree: Tree) -> None:
    grid = filled(tree, SUMMER, {})
    for period in (
        period_of(Rhythm.YEAR, date(2020, 1, 1)),
        period_of(Rhythm.QUARTER, date(2020, 10, 1)),
        period_of(Rhythm.QUARTER, date(2020, 8, 1), Calendar.CLOSING),
        Period(date(2020, 7, 2), date(2020, 10, 1), Rhythm.QUARTER, Calendar.OWN),
    ):
        with pytest.raises(Invalid, match="không nằm trọn"):
            grid.over(period, [SUM])


def test_periods_of_two_rhythms_or_calendars_are_refused(tree: Tree) -> None:
    month = SUMMER[0]
    for periods in ([], [month, period_of(Rhythm.HALF, month.end)], [month, month.following(), month]):
        with pytest.raises(Invalid):
            Grid(tree, periods, 1)
    with pytest.raises(Invalid, match="một lịch"):
        Grid(tree, [month, period_of(Rhythm.MONTH, month.end, Calendar.LITERACY)], 1)


@pytest.mark.parametrize("alone", [False, True])
def test_whole_facts_that_do_not_fit_into_64_bits_are_refused_too(alone: bool) -> None:
    """Beneath somebody, or of leaves with nobody above, which add up over time."""
    parent = None if alone else "tỉnh"
    lives = [life(unit, parent) for unit in "ABCD"]
    grid = Grid(Tree(lives if alone else [life("tỉnh"), *lives]), SUMMER, 1)
    rows = np.repeat([grid.row(unit) for unit in "ABCD"], 3)
    grid.put(rows, np.tile([0, 1, 2], 4), np.zeros(12, np.int64), np.full(12, 2**60))
    with pytest.raises(Invalid, match="quá lớn"):
        grid.add_up()


@pytest.mark.parametrize("sort", [np.int8, np.int16, np.int32, np.int64])
@pytest.mark.parametrize("indicators", [1, 4, 8])
def test_facts_in_order_are_known_as_such_in_columns_of_any_width(sort: type[np.integer], indicators: int) -> None:
    """Looked at in words of 64 bits where rows fill them; one number out of order is seen in any place of a word."""
    tree = Tree([life("tỉnh"), *(life(unit, "tỉnh") for unit in "ABC")])
    rows = [Grid(tree, SUMMER, 1).row(unit) for unit in "ABC"]
    each = 3 * indicators
    columns = [
        np.repeat(rows, each).astype(sort),
        np.tile(np.repeat(np.arange(3), indicators), 3).astype(sort),
        np.tile(np.arange(indicators), 9).astype(sort),
    ]
    values = np.arange(3 * each, dtype=np.int64)

    def total(places: list[int]) -> int:
        grid = Grid(tree, SUMMER, indicators)
        grid.put(*(column[places] for column in columns), values[places])
        grid.add_up()
        return int(grid.over(QUARTER, [SUM] * indicators).values[grid.row("tỉnh")].sum())

    whole = [*range(3 * each)]
    assert total(whole) == values.sum()
    for place in range(3 * each - 1):
        turned = [*whole]
        turned[place], turned[place + 1] = turned[place + 1], turned[place]
        assert total(turned) == values.sum()
