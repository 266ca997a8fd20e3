"""Periods: months, quarters, half-years and years of a calendar as spans of days, the last day not included.

Official reports do not all follow the civil calendar: a `Calendar` says on which day a month, and in which month a year
begins. Turns of one calendar tile it, and its months nest in its quarters, half-years and years.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Rhythm(StrEnum):
    """How often something comes round on the calendar."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half": 6, "year": 12}[self.value]


class Calendar(StrEnum):
    """By which days a figure is closed.

    `CLOSING` runs from the 15th to the 14th: September ends on 14 September, the year on 14 December.
    `OWN` is a span that somebody set for one report; it has no next turn.

    Source: Decree 09/2019/NĐ-CP, Article 12 (CLOSING); 1/10–30/9 of universal education and literacy (LITERACY);
    31/5 of the older reports on continuing education (SCHOOL); the other days are those of the civil year.
    """

    CIVIL = "civil"
    CLOSING = "closing"
    LITERACY = "literacy"
    SCHOOL = "school"
    OWN = "own"

    @property
    def first_month(self) -> int:
        """The month in which a year of the calendar begins: 10 for October."""
        return {"literacy": 10, "school": 6}.get(self.value, 1)

    @property
    def first_day(self) -> int:
        """The day on which a month begins; when it is not the first, a day of the month before."""
        return 15 if self is Calendar.CLOSING else 1

    @property
    def prefix(self) -> str:
        """How the keys of its periods begin, so that those of two calendars are never alike."""
        return {"civil": "dl-", "literacy": "xmc-", "school": "nh-", "own": "rieng-"}.get(self.value, "")


@dataclass(frozen=True, order=True)
class Period:
    """One turn of a rhythm on a calendar: from `first` up to, not including, `end`.

    Example:
        >>> period_of(Rhythm.QUARTER, date(2020, 11, 16)).code
        '2020-Q4'
        >>> year = period_of(Rhythm.YEAR, date(2020, 11, 16), Calendar.LITERACY)
        >>> year.code, year.first, year.last
        ('2021', datetime.date(2020, 10, 1), datetime.date(2021, 9, 30))
    """

    first: date
    end: date
    rhythm: Rhythm
    calendar: Calendar = Calendar.CIVIL

    def __str__(self) -> str:
        return self.name

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self.end - timedelta(days=1)

    @property
    def year(self) -> int:
        """The year that the period is counted to: that in which its calendar's year ends."""
        return self.last.year if self.calendar is Calendar.OWN else self._turn[0]

    @property
    def code(self) -> str:
        """A short code that sorts by time within its rhythm: 2020, 2020-H2, 2020-Q4, 2020-11."""
        if self.calendar is Calendar.OWN:
            return f"{self.first:%Y%m%d}-{self.last:%Y%m%d}"
        year, turn = self._turn
        if self.rhythm is Rhythm.MONTH:
            return f"{self.last:%Y-%m}"
        ending = {"quarter": f"-Q{turn}", "half": f"-H{turn}", "year": ""}
        return f"{year}{ending[self.rhythm]}"

    @property
    def key(self) -> str:
        """The code with its calendar's prefix, which no other period has; official reports have none: 2020-Q4."""
        return f"{self.calendar.prefix}{self.code}"

    @property
    def turn(self) -> int:
        """Which turn of its rhythm the period is in its year, from 1; 1 for a span of its own."""
        return 1 if self.calendar is Calendar.OWN else self._turn[1]

    @property
    def name(self) -> str:
        """The period as it is said: "tháng 11/2020", "quý IV/2020", "6 tháng cuối năm 2020", "năm 2020"."""
        if self.calendar is Calendar.OWN:
            return f"từ {_written(self.first)} đến {_written(self.last)}"
        year, turn = self._turn
        if self.rhythm is Rhythm.MONTH:
            return f"tháng {self.last.month}/{self.last.year}"
        called = f"năm {year}"
        if self.calendar is Calendar.LITERACY:
            called = f"năm phổ cập, xóa mù chữ {year}"
        elif self.calendar is Calendar.SCHOOL:
            called = f"năm học {year - 1}–{year}"
        if self.rhythm is Rhythm.YEAR:
            return called
        if self.rhythm is Rhythm.QUARTER:
            number = ("I", "II", "III", "IV")[turn - 1]
            plain = self.calendar in (Calendar.CIVIL, Calendar.CLOSING)
            return f"quý {number}/{year}" if plain else f"quý {number} {called}"
        return f"6 tháng {'đầu' if turn == 1 else 'cuối'} {called}"

    @property
    def _turn(self) -> tuple[int, int]:
        """The year to which the period is counted, and which turn of its rhythm it is in that year, from 1."""
        start = self.calendar.first_month - 1
        months = _month_number(self.first, self.calendar) - start
        return months // 12 + (1 if start else 0), months % 12 // self.rhythm.months + 1

    def following(self) -> "Period":
        """The next turn of the same rhythm. Raises: ValueError for a span of its own."""
        return period_of(self.rhythm, self.end, self.calendar)

    def previous(self) -> "Period":
        """The turn before. Raises: ValueError for a span of its own."""
        return period_of(self.rhythm, self.first - timedelta(days=1), self.calendar)

    def holds(self, other: "Period") -> bool:
        """Whether the other period lies wholly within this one."""
        return self.first <= other.first and other.end <= self.end


