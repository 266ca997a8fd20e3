"""Periods of the calendar: they tile it, without a gap and without an overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.periods import Period, Rhythm, period_of

days = st.dates(date(1900, 1, 1), date(9998, 12, 31))
rhythms = st.sampled_from(list(Rhythm))


@pytest.mark.parametrize(
    ("rhythm", "day", "first", "last", "code", "name"),
    [
        (Rhythm.MONTH, date(2020, 11, 16), date(2020, 11, 1), date(2020, 11, 30), "2020-11", "tháng 11/2020"),
        (Rhythm.MONTH, date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29), "2024-02", "tháng 2/2024"),
        (Rhythm.MONTH, date(2020, 12, 31), date(2020, 12, 1), date(2020, 12, 31), "2020-12", "tháng 12/2020"),
        (Rhythm.QUARTER, date(2020, 1, 1), date(2020, 1, 1), date(2020, 3, 31), "2020-Q1", "quý I/2020"),
        (Rhythm.QUARTER, date(2020, 6, 30), date(2020, 4, 1), date(2020, 6, 30), "2020-Q2", "quý II/2020"),
        (Rhythm.QUARTER, date(2020, 7, 1), date(2020, 7, 1), date(2020, 9, 30), "2020-Q3", "quý III/2020"),
        (Rhythm.QUARTER, date(2020, 12, 31), date(2020, 10, 1), date(2020, 12, 31), "2020-Q4", "quý IV/2020"),
        (Rhythm.HALF, date(2020, 6, 30), date(2020, 1, 1), date(2020, 6, 30), "2020-H1", "6 tháng đầu năm 2020"),
        (Rhythm.HALF, date(2020, 7, 1), date(2020, 7, 1), date(2020, 12, 31), "2020-H2", "6 tháng cuối năm 2020"),
        (Rhythm.YEAR, date(2020, 12, 31), date(2020, 1, 1), date(2020, 12, 31), "2020", "năm 2020"),
    ],
)
def test_a_day_lies_in_its_period(rhythm: Rhythm, day: date, first: date, last: date, code: str, name: str) -> None:
    period = period_of(rhythm, day)
    assert (period.first, period.last, period.code, period.name) == (first, last, code, name)


@given(rhythms, days)
def test_a_day_lies_in_the_period_found_for_it(rhythm: Rhythm, day: date) -> None:
    period = period_of(rhythm, day)
    assert period.first <= day < period.end


@given(rhythms, days)
def test_every_day_of_a_period_finds_the_same_period(rhythm: Rhythm, day: date) -> None:
    period = period_of(rhythm, day)
    assert period_of(rhythm, period.first) == period
    assert period_of(rhythm, period.last) == period


@given(rhythms, days)
def test_periods_follow_one_another_without_a_gap(rhythm: Rhythm, day: date) -> None:
    period = period_of(rhythm, day)
    assert period.following().first == period.end
    assert period_of(rhythm, period.first - timedelta(days=1)).end == period.first


@given(rhythms, days, days)
def test_codes_sort_as_time_does(rhythm: Rhythm, one: date, other: date) -> None:
    first, second = period_of(rhythm, one), period_of(rhythm, other)
    assert (first.code < second.code) == (first.first < second.first)


@given(days)
def test_shorter_rhythms_tile_the_longer_ones(day: date) -> None:
    year = period_of(Rhythm.YEAR, day)
    for rhythm in Rhythm:
        turns: list[Period] = []
        turn = period_of(rhythm, year.first)
        while turn.first < year.end:
            turns.append(turn)
            turn = turn.following()
        assert len(turns) * rhythm.months == 12
        assert (turns[0].first, turns[-1].end) == (year.first, year.end)
