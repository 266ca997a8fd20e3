"""On which days a report is opened, closed and sent, and how it stands against them.

Source: Decree 09/2019/NĐ-CP, Articles 11 and 12: data close with the period of the calendar, at least one working day
lies between closing and sending, and each regime sets the days for each level.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.reports import states

DUE_SOON_DAYS = 7
DAYS_AHEAD = 3
_SATURDAY = 5


class Lasting(Protocol):
    """What has a last day, or none: a unit."""

    @property
    def valid_to(self) -> date | None: ...


class Owed(Protocol):
    """What is asked about: a submission."""

    @property
    def state(self) -> str: ...

    @property
    def deadline(self) -> date: ...


def next_working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend. Public holidays are the requester's to mind.

    Example:
        >>> next_working_day(date(2020, 10, 3))
        datetime.date(2020, 10, 5)
    """
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def due_day(closes_on: date, days: int) -> date:
    """By when a report is sent that closes on a day. Units: days after it."""
    return next_working_day(closes_on + timedelta(days=days))


def dues_of(sending: Mapping[str, int], levels: Sequence[str], closes_on: date) -> dict[str, date]:
    """By when each level sends."""
    return {level: due_day(closes_on, sending[level]) for level in levels}


def check_sending(sending: Mapping[str, int], levels: Sequence[str]) -> None:
    """That every level has a day, and the days go up the tree: communes before districts before the province.

    Raises: Invalid (field `sending`).
    """
    for level in levels:
        days = sending.get(level)
        if days is None or not 1 <= days <= 120:
            raise Invalid("Hạn gửi từ 1 đến 120 ngày sau ngày chốt số liệu.", field=f"sending_{level}")
    order = [level for level in ("commune", "district", "province") if level in levels]
    for lower, higher in pairwise(order):
        if sending[lower] >= sending[higher]:
            raise Invalid("Cấp dưới phải gửi trước cấp trên.", field=f"sending_{higher}")


def check_dues(dues: Mapping[str, date], closes_on: date) -> None:
    """That at least one working day lies between closing and sending. Raises: Invalid (field `due_…`)."""
    for level, day in dues.items():
        if day < next_working_day(closes_on + timedelta(days=1)):
            raise Invalid("Hạn gửi phải sau ngày chốt số liệu ít nhất một ngày làm việc.", field=f"due_{level}")


def periods_to_open(calendar: Calendar, rhythm: Rhythm, *, on: date, opens_before: int) -> list[Period]:
    """The turns of a calendar whose rounds are to be open on a day: from `opens_before` days before they close.

    The turn that closed last and the one that closes next; spans of their own are opened by hand.
    """
    if calendar is Calendar.OWN:
        return []
    now = period_of(rhythm, on, calendar)
    return [one for one in (now.previous(), now) if one.last - timedelta(days=opens_before) <= on]


def standing(one: Owed, *, on: date) -> str:
    """How a report stands for whoever owes it: overdue, due, not_yet_due, returned, submitted, approved, left_out.

    What is due today is not late, and what was returned is so until it is handed in again.
    """
    if one.state in states.LEFT_OUT:
        return "left_out"
    if one.state in ("approved", "locked"):
        return "approved"
    if one.state in ("submitted", "returned"):
        return one.state
    left = (one.deadline - on).days
    if left < 0:
        return "overdue"
    return "due" if left <= DUE_SOON_DAYS else "not_yet_due"


def stands_to_the_end(unit: Lasting, period: Period) -> bool:
    """Whether a unit stands on the last day of a period, on whose map its figures are added up.

    One that does not has no figures of its own for the period any more: its heir reports them.
    """
    return unit.valid_to is None or period.last < unit.valid_to


def was_late(one: Owed, submitted_on: date | None, *, on: date) -> bool:
    """Whether a report was handed in after its deadline, or is not there though it has passed."""
    if one.state in states.LEFT_OUT:
        return False
    return (submitted_on or on) > one.deadline


def is_reminded_on(deadline: date, *, on: date) -> bool:
    """Whether the house itself writes about a report that is owed: some days ahead, on the day, after it every week.

    Example:
        >>> [is_reminded_on(date(2020, 9, 18), on=date(2020, 9, day)) for day in (15, 16, 18, 19, 20, 26)]
        [True, False, True, True, False, True]
    """
    late = (on - deadline).days
    return late in (-DAYS_AHEAD, 0) or (late > 0 and late % 7 == 1)
