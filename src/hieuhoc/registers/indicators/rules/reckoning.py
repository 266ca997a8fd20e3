"""How a base indicator is added up: on which periods its facts lie, and for which they make totals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hieuhoc.engines.rollup.grid import OverTime
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of

_LEVELS = ("province", "district", "commune", "hamlet")
_NO_SUM = ("none", "distinct")


@dataclass(frozen=True)
class Reckoning:
    """How one version of a base indicator is added up, for as long as the version holds.

    Its columns are those of the definition.
    """

    indicator: int
    code: str
    valid_from: date
    valid_to: date | None
    calendar: Calendar
    rhythms: tuple[Rhythm, ...]
    over_places: str
    over_time: str
    reported_at: str
    levels: tuple[str, ...]
    measure: str = "count"
    breakdowns: tuple[str, ...] = ()
    fact: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether a unit has the sum of what stands beneath it; otherwise every unit has a figure of its own."""
        return self.over_places not in _NO_SUM

    @property
    def depth(self) -> str:
        """The lowest level at which there are facts."""
        if self.adds_up:
            return self.reported_at
        return max((level for level in self.levels if level in _LEVELS), key=_LEVELS.index, default=self.reported_at)

    @property
    def shortest(self) -> Rhythm:
        """The rhythm of its facts."""
        return min(self.rhythms, key=lambda rhythm: rhythm.months)

    @property
    def rule(self) -> OverTime:
        return OverTime.LAST if self.over_time == "none" else OverTime(self.over_time)

    def holds_in(self, period: Period) -> bool:
        """Whether the version says what the indicator is on the last day of a period."""
        return self.valid_from <= period.last and (self.valid_to is None or period.last < self.valid_to)

    def takes(self, period: Period) -> bool:
        """Whether facts may lie on a period: one of the shortest rhythm, or a span that somebody set for one report."""
        if period.calendar is Calendar.OWN:
            return True
        in_rhythm = period.rhythm in self.rhythms if self.over_time == "none" else period.rhythm is self.shortest
        return period.calendar is self.calendar and in_rhythm


@dataclass(frozen=True)
class Sheet:
    """Periods whose facts are added up together, and the periods for which they make totals."""

    columns: tuple[Period, ...]
    asked: tuple[Period, ...]


def sheet_of(reckoning: Reckoning, period: Period) -> Sheet | None:
    """The sheet on which a period of facts or of totals lies; None when the indicator knows no such period."""
    if period.calendar is Calendar.OWN:
        return Sheet((period,), (period,))
    if period.calendar is not reckoning.calendar or period.rhythm not in reckoning.rhythms:
        return None
    if reckoning.over_time == "none":
        return Sheet((period,), (period,))
    return _sheet(reckoning.rhythms, year_of(period))


@lru_cache(maxsize=1000)
def _sheet(rhythms: tuple[Rhythm, ...], year: Period) -> Sheet:
    told = [tuple(turns(rhythm, year)) for rhythm in sorted(set(rhythms), key=lambda rhythm: rhythm.months)]
    return Sheet(told[0], tuple(one for periods in told for one in periods))


def turns(rhythm: Rhythm, year: Period) -> Iterator[Period]:
    """The turns of a rhythm within a year of a calendar."""
    one = period_of(rhythm, year.first, year.calendar)
    while one.first < year.end:
        yield one
        one = one.following()


def year_of(period: Period) -> Period:
    """The calendar's year in which a period lies; a span of its own stands for itself."""
    if period.calendar is Calendar.OWN:
        return period
    return period_of(Rhythm.YEAR, period.first, period.calendar)


def reckoning_in(versions: Sequence[Reckoning], year: Period) -> Reckoning | None:
    """The version by which the figures of a year are added up: the last that holds on any of its days."""
    within = [one for one in versions if one.valid_from < year.end and (not one.valid_to or one.valid_to > year.first)]
    return max(within, key=lambda one: one.valid_from, default=None)
