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
    return day <= (timezone.localdate() if _is_demonstration() else today())


def stand_on(day: date) -> None:
    """Let the demonstration stand on a day from now on, unless it stands on a later one; any other house does not."""
    if not _is_demonstration():
        return
    kept = _standing_on()
    if kept is None or day > kept or not _file().exists():
        fresh = _file().with_suffix(".new")
        fresh.write_text(max(day, kept or day).isoformat(), encoding="ascii")
        fresh.replace(_file())


def _is_demonstration() -> bool:
    # The file marks the folder: a command run on it knows what it is even without the demonstration's settings.
    return settings.DEMONSTRATION or _file().exists()


def _standing_on() -> date | None:
    """The day on which the house stands by setting or by file, the later one; none for the real day."""
    day: date | None = settings.TODAY
    try:
        kept = date.fromisoformat(_file().read_text(encoding="ascii"))
    except FileNotFoundError:
        return day
    return kept if day is None else max(day, kept)


def _file() -> Path:
    return Path(settings.DATA_DIR) / "demonstration-day"


@contextmanager
def pinned(instant: datetime) -> Iterator[None]:
    """Let the clock stand still at an instant: for telling the demonstration's story, and for tests."""
    token = _pinned.set(timezone.localtime(instant))
    try:
        yield
    finally:
        _pinned.reset(token)
