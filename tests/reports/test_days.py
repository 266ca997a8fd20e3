"""The days of reporting: closing, sending, opening, standing, reminding."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Calendar, Rhythm
from hieuhoc.reports import rules


@dataclass(frozen=True)
class Report:
    state: str
    deadline: date


@pytest.mark.parametrize(
    ("closes_on", "days", "due_on"),
    [
        (date(2020, 9, 14), 4, date(2020, 9, 18)),
        (date(2020, 9, 14), 5, date(2020, 9, 21)),  # a Saturday moves to Monday
        (date(2020, 9, 14), 6, date(2020, 9, 21)),  # a Sunday too
        (date(2020, 12, 14), 11, date(2020, 12, 25)),
    ],
)
def test_a_report_is_sent_so_many_days_after_closing_and_never_on_a_weekend(
    closes_on: date, days: int, due_on: date
) -> None:
    assert rules.due_day(closes_on, days) == due_on


@given(st.dates(date(2018, 1, 1), date(2035, 1, 1)), st.integers(1, 120))
def test_a_day_of_sending_is_a_working_day_at_most_two_days_later(closes_on: date, days: int) -> None:
    due_on = rules.due_day(closes_on, days)
    assert due_on.weekday() < 5
    assert timedelta(0) <= due_on - closes_on - timedelta(days=days) <= timedelta(days=2)


def test_between_closing_and_sending_lies_a_working_day() -> None:
    friday = date(2020, 9, 18)
    rules.check_dues({"commune": date(2020, 9, 21)}, friday)
    for day in (friday, date(2020, 9, 19), date(2020, 9, 20)):
        with pytest.raises(Invalid, match="ít nhất một ngày làm việc"):
            rules.check_dues({"commune": day}, friday)


def test_days_go_up_the_tree() -> None:
    rules.check_sending({"commune": 3, "district": 6, "province": 10}, ["commune", "district", "province"])
    rules.check_sending({"commune": 3, "province": 6, "agency": 2}, ["commune", "province", "agency"])
    with pytest.raises(Invalid) as refused:
        rules.check_sending({"commune": 6, "district": 6}, ["commune", "district"])
    assert refused.value.field == "sending_district"
    with pytest.raises(Invalid) as refused:
        rules.check_sending({"commune": 3}, ["commune", "province"])
    assert refused.value.field == "sending_province"


def opened(calendar: Calendar, rhythm: Rhythm, on: date, before: int = 5) -> list[str]:
    return [one.key for one in rules.periods_to_open(calendar, rhythm, on=on, opens_before=before)]


def test_a_round_opens_some_days_before_its_period_ends() -> None:
    assert opened(Calendar.CLOSING, Rhythm.MONTH, date(2020, 11, 8)) == ["2020-10"]
    assert opened(Calendar.CLOSING, Rhythm.MONTH, date(2020, 11, 9)) == ["2020-10", "2020-11"]
    assert opened(Calendar.CLOSING, Rhythm.MONTH, date(2020, 11, 15)) == ["2020-11"]


@pytest.mark.parametrize(
    ("calendar", "rhythm", "on", "keys"),
    [
        (Calendar.LITERACY, Rhythm.YEAR, date(2020, 9, 26), ["xmc-2019", "xmc-2020"]),
        (Calendar.CIVIL, Rhythm.YEAR, date(2021, 1, 4), ["dl-2020"]),
        (Calendar.SCHOOL, Rhythm.YEAR, date(2020, 5, 30), ["nh-2019", "nh-2020"]),
        (Calendar.CLOSING, Rhythm.HALF, date(2020, 6, 12), ["2019-H2", "2020-H1"]),
        (Calendar.OWN, Rhythm.YEAR, date(2020, 6, 12), []),
    ],
)
def test_every_calendar_opens_by_its_own_year(calendar: Calendar, rhythm: Rhythm, on: date, keys: list[str]) -> None:
    assert opened(calendar, rhythm, on) == keys


STANDINGS = [
    ("waiting", -8, "not_yet_due"),
    ("waiting", -7, "due"),
    ("draft", 0, "due"),
    ("draft", 1, "overdue"),
    ("returned", -5, "returned"),
    ("returned", 30, "returned"),
    ("submitted", 30, "submitted"),
    ("approved", 30, "approved"),
    ("locked", 30, "approved"),
    ("cancelled", 30, "left_out"),
    ("joined", 30, "left_out"),
]


@pytest.mark.parametrize(("state", "late", "standing"), STANDINGS)
def test_a_report_stands_by_its_state_and_its_day_and_never_vanishes(state: str, late: int, standing: str) -> None:
    deadline = date(2020, 11, 16)
    assert rules.standing(Report(state, deadline), on=deadline + timedelta(days=late)) == standing


def test_late_is_late_whether_it_came_or_not() -> None:
    deadline = date(2020, 11, 16)
    day = timedelta(days=1)
    assert not rules.was_late(Report("submitted", deadline), deadline, on=deadline + 9 * day)
    assert rules.was_late(Report("submitted", deadline), deadline + day, on=deadline + 9 * day)
    assert rules.was_late(Report("waiting", deadline), None, on=deadline + day)
    assert not rules.was_late(Report("cancelled", deadline), None, on=deadline + day)


@given(st.integers(-40, 60))
def test_the_house_writes_ahead_on_the_day_and_every_week_after(late: int) -> None:
    deadline = date(2020, 11, 16)
    expected = late in (-3, 0) or (late > 0 and late % 7 == 1)
    assert rules.is_reminded_on(deadline, on=deadline + timedelta(days=late)) is expected
