"""How far a figure is from its target, where it is heading at the present pace, and whether that is enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hieuhoc.kernel.terms import Term

UP, DOWN, NONE = "up", "down", "none"
REACHED, ON_COURSE, BEHIND, NOT_YET, MISSED, UNKNOWN, UNJUDGED = (
    "reached",
    "on_course",
    "behind",
    "not_yet",
    "missed",
    "unknown",
    "unjudged",
)
VERDICTS: Mapping[str, str] = {
    REACHED: Term("Đã đạt"),
    ON_COURSE: Term("Đúng tiến độ"),
    BEHIND: Term("Chậm so với chỉ tiêu"),
    NOT_YET: Term("Chưa đạt"),  # its period still runs
    MISSED: Term("Không đạt"),
    UNKNOWN: Term("Chưa đủ số liệu"),
    UNJUDGED: Term("Không xét"),
}
MOST_POINTS = 5
"""The pace is that of at most so many last known figures: older ones say little about the present."""


@dataclass(frozen=True, order=True)
class Point:
    """A known figure at the end of a period."""

    day: date
    value: Fraction


@dataclass(frozen=True)
class Prospect:
    """How a figure stands to its target. All values are as the indicator shows them; unknown is None.

    `gap` is what is still lacking, negative when the target is passed; `trend` the change a year at the present
    pace; `forecast` the figure on the target's day at that pace.
    """

    verdict: str
    value: Fraction | None
    gap: Fraction | None
    trend: Fraction | None
    forecast: Fraction | None

    @property
    def words(self) -> str:
        return VERDICTS[self.verdict]


def prospect(points: Sequence[Point], *, target: Fraction, by: date, today: date, direction: str) -> Prospect:
    """How known figures stand to a target that is to be reached by a day (its period's last).

    The pace is the line of least squares through the last known figures (at most five): from one period to the next
    a figure jumps for many reasons, and a line through the last two would take each jump for a trend.
    """
    known = sorted(points)[-MOST_POINTS:]
    last = known[-1] if known else None
    trend = yearly_trend(known)
    # Where the target's own period has a figure, or is over, there is nothing to foretell: what it has is what it is.
    is_there = (last is not None and last.day >= by) or today > by
    forecast = _on_line(known, by, trend) if trend is not None and not is_there else None
    if last is None:
        return Prospect(UNKNOWN, None, None, None, None)
    gap = gap_to(last.value, target=target, direction=direction)
    verdict = _verdict(last, gap, forecast, target=target, by=by, today=today, direction=direction)
    return Prospect(verdict, last.value, gap, trend, forecast)


def gap_to(value: Fraction, *, target: Fraction, direction: str) -> Fraction:
    """What is lacking to the target; zero or less when it is met. Where less is better, what is too much."""
    return value - target if direction == DOWN else target - value


def yearly_trend(points: Sequence[Point]) -> Fraction | None:
    """The change a year of the line of least squares; unknown with fewer than two days."""
    times = [_time(point.day) for point in points]
    if len(set(times)) < 2:
        return None
    mean_time = sum(times, Fraction(0)) / len(times)
    mean_value = _mean_value(points)
    above = sum((time - mean_time) * (point.value - mean_value) for time, point in zip(times, points, strict=True))
    return Fraction(above) / sum((time - mean_time) ** 2 for time in times)


def _verdict(
    last: Point,
    gap: Fraction,
    forecast: Fraction | None,
    *,
    target: Fraction,
    by: date,
    today: date,
    direction: str,
) -> str:
    if direction not in (UP, DOWN):
        return UNJUDGED
    if gap <= 0:
        return REACHED
    if last.day >= by:
        return MISSED if today > by else NOT_YET
    if today > by:
        return UNKNOWN  # its day has passed, and its figure has not come in
    if forecast is None:
        return UNKNOWN
    return ON_COURSE if gap_to(forecast, target=target, direction=direction) <= 0 else BEHIND


def _on_line(points: Sequence[Point], day: date, trend: Fraction) -> Fraction:
    mean_time = sum((_time(point.day) for point in points), Fraction(0)) / len(points)
    return _mean_value(points) + trend * (_time(day) - mean_time)


def _mean_value(points: Sequence[Point]) -> Fraction:
    return sum((point.value for point in points), Fraction(0)) / len(points)


def _time(day: date) -> Fraction:
    """A day in years, from anniversary to anniversary one: a leap year must not make a steady pace fall short."""
    return day.year + Fraction(day.month - 1, 12) + Fraction(day.day - 1, 12 * 31)