def period_of(rhythm: Rhythm, day: date, calendar: Calendar = Calendar.CIVIL) -> Period:
    """The turn of a rhythm in which a day lies. Raises: ValueError for `OWN`, whose spans follow no rule.

    Example:
        >>> half = period_of(Rhythm.HALF, date(2020, 9, 17))
        >>> half.first, half.end
        (datetime.date(2020, 7, 1), datetime.date(2021, 1, 1))
        >>> period_of(Rhythm.MONTH, date(2020, 9, 15), Calendar.CLOSING).code
        '2020-10'
    """
    if calendar is Calendar.OWN:
        raise ValueError("a span of its own has no turns")
    start = calendar.first_month - 1
    month = (_month_number(day, calendar) - start) // rhythm.months * rhythm.months + start
    return Period(_begin(month, calendar), _begin(month + rhythm.months, calendar), rhythm, calendar)


def period_from(key: str) -> Period:
    """The period that a key names. Raises: ValueError for anything that is no key.

    Example:
        >>> period_from("xmc-2020").name, period_from("2020-H1").last
        ('năm phổ cập, xóa mù chữ 2020', datetime.date(2020, 6, 14))
    """
    calendar, code = next(
        ((one, key.removeprefix(one.prefix)) for one in Calendar if one.prefix and key.startswith(one.prefix)),
        (Calendar.CLOSING, key),
    )
    if calendar is Calendar.OWN:
        first, _, last = code.partition("-")
        return Period(_day(first), _day(last) + timedelta(days=1), Rhythm.YEAR, calendar)
    year, _, turn = code.partition("-")
    rhythm = {"": Rhythm.YEAR, "H": Rhythm.HALF, "Q": Rhythm.QUARTER}.get(turn[:1], Rhythm.MONTH)
    if len(year) != 4 or not year.isdecimal() or not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise ValueError(f"no period is called {key!r}")
    if rhythm is Rhythm.MONTH:
        return period_of(rhythm, _day(f"{year}{turn}01"), calendar)
    begin = period_of(Rhythm.YEAR, date(int(year), 5, 1), calendar)  # every calendar's year holds the first of May
    one = period_of(rhythm, begin.first, calendar)
    while one.first < begin.end:
        if one.key == key:
            return one
        one = one.following()
    raise ValueError(f"no period is called {key!r}")


_FIRST_YEAR, _LAST_YEAR = 1900, 9000  # whatever is asked of a period, the turns around it are days too


def _day(digits: str) -> date:
    if len(digits) != 8 or not digits.isdecimal():
        raise ValueError(f"no day is written {digits!r}")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _month_number(day: date, calendar: Calendar) -> int:
    """The months since the year 0 up to that of the calendar in which a day lies."""
    begins_before = calendar.first_day > 1 and day.day >= calendar.first_day
    return day.year * 12 + day.month - 1 + begins_before


def _begin(month: int, calendar: Calendar) -> date:
    if calendar.first_day > 1:
        month -= 1
    return date(month // 12, month % 12 + 1, calendar.first_day)


def _written(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
