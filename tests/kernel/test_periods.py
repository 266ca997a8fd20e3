"""Periods of the calendar: they tile it, without a gap and without an overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_from, period_of

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


# Decree 09/2019/NĐ-CP, Article 12, and the calendars of the programme's own reports.
@pytest.mark.parametrize(
    ("calendar", "rhythm", "day", "first", "last", "key"),
    [
        (Calendar.CLOSING, Rhythm.MONTH, date(2020, 9, 14), date(2020, 8, 15), date(2020, 9, 14), "2020-09"),
        (Calendar.CLOSING, Rhythm.MONTH, date(2020, 12, 15), date(2020, 12, 15), date(2021, 1, 14), "2021-01"),
        (Calendar.CLOSING, Rhythm.QUARTER, date(2020, 6, 15), date(2020, 6, 15), date(2020, 9, 14), "2020-Q3"),
        (Calendar.CLOSING, Rhythm.HALF, date(2019, 12, 15), date(2019, 12, 15), date(2020, 6, 14), "2020-H1"),
        (Calendar.CLOSING, Rhythm.HALF, date(2020, 6, 15), date(2020, 6, 15), date(2020, 12, 14), "2020-H2"),
        (Calendar.CLOSING, Rhythm.YEAR, date(2020, 12, 14), date(2019, 12, 15), date(2020, 12, 14), "2020"),
        (Calendar.LITERACY, Rhythm.YEAR, date(2020, 9, 30), date(2019, 10, 1), date(2020, 9, 30), "xmc-2020"),
        (Calendar.LITERACY, Rhythm.MONTH, date(2019, 10, 1), date(2019, 10, 1), date(2019, 10, 31), "xmc-2019-10"),
        (Calendar.SCHOOL, Rhythm.YEAR, date(2020, 5, 31), date(2019, 6, 1), date(2020, 5, 31), "nh-2020"),
        (Calendar.CIVIL, Rhythm.YEAR, date(2020, 12, 31), date(2020, 1, 1), date(2020, 12, 31), "dl-2020"),
    ],
)
def test_each_calendar_closes_on_its_own_day(
    calendar: Calendar, rhythm: Rhythm, day: date, first: date, last: date, key: str
) -> None:
    period = period_of(rhythm, day, calendar)
    assert (period.first, period.last, period.key) == (first, last, key)


turning = st.sampled_from([calendar for calendar in Calendar if calendar is not Calendar.OWN])


@given(turning, rhythms, days)
def test_the_turns_of_every_calendar_tile_it_and_are_found_by_their_keys(
    calendar: Calendar, rhythm: Rhythm, day: date
) -> None:
    period = period_of(rhythm, day, calendar)
    assert period.first <= day < period.end
    assert period.following().first == period.end
    assert period.following().previous() == period
    if 1901 <= period.year <= 9000 and period.first.year >= 1901:
        assert period_from(period.key) == period


@given(turning, rhythms, days)
def test_months_nest_in_the_longer_turns(calendar: Calendar, rhythm: Rhythm, day: date) -> None:
    longer, month = period_of(rhythm, day, calendar), period_of(Rhythm.MONTH, day, calendar)
    assert longer.holds(month)
    assert longer.year == period_of(Rhythm.YEAR, day, calendar).year


def test_a_span_of_its_own_has_a_key_and_no_next() -> None:
    span = Period(date(2020, 9, 5), date(2020, 10, 1), Rhythm.YEAR, Calendar.OWN)
    assert (span.key, span.name) == ("rieng-20200905-20200930", "từ 05/09/2020 đến 30/09/2020")
    assert period_from(span.key) == span
    with pytest.raises(ValueError, match="no turns"):
        span.following()


@pytest.mark.parametrize(
    "key", ["", "2020-13", "2020-Q5", "x", "20-01", "rieng-1", "2020-H3", "dl-", "2020-00", "2020-1", "9999-Q4", "0001"]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is for programmers
        period_from(key)
