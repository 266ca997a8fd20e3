"""The one clock of the house. A service asks it once; rules are given `on=` or `now=`.

The demonstration stands on a day of its own (setting `HIEUHOC_TODAY`): the hours run, the day stays until it is told
to stand on a later one, which it keeps in a small file that every process of the house reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """The present instant, on the demonstration's day where one is set."""
    if (instant := _pinned.get()) is not None:
        return instant
    instant = timezone.localtime()
    day = _standing_on()
    return instant if day is None else instant.replace(year=day.year, month=day.month, day=day.day)


def today() -> date:
    """The present day in Vietnam, or the demonstration's day."""
    return timezone.localtime(now()).date()


def may_stand_on(day: date) -> bool:
    """Whether the house may come to stand on a day: a demonstration on any real one, any other on none to come."""
    return day <= timezone.localdate() if settings.DEMONSTRATION else day <= today()


def stand_on(day: date) -> None:
    """Let the demonstration stand on a day from now on, if that is later; a house at work has the real day."""
    if settings.DEMONSTRATION and day > today():
        file = _file()
        fresh = file.with_suffix(".new")
        fresh.write_text(day.isoformat(), encoding="ascii")
        fresh.replace(file)


def _standing_on() -> date | None:
    day: date | None = settings.TODAY
    if not settings.DEMONSTRATION:
        return day
    try:
        kept = _file().read_text(encoding="ascii")
    except FileNotFoundError:
        return day
    return date.fromisoformat(kept)


def _file() -> Path:
    return Path(settings.DATA_DIR) / "today"


@contextmanager
def pinned(instant: datetime) -> Iterator[None]:
    """Let the clock stand still at an instant: for telling the demonstration's story, and for tests."""
    token = _pinned.set(timezone.localtime(instant))
    try:
        yield
    finally:
        _pinned.reset(token)
