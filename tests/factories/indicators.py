"""Indicators, and figures for them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.models import Definition, Family, Indicator

SINCE = date(2018, 1, 1)


def make_indicator(
    code: str = "LIT.TEST",
    *,
    rhythms: Sequence[str] = ("month", "quarter", "half", "year"),
    calendar: str = "closing",
    **over: Any,
) -> Indicator:
    """A base indicator in force, with the least that is valid; `over` are columns of its definition."""
    family = Family.objects.get_or_create(code=code.split(".")[0], defaults={"name": "Nhóm thử"})[0]
    indicator = Indicator.objects.get_or_create(code=code, defaults={"family": family})[0]
    adds_up = "none" if over.get("kind") == "derived" else "sum"
    given: dict[str, Any] = {
        "version": indicator.definitions.count() + 1,
        "state": "in_force",
        "name": f"Chỉ số {code}",
        "measure": "person",
        "kind": "base",
        "over_places": adds_up,
        "over_time": adds_up,
        "levels": ["commune", "district", "province"],
        "valid_from": SINCE,
    } | over
    Definition.objects.create(
        indicator=indicator, folded=fold(given["name"]), calendar=calendar, rhythms=list(rhythms), **given
    )
    return indicator


def month(year: int, number: int, calendar: Calendar = Calendar.CLOSING) -> Period:
    """A month by its number: that of the closing calendar unless another is named."""
    return period_of(Rhythm.MONTH, date(year, number, 10), calendar)


def turn(rhythm: Rhythm, year: int, number: int = 1, calendar: Calendar = Calendar.CLOSING) -> Period:
    """A quarter, half-year or year by its place in the year."""
    return period_of(rhythm, date(year, (number - 1) * rhythm.months + 2, 1), calendar)


def assert_totals_hold() -> None:
    """Every stored total is what its facts make."""
    assert [one for one in services.prove() if isinstance(one, services.Difference)] == []
