"""The one clock of the house. A service asks it once; rules are given `on=` or `now=`.

The demonstration stands on a day of its own (setting `HIEUHOC_TODAY`): the hours run, the day stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """The present instant, on the demonstration's day where one is set."""
    if (instant := _pinned.get()) is not None:
        return instant
    instant = timezone.localtime()
    day: date | None = settings.TODAY
    return instant if day is None else instant.replace(year=day.year, month=day.month, day=day.day)


def today() -> date:
    """The present day in Vietnam, or the demonstration's day."""
    return timezone.localtime(now()).date()


@contextmanager
def pinned(instant: datetime) -> Iterator[None]:
    """Let the clock stand still at an instant: for telling the demonstration's story, and for tests."""
    token = _pinned.set(timezone.localtime(instant))
    try:
        yield
    finally:
        _pinned.reset(token)
