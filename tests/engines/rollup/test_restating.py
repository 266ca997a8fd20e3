"""Figures told on the map of another day: real cases of 2025, and the questions that lead astray."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest

from hieuhoc.engines.rollup import Block, Life, Ratio, Span, Succession, Tree, restate, restate_block
from hieuhoc.engines.rollup.restating import Bar
from hieuhoc.kernel.errors import Invalid, Missing

LONG_AGO, DAY, LATER = date(2018, 11, 1), date(2025, 7, 1), date(2026, 1, 1)
EVE = DAY - timedelta(days=1)
THIRD = Fraction(1, 3)
WARDS = [
    "Vĩnh Thanh",
    "Vĩnh Quang",
    "Vĩnh Hiệp",
    "Vĩnh Thanh Vân",
    "Vĩnh Lạc",
    "An Hòa",
    "An Bình",
    "Rạch Sỏi",
    "Vĩnh Lợi",
]


def commune(unit: str, start: date = LONG_AGO, end: date | None = None, parent: str | None = None) -> Life:
    return Life(unit, (Span(start, end, parent, "commune"),))


@pytest.fixture
def an_giang() -> Tree:
    """Nine wards of Rạch Giá become one; Phước Hưng and Phú Hội are divided; Bình Giang is untouched."""
    divided = ["Phước Hưng", "Phú Hội"]
    old = [*WARDS, *divided, "Phú Hữu cũ"]
    lives = [Life("Thành phố Rạch Giá", (Span(LONG_AGO, DAY, None, "district"),))]
    lives += [Life("An Giang", (Span(DAY, None, None, "province"),))]
    lives += [commune(unit, end=DAY, parent="Thành phố Rạch Giá") for unit in WARDS]
    lives += [commune(unit, end=DAY) for unit in old if unit not in WARDS] + [commune("Bình Giang")]
    lives += [commune(unit, DAY, parent="An Giang") for unit in ("Rạch Giá", "An Phú", "Nhơn Hội", "Phú Hữu")]
    successions = [Succession(ward, "Rạch Giá", DAY) for ward in WARDS]
    successions += [Succession("Phước Hưng", heir, DAY, THIRD, True) for heir in ("An Phú", "Nhơn Hội", "Phú Hữu")]
    successions += [Succession("Phú Hội", heir, DAY, Fraction(1, 2), True) for heir in ("An Phú", "Nhơn Hội")]
    successions += [Succession("Phú Hữu cũ", "Phú Hữu", DAY), Succession("Thành phố Rạch Giá", "An Giang", DAY)]
    return Tree(lives, successions)


def test_merged_units_are_summed_and_never_the_last_one_wins(an_giang: Tree) -> None:
    cells = restate(an_giang, {(ward, EVE): 40 for ward in WARDS}, DAY)
    assert {unit: cell.value for (unit, _), cell in cells.items()} == {"Rạch Giá": 360}
    assert (cells["Rạch Giá", EVE].reported, cells["Rạch Giá", EVE].expected) == (9, 9)
    assert not cells["Rạch Giá", EVE].is_estimated


def test_unknown_is_counted_as_missing_and_not_as_zero(an_giang: Tree) -> None:
    cell = restate(an_giang, {("Vĩnh Lạc", EVE): 0, ("An Hòa", EVE): None}, DAY)["Rạch Giá", EVE]
    assert (cell.value, cell.reported, cell.expected) == (0, 1, 9)
    nothing = restate(an_giang, {("Vĩnh Lạc", EVE): None}, DAY)["Rạch Giá", EVE]
    assert (nothing.value, nothing.reported, nothing.expected) == (None, 0, 9)


def test_a_divided_unit_is_shared_out_in_whole_numbers_marked_as_estimated(an_giang: Tree) -> None:
    cells = restate(an_giang, {("Phước Hưng", EVE): 100}, DAY)
    assert {unit: cell.value for (unit, _), cell in cells.items()} == {"An Phú": 34, "Nhơn Hội": 33, "Phú Hữu": 33}
    assert all(cell.is_estimated for cell in cells.values())
    assert [cell.expected for cell in cells.values()] == [2, 2, 2]


def test_only_what_holds_a_share_is_estimated(an_giang: Tree) -> None:
    cell = restate(an_giang, {("Phú Hữu cũ", EVE): 50}, DAY)["Phú Hữu", EVE]
    assert (cell.value, cell.is_estimated, cell.reported, cell.expected) == (50, False, 1, 2)


def test_a_rate_is_computed_again_from_its_parts(an_giang: Tree) -> None:
    series = {("Vĩnh Lạc", EVE): Ratio(90, 100), ("An Hòa", EVE): Ratio(5, 10), ("Bình Giang", EVE): Ratio(0, 0)}
    cells = restate(an_giang, series, DAY)
    assert cells["Rạch Giá", EVE].value == Ratio(95, 110)
    assert Ratio(95, 110).quotient == Fraction(19, 22)
    assert cells["Bình Giang", EVE].value == Ratio(0, 0)
    assert Ratio(0, 0).quotient is None


@pytest.mark.parametrize("value", ["Cộng đồng học tập", 0.93, Fraction(1, 3), True])
def test_what_has_no_parts_stays_with_who_is_untouched_and_is_told_of_nobody_else(
    an_giang: Tree, value: object
) -> None:
    told = [*WARDS, "Phước Hưng", "Bình Giang"]
    cells = restate(an_giang, {(unit, EVE): value for unit in told}, DAY)
    assert (cells["Bình Giang", EVE].value, cells["Bình Giang", EVE].bar) == (value, None)
    assert (cells["Rạch Giá", EVE].value, cells["Rạch Giá", EVE].bar) == (None, Bar.MERGED)
    assert (cells["An Phú", EVE].value, cells["An Phú", EVE].bar) == (None, Bar.DIVIDED)
    assert "không cộng lại được" in Bar.MERGED.sentence


def test_nothing_is_barred_where_nothing_is_known(an_giang: Tree) -> None:
    cells = restate(an_giang, {("Bình Giang", EVE): "khá"}, DAY, onto=["Rạch Giá", "Bình Giang"])
    assert (cells["Rạch Giá", EVE].value, cells["Rạch Giá", EVE].bar) == (None, None)


def test_the_way_back_is_open_only_where_nothing_was_mixed(an_giang: Tree) -> None:
    series = {("Rạch Giá", DAY): 9, ("Bình Giang", DAY): 7, ("Phú Hữu", DAY): 5}
    cells = restate(an_giang, series, EVE)
    assert (cells["Bình Giang", DAY].value, cells["Bình Giang", DAY].bar) == (7, None)
    for unit in ("Vĩnh Lạc", "Phước Hưng", "Phú Hữu cũ"):
        assert (cells[unit, DAY].value, cells[unit, DAY].bar) == (None, Bar.NO_WAY_BACK)


def test_a_unit_divided_among_new_ones_alone_is_their_sum_on_the_old_map() -> None:
    tree = Tree(
        [commune("A", end=DAY), commune("B", DAY), commune("C", DAY)],
        [Succession("A", "B", DAY, THIRD), Succession("A", "C", DAY, 2 * THIRD)],
    )
    cells = restate(tree, {("B", DAY): 3, ("C", DAY): 4}, EVE)
    assert (cells["A", DAY].value, cells["A", DAY].is_estimated) == (7, False)
    assert restate(tree, {("B", DAY): "khá", ("C", DAY): "khá"}, EVE)["A", DAY].bar == Bar.DIVIDED


def test_a_series_across_the_event_is_one_series_on_either_map(an_giang: Tree) -> None:
    series = {(ward, EVE): 10 for ward in WARDS} | {("Rạch Giá", DAY): 95, ("Rạch Giá", LATER): 99}
    told = restate(an_giang, series, LATER)
    assert [told["Rạch Giá", day].value for day in (EVE, DAY, LATER)] == [90, 95, 99]
    back = restate(an_giang, series, EVE)
    assert [back["Vĩnh Lạc", day].value for day in (EVE, DAY, LATER)] == [10, None, None]


def test_a_district_hands_over_its_duties_and_not_its_figures(an_giang: Tree) -> None:
    assert [one.unit for one in an_giang.heirs("Thành phố Rạch Giá", EVE, DAY)] == ["An Giang"]
    assert an_giang.heirs("Thành phố Rạch Giá", EVE, DAY, figures=True) == ()
    block = Block(("Thành phố Rạch Giá",), (EVE,), np.full((1, 1, 1), 360), np.full((1, 1, 1), True))
    assert restate_block(an_giang, block, DAY).lost == ("Thành phố Rạch Giá",)


def test_a_late_value_of_an_ended_unit_for_a_day_after_its_end_is_refused(an_giang: Tree) -> None:
    with pytest.raises(Invalid, match="Có số liệu của “Vĩnh Lạc” cho kỳ 1/7/2025, khi đơn vị không tồn tại"):
        restate(an_giang, {("Vĩnh Lạc", DAY): 1}, LATER)
    with pytest.raises(Invalid, match="Có số liệu của “Rạch Giá” cho kỳ 30/6/2025"):
        restate(an_giang, {("Rạch Giá", EVE): "khá"}, LATER)


def test_a_series_of_two_sorts_is_refused(an_giang: Tree) -> None:
    with pytest.raises(Invalid, match="chỉ gồm một loại giá trị"):
        restate(an_giang, {("Vĩnh Lạc", EVE): 1, ("An Hòa", EVE): Ratio(1, 2)}, DAY)


def test_onto_a_unit_that_does_not_stand_there_is_refused(an_giang: Tree) -> None:
    with pytest.raises(Missing, match="“Vĩnh Lạc” không tồn tại vào ngày 1/7/2025"):
        restate(an_giang, {("Vĩnh Lạc", EVE): 1}, DAY, onto=["Vĩnh Lạc"])


def test_nothing_told_is_nothing_restated(an_giang: Tree) -> None:
    assert restate(an_giang, {}, DAY) == {}


def _block(
    values: list[list[list[int]]], units: tuple[str, ...] = ("A", "B"), days: tuple[date, ...] = (EVE,)
) -> Block:
    array = np.array(values, dtype=np.int64)
    return Block(units, days, array, np.ones(array.shape, np.bool_))


@pytest.mark.parametrize(
    "build",
    [
        lambda: _block([[[1]]]),
        lambda: _block([[[1]], [[2]]], days=(EVE, DAY)),
        lambda: _block([[[1]], [[2]]], units=("A", "A")),
        lambda: _block([[[2**62]], [[2**62]]]),
        lambda: _block([[[-(2**63)]], [[-1]]]),
        lambda: Block(("A",), (EVE,), np.zeros((1, 1), np.int64), np.zeros((1, 1), np.bool_)),
        lambda: Block(("A",), (EVE,), np.zeros((1, 1, 1)), np.zeros((1, 1, 1), np.bool_)),
        lambda: restate(Tree([commune("A")]), {("A", EVE): 2**63}, EVE),
    ],
)
def test_a_block_that_does_not_fit_or_cannot_be_summed_exactly_is_refused(build: object) -> None:
    with pytest.raises(Invalid):
        build()


def test_what_is_not_known_may_hold_any_number(an_giang: Tree) -> None:
    values = np.full((2, 1, 1), 2**61, np.int64)
    block = Block(("Vĩnh Lạc", "An Hòa"), (EVE,), values, np.array([[[True]], [[False]]]))
    assert restate_block(an_giang, block, DAY).values.tolist() == [[[2**61]]]
