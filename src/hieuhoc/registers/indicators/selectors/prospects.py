"""Targets beside the figures: what is lacking, where it is heading at the present pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.selectors.definitions import DRAFT, meaning_of, shown_version, versions_of
from hieuhoc.registers.indicators.selectors.values import Value, series_of

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.indicators.models import Target

YEARS_BACK = 6


@dataclass(frozen=True)
class Aimed:
    """A target with the figures of the years up to it, and how it stands to them.

    Units: `prospect` and `points` as the indicator is shown (percent, persons, million đồng).
    """

    target: Target
    definition: rules.Definition
    years: tuple[tuple[Period, Value], ...]
    points: tuple[rules.Point, ...]
    prospect: rules.Prospect


def aimed(user: User, target: Target) -> Aimed:
    """How a target stands, by the figures of whole years that have ended. Raises: Missing, Refused."""
    period = target.period.period
    today = clock.today()
    told = _meaning(target, period)
    years = _years(period, period_of(Rhythm.YEAR, today, period.calendar))
    series = series_of(user, target.unit, code=target.indicator.code, periods=years)
    points = tuple(
        rules.Point(one.last, told.shown_in.shown(value.value))
        for one, value in series
        if value.value is not None and one.last <= today
    )
    prospect = rules.prospect(
        points, target=Fraction(target.value), by=period.last, today=today, direction=told.direction
    )
    return Aimed(target, told, tuple(series), points, prospect)


def _meaning(target: Target, period: Period) -> rules.Definition:
    versions = [row for row in versions_of(target.indicator) if row.state != DRAFT]
    return meaning_of(shown_version(versions, period.last))


def _years(until: Period, present: Period) -> Sequence[Period]:
    """The years up to that of the target, or up to the present one where the target lies further on."""
    last = min(until, present) if until.calendar is not Calendar.OWN else until
    found = [last]
    while len(found) < YEARS_BACK and last.calendar is not Calendar.OWN:
        found.insert(0, found[0].previous())
    return found
