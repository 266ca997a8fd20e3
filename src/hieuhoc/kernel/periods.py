"""Calendar periods: months, quarters, half-years and years as spans of days, the last day not included."""

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


@dataclass(frozen=True, order=True)
class Period:
    """One turn of a rhythm: from `first` up to, not including, `end`.

    Example:
        >>> period_of(Rhythm.QUARTER, date(2020, 11, 16)).code
        '2020-Q4'
    """

    first: date
    end: date
    rhythm: Rhythm

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self.end - timedelta(days=1)

    @property
    def code(self) -> str:
        """A short code that sorts by time within its rhythm: 2020, 2020-H2, 2020-Q4, 2020-11."""
        turn = (self.first.month - 1) // self.rhythm.months + 1
        ending = {"month": f"-{turn:02d}", "quarter": f"-Q{turn}", "half": f"-H{turn}", "year": ""}
        return f"{self.first.year}{ending[self.rhythm]}"

    @property
    def name(self) -> str:
        """The period as it is said: "tháng 11/2020", "quý IV/2020", "6 tháng cuối năm 2020", "năm 2020"."""
        year = self.first.year
        if self.rhythm is Rhythm.MONTH:
            return f"tháng {self.first.month}/{year}"
        if self.rhythm is Rhythm.QUARTER:
            return f"quý {('I', 'II', 'III', 'IV')[self.first.month // 3]}/{year}"
        if self.rhythm is Rhythm.HALF:
            return f"6 tháng {'đầu' if self.first.month == 1 else 'cuối'} năm {year}"
        return f"năm {year}"

    def following(self) -> "Period":
        """The next turn of the same rhythm."""
        return period_of(self.rhythm, self.end)


def period_of(rhythm: Rhythm, day: date) -> Period:
    """The turn of a rhythm in which a day lies.

    Example:
        >>> period_of(Rhythm.HALF, date(2020, 9, 17))
        Period(first=datetime.date(2020, 7, 1), end=datetime.date(2021, 1, 1), rhythm=<Rhythm.HALF: 'half'>)
    """
    step = rhythm.months
    month = (day.month - 1) // step * step + 1
    first = date(day.year, month, 1)
    beyond = month + step
    end = date(day.year + (beyond - 1) // 12, (beyond - 1) % 12 + 1, 1)
    return Period(first, end, rhythm)
