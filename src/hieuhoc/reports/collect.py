"""Asking every app what it has counted of a period, and handing it to the register of indicators.

An app that counts has a module named in the setting `COLLECTORS`, with `facts(period, names=)`, the names of what it
counts (`COUNTED`) and `rows_beneath(user, what, unit=, period=)`. It does not know which indicator uses a figure; the
register does not know from which rows it came. Only what has changed is written.

A collector that has `changed_days(after=)` tells, by the name of what it counts, of which days something has changed
since a line of the trail: a mark that a phone sent weeks late, people found to be one, a voucher found in a drawer.
Their periods are counted again, however long ago they closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.conf import settings

from hieuhoc.engines.rollup import Fact
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators import services
from hieuhoc.reports.models import Counting, Round

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.indicators.rules.reckoning import Reckoning
    from hieuhoc.registers.places.models import Unit


_CALENDARS = tuple(calendar for calendar in Calendar if calendar is not Calendar.OWN)
WHOLE_EVERY = timedelta(hours=1)
"""Distinct people are counted anew for the quarter and the year: so often, and not each minute."""


class Collector(Protocol):
    """What an app counts."""

    COUNTED: Mapping[str, Any]

    def facts(self, period: Period, *, names: Collection[str] | None = None) -> Iterator[Fact]: ...

    def rows_beneath(self, user: User, what: str, *, unit: Unit, period: Period) -> list[Any]: ...


@lru_cache(maxsize=1)
def _named(paths: tuple[str, ...]) -> tuple[Collector, ...]:
    return tuple(cast("Collector", import_module(path)) for path in paths)


def collectors() -> tuple[Collector, ...]:
    """The modules that the setting `COLLECTORS` names, in its order."""
    return _named(tuple(settings.COLLECTORS))


def collect(period: Period, *, names: Collection[str] | None = None) -> int:
    """Count what lies in a period anew, as far as it has begun; how many figures have changed.

    With `names` only what is counted under them.

    Indicators lie on the shortest of their rhythms: for a quarter its months are counted. What no other period can tell
    (distinct people) is counted for every rhythm: for a month also the quarter and the year in which it lies.
    """
    turns = _turns_within([period])
    return _collect(turns if names is None else {turn: told & set(names) for turn, told in turns.items()})


def collect_open() -> int:
    """The same for every round that is open, and for the month that runs. For the tick, each minute.

    Once an hour also for the longer periods of what no shorter one can tell, and for every period, closed or not, of
    which something has changed since.
    """
    now, done = clock.now(), Counting.objects.first()
    is_whole = done is None or not done.whole_at <= now < done.whole_at + WHOLE_EVERY
    line = trail.last_number()
    rounds = Round.objects.filter(state="open").select_related("period")
    periods = {one.period.period for one in rounds}
    periods.add(period_of(Rhythm.MONTH, clock.today(), Calendar.CLOSING))
    turns = _turns_within(periods, only_months=not is_whole)
    if not is_whole:
        return _collect(turns)
    if done is not None:
        for turn, names in _changed(after=done.line).items():
            turns.setdefault(turn, set()).update(names)
    changed = _collect(turns)
    Counting.objects.update_or_create(pk=1, defaults={"line": line, "whole_at": now})
    return changed


def _changed(*, after: int) -> dict[Period, set[str]]:
    """The periods of which something has changed since a line of the trail, with the names of what counts it."""
    found: dict[Period, set[str]] = {}
    for one in collectors():
        tell = getattr(one, "changed_days", None)
        days: dict[str, set[date]] = tell(after=after) if tell else {}
        months = {
            period_of(Rhythm.MONTH, day, calendar) for of in days.values() for day in of for calendar in _CALENDARS
        }
        for turn, names in _turns_within(months).items():
            touched = {name for name in names if any(turn.first <= day < turn.end for day in days.get(name, ()))}
            found.setdefault(turn, set()).update(touched)
    return found


def _collect(turns: Mapping[Period, set[str]]) -> int:
    changed = 0
    for turn, names in sorted(turns.items()):
        told: list[Fact] = []
        counted: set[str] = set()
        for one in collectors():
            if wanted := names & set(one.COUNTED):
                counted |= wanted
                told += one.facts(turn, names=wanted)
        if counted:
            done = services.count_facts(by=trail.HOUSE, facts=told, complete=[(what, turn) for what in sorted(counted)])
            changed += done.facts
    return changed


def _turns_within(periods: Collection[Period], *, only_months: bool = False) -> dict[Period, set[str]]:
    """The periods on which what is counted lies, with the names of it: the shortest turns in those that are asked for.

    Turns that have not begun are left out: a zero of next month would be a guess. What no shorter turn
    can tell lies on the longer ones too; with `only_months` these are left out.
    """
    today = clock.today()
    found: dict[Period, set[str]] = {}
    for versions in indicators.reckonings().values():
        for one in versions:
            if not one.fact:
                continue
            for period in periods:
                for rhythm in _rhythms(one, only_months=only_months):
                    for turn in _turns(one.calendar, rhythm, period, today):
                        if one.holds_in(turn):
                            found.setdefault(turn, set()).add(one.fact)
    return found


def _rhythms(one: Reckoning, *, only_months: bool) -> Iterable[Rhythm]:
    if one.over_time != "none":
        return (one.shortest,)
    return [rhythm for rhythm in one.rhythms if rhythm is Rhythm.MONTH or not only_months]


def _turns(calendar: Calendar, rhythm: Rhythm, period: Period, today: date) -> Iterator[Period]:
    if period.calendar is Calendar.OWN:
        if period.first <= today:
            yield period
        return
    if period.calendar is not calendar:
        return
    turn = period_of(rhythm, period.first, calendar)
    while turn.first < period.end and turn.first <= today:
        yield turn
        turn = turn.following()


def rows_beneath(user: User, what: str, *, unit: Unit, period: Period) -> list[Any]:
    """The rows that a counted figure of a unit counts, as far as the user may see them; none for what nobody counts."""
    for one in collectors():
        if what in one.COUNTED:
            return one.rows_beneath(user, what, unit=unit, period=period)
    return []
