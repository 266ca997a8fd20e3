"""What becomes of a mark that was made on a phone while others were marking too. No Django."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MARKS = ("present", "late", "absent")
ATTENDED = ("present", "late")
MOST_ITEMS = 500  # of one sending
MOST_HEADS = 5_000  # counted in one group
CLOCK_AHEAD = timedelta(minutes=10)
"""A phone's clock may run ahead of the house's by so much; beyond that the house's own is taken."""
CLOCK_BEHIND = timedelta(days=366)
"""Nor may it run so far behind, as where its battery was empty: nothing waits that long to be sent."""

Verdict = Literal["taken", "same", "older", "conflict"]


@dataclass(frozen=True)
class Standing:
    """What stands in the book: a mark or a count, its edition (0: nothing stands yet), who wrote it and when."""

    value: str | int
    edition: int = 0
    by: int | None = None
    at: datetime | None = None


def verdict(standing: Standing, *, value: str | int, seen: int, by: int, at: datetime) -> Verdict:
    """What becomes of what `by` says, who had seen the edition `seen`.

    The same as what stands: nothing changes. Nothing has been written since it was seen: taken. Written by the same
    person in between: the later of both holds. Written by another person in between: a human settles it.

    Example:
        >>> morning = datetime(2020, 11, 16, 8)
        >>> verdict(Standing("absent", 2, by=1, at=morning), value="present", seen=1, by=7, at=morning)
        'conflict'
        >>> verdict(Standing("absent", 2, by=1, at=morning), value="present", seen=2, by=7, at=morning)
        'taken'
    """
    if standing.value == value:
        return "same"
    if standing.edition <= seen or standing.edition == 0:
        return "taken"
    if standing.by == by:
        return "taken" if standing.at is None or at >= standing.at else "older"
    return "conflict"


def time_of(at: datetime | None, *, now: datetime) -> datetime:
    """When a mark was made: by the phone's clock, unless that cannot be right."""
    return at if at is not None and now - CLOCK_BEHIND <= at <= now + CLOCK_AHEAD else now
