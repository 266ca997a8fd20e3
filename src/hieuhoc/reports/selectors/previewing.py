"""A form as its sheet will look: as far as it holds together, empty or with the figures of the last period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules as indicator_rules
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.reports.models import FormVersion
from hieuhoc.reports.rules.layout import Layout, LayoutFault, Meanings, layout_faults, layout_so_far

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

_LONGEST_FIRST = (Rhythm.YEAR, Rhythm.HALF, Rhythm.QUARTER, Rhythm.MONTH)


@dataclass(frozen=True)
class Preview:
    """A layout as far as it goes, what is wrong with it, what its indicators mean, figures by indicator and part."""

    layout: Layout
    faults: list[LayoutFault]
    known: Meanings
    figures: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)


def preview(user: User, version: FormVersion, *, filled: bool, on: date) -> Preview:
    """The sheet of a version before anybody fills it; `filled`, with the latest figures of the unit that made it."""
    breakdowns = indicators.breakdowns()
    known = indicators.meanings_on(on)
    layout = layout_so_far(version.layout, known=known, breakdowns=breakdowns)
    faults = layout_faults(version.layout, known=known, breakdowns=breakdowns)
    place = version.form.owner.parent or version.form.owner
    found: dict[tuple[str, str], Fraction] = {}
    if filled and access.may(user, Permission.INDICATOR_READ, at=place):
        asked: dict[Period, set[str]] = {}
        for code in layout.codes:
            asked.setdefault(_last_period(known[code], on), set()).add(code)
        bys = {cell.by for cell in layout.cells} | {""}
        for period, codes in asked.items():
            for at, value in indicators.values([place.pk], [period], codes=codes, bys=bys).items():
                if value.value is not None:
                    found[at.code, at.by] = value.value
    return Preview(layout, faults, known, found)


def _last_period(meaning: indicator_rules.Definition, on: date) -> Period:
    """The last turn that has ended of the longest rhythm in which an indicator is known."""
    rhythm = next((one for one in _LONGEST_FIRST if one.value in meaning.rhythms), Rhythm.YEAR)
    return period_of(rhythm, on, Calendar(meaning.calendar)).previous()
