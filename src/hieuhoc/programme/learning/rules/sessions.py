"""The days and hours of an activity: a series of sessions, and what one session must say. No Django."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term

MOST_SESSIONS = 200
WEEKDAYS = {
    0: Term("thứ hai"),
    1: Term("thứ ba"),
    2: Term("thứ tư"),
    3: Term("thứ năm"),
    4: Term("thứ sáu"),
    5: Term("thứ bảy"),
    6: Term("chủ nhật"),
}


def days_of(first: date, *, weekdays: Collection[int], number: int) -> list[date]:
    """The days of a series: so many, from the first on, on these days of the week (Monday is 0; none: that day's).

    Raises: Invalid (field `number`) for none or too many.

    Example:
        >>> [day.isoformat() for day in days_of(date(2020, 11, 16), weekdays=[0, 3], number=3)]
        ['2020-11-16', '2020-11-19', '2020-11-23']
    """
    if not 1 <= number <= MOST_SESSIONS:
        raise Invalid("Số buổi phải từ 1 đến {most}.", field="number", most=MOST_SESSIONS)
    wanted = set(weekdays) or {first.weekday()}
    found: list[date] = []
    day = first
    while len(found) < number:
        if day.weekday() in wanted:
            found.append(day)
        day += timedelta(days=1)
    return found


def check_hours(begins: time, ends: time) -> None:
    """Raises: Invalid (field `ends`) for a session that ends before it begins."""
    if ends <= begins:
        raise Invalid("Giờ kết thúc phải sau giờ bắt đầu.", field="ends")


def overlaps(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    """Whether two spans of time have a moment in common; one that begins when the other ends has none."""
    return one[0] < other[1] and other[0] < one[1]
