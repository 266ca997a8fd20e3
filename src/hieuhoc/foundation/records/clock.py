"""The one clock of the house. A service asks it once; rules are given `on=` or `now=`.

The demonstration stands on a day of its own (setting `HIEUHOC_TODAY`): the hours run, the day stays.
"""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present instant, on the demonstration's day where one is set."""
    instant = timezone.localtime()
    day: date | None = settings.TODAY
    return instant if day is None else instant.replace(year=day.year, month=day.month, day=day.day)


def today() -> date:
    """The present day in Vietnam, or the demonstration's day."""
    return now().date()
