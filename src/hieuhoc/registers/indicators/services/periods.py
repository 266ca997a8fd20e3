"""Periods get their row when a figure of theirs is first written; afterwards nothing about them changes."""

from collections.abc import Collection

from django.db import transaction

from hieuhoc.kernel.periods import Period
from hieuhoc.registers.indicators import selectors
from hieuhoc.registers.indicators.models import ReportingPeriod


def open_period(period: Period) -> ReportingPeriod:
    """The row of a period, written when there is none."""
    open_periods([period])
    return ReportingPeriod.objects.get(key=period.key)


@transaction.atomic(savepoint=False)
def open_periods(periods: Collection[Period]) -> dict[Period, int]:
    """The row number of each period; those that have no row get one. Two who open the same open it once."""
    known = selectors.numbers_of(periods)
    fresh = {period.key: period for period in periods if period not in known}
    if not fresh:
        return known
    rows = [
        ReportingPeriod(
            key=key, calendar=period.calendar.value, rhythm=period.rhythm.value, first=period.first, end=period.end
        )
        for key, period in fresh.items()
    ]
    ReportingPeriod.objects.bulk_create(rows, ignore_conflicts=True)
    return selectors.numbers_of(periods)
