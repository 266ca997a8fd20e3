"""Small counts of people stay hidden, and cannot be worked out from what is shown beside them."""

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.registers.indicators import rules


def test_few_people_are_not_spoken_of_but_nobody_and_enough_are() -> None:
    shown = [rules.publishable(count, count).value for count in (0, 1, 4, 5, 6, None)]
    assert shown == [0, None, None, 5, 6, None]
    assert rules.publishable(None, None).why == ""
    assert "quá ít" in rules.publishable(3, 3).why


def test_a_share_that_stands_on_few_people_is_hidden() -> None:
    assert rules.publishable(Fraction(2, 100), [2, 98]).is_hidden
    assert rules.publishable(Fraction(98, 100), [98, 2]).is_hidden
    assert not rules.publishable(Fraction(50), [50, 50]).is_hidden


def test_money_and_classes_are_shown_however_few() -> None:
    assert rules.publishable(2, None).value == 2


def test_one_hidden_part_takes_the_smallest_other_with_it() -> None:
    parts, total = rules.protect([3, 40, 12], 55)
    assert [one.value for one in parts] == [None, 40, None]
    assert total.value == 55
    assert parts[0].why != parts[2].why


def test_where_no_other_part_is_left_the_total_goes() -> None:
    parts, total = rules.protect([3, 0], 3)
    assert [one.value for one in parts] == [None, 0]
    assert total.is_hidden


def test_two_parts_of_one_person_each_take_a_third_along() -> None:
    parts, _ = rules.protect([1, 1, 90, 20], 112)
    assert [one.value for one in parts] == [None, None, 90, None]


def test_a_part_that_is_unknown_protects_the_hidden_one() -> None:
    parts, total = rules.protect([3, None, 40], 60)
    assert [one.value for one in parts] == [None, None, 40]
    assert [one.is_hidden for one in parts] == [True, False, False]
    assert total.value == 60


@given(st.lists(st.integers(0, 30), min_size=2, max_size=5))
def test_no_small_part_can_be_worked_out_from_a_line(parts: list[int]) -> None:
    shown, total = rules.protect(parts, sum(parts))
    for at, part in enumerate(parts):
        if 0 < part < rules.SMALLEST:
            assert shown[at].is_hidden
            others = [one for place, one in enumerate(shown) if place != at]
            assert total.is_hidden or any(one.is_hidden for one in others)


@given(
    st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=2, max_size=4),
)
def test_no_row_and_no_column_of_a_table_has_a_single_hidden_cell(rows: list[list[int]]) -> None:
    totals = [sum(row) for row in rows]
    foot = [*(sum(column) for column in zip(*rows, strict=True)), sum(totals)]
    table = rules.protect_table(rows, totals=totals, foot=foot)
    for line in [*table, *zip(*table, strict=True)]:
        assert sum(one.is_hidden for one in line) != 1
    for row, at in product(range(len(rows)), range(3)):
        assert table[row][at].is_hidden or table[row][at].value == rows[row][at]
