"""Targets are set, changed and taken back by those who may, for their units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.kernel.terms import Term
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules, selectors
from hieuhoc.registers.indicators.models import Definition, Indicator, Target
from hieuhoc.registers.indicators.services.periods import open_period

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

FIRST_YEAR, LAST_YEAR = 2000, 2100
PLACES = 4
_TOLD = ("value", "document", "note")


@dataclass(frozen=True)
class Aim:
    """A target as somebody gives it: `value` as the indicator is shown (percent, persons, million đồng)."""

    unit: Unit
    code: str
    year: int
    value: Fraction
    document: str
    note: str = ""


@transaction.atomic
def set_target(*, by: User, aim: Aim) -> Target:
    """Give a unit a target for a year, or another in place of the one it has.

    Raises: Refused or Missing when `by` may not set targets for the unit; Invalid (with the field) for an indicator
        that has no figure for such units or years, a value out of reach, or without the document that sets it.
    """
    access.require(by, Permission.TARGET_SET, at=aim.unit)
    indicator = selectors.indicator_by_code(aim.code)
    period = target_period(indicator, aim)
    _check(aim)
    row = Target.objects.filter(indicator=indicator, unit=aim.unit, period__key=period.key).first()
    before = _told(row) if row else dict.fromkeys(_TOLD)
    value = Decimal(aim.value.numerator) / Decimal(aim.value.denominator)
    row = row or Target(indicator=indicator, unit=aim.unit, period=open_period(period))
    if row.pk and (row.value, row.document, row.note) == (value, aim.document.strip(), aim.note.strip()):
        return row
    row.value, row.document, row.note = value, aim.document.strip(), aim.note.strip()
    row.set_at, row.set_by_name = clock.now(), by.actor_name
    row.full_clean()
    row.save()
    changes = {name: [before[name], told] for name, told in _told(row).items() if before[name] != told}
    trail.record(by=by, deed="indicators.target.set", what=row, changes=changes)
    return row


@transaction.atomic
def set_targets(*, by: User, aims: Sequence[Aim]) -> int:
    """Give many targets, all or none; how many there are. Raises: as `set_target`."""
    for aim in aims:
        set_target(by=by, aim=aim)
    return len(aims)


@transaction.atomic
def take_back_target(*, by: User, target: Target, why: str) -> Target:
    """Let a unit no longer have a target; the trail keeps what it was.

    Raises: Refused or Missing; Invalid without a reason.
    """
    access.require(by, Permission.TARGET_SET, at=target.unit)
    if not why.strip():
        raise Invalid("Hãy ghi lý do.", field="why")
    changes = {name: [told, None] for name, told in _told(target).items()}
    trail.record(by=by, deed="indicators.target.take_back", what=target, why=why, changes=changes)
    Target.objects.filter(pk=target.pk).delete()
    return target


def target_period(indicator: Indicator, aim: Aim) -> Period:
    """The year of the indicator's calendar for which a target is. Raises: Invalid (fields `year`, `code`)."""
    if not FIRST_YEAR <= aim.year <= LAST_YEAR:
        raise Invalid("Năm phải từ {first} đến {last}.", field="year", first=FIRST_YEAR, last=LAST_YEAR)
    definition = _definition_for(indicator, date(aim.year, 5, 1))
    period = period_of(Rhythm.YEAR, date(aim.year, 5, 1), Calendar(definition.calendar))
    if definition.valid_to is not None and definition.valid_to <= period.first:
        raise Invalid("Chỉ số {code} không còn dùng vào năm này.", field="year", code=indicator.code)
    if Rhythm.YEAR not in definition.rhythms:
        raise Invalid("Chỉ số {code} không có số liệu năm.", field="code", code=indicator.code)
    if aim.unit.level not in definition.levels:
        level = Term(rules.LEVELS.get(aim.unit.level, "khác"))
        raise Invalid("Chỉ số {code} không có số liệu ở cấp {level}.", field="code", code=indicator.code, level=level)
    return period


def _definition_for(indicator: Indicator, day: date) -> Definition:
    """What the indicator means, or will mean, in a year: a target reaches further than what is in force today."""
    versions = [row for row in selectors.versions_of(indicator) if row.state != selectors.DRAFT]
    if not versions:
        raise Invalid("Chỉ số {code} chưa được đưa vào dùng.", field="code", code=indicator.code)
    return selectors.shown_version(versions, day)


def _check(aim: Aim) -> None:
    if not aim.document.strip():
        raise Invalid("Hãy ghi văn bản giao chỉ tiêu.", field="document")
    if aim.value < 0:
        raise Invalid("Chỉ tiêu không âm.", field="value")
    scaled = aim.value * 10**PLACES
    if scaled.denominator != 1 or scaled >= 10**20:
        raise Invalid("Chỉ tiêu có nhiều nhất {places} chữ số thập phân và 16 chữ số.", field="value", places=PLACES)


def _told(target: Target) -> dict[str, str | None]:
    """A target in the trail, the same before and after the database has kept it: 17.5, not 17.5000."""
    value = f"{target.value:f}"
    plain = value.rstrip("0").rstrip(".") if "." in value else value
    return dict(zip(_TOLD, (plain, target.document, target.note), strict=True))
