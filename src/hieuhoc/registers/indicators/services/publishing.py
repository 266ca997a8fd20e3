"""Publishing the totals of a period, and taking that back. Who may is asked by the reports from which it is done."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, QuerySet

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.trail import Actor
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.indicators import selectors
from hieuhoc.registers.indicators.models import Indicator, Total
from hieuhoc.registers.indicators.services.periods import open_period
from hieuhoc.registers.indicators.services.totals import lock
from hieuhoc.registers.indicators.states import APPROVED, PROVISIONAL, PUBLISHED
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit


@transaction.atomic
def publish_totals(
    *, by: Actor, unit: Unit, period: Period, codes: Collection[str] | None = None, why: str = ""
) -> int:
    """Publish the totals of a unit and of all beneath it for a period, of all base indicators or of some; how many.

    A published total whose number changes is published no longer; the trail says so. The caller has asked whether
    `by` may.

    Raises: Invalid when nothing is known, or a figure among them is not approved.
    """
    found = _totals(unit, period, codes)
    if not found.exists():
        raise Invalid("Chưa có số liệu nào của {period} để công bố.", period=period)
    if waiting := found.filter(approved__lt=F("reported")).values("indicator").distinct().count():
        raise Invalid("Còn {count} chỉ số có số liệu chưa duyệt; chưa công bố được.", count=waiting)
    done = found.exclude(state=PUBLISHED).update(state=PUBLISHED)
    _record(by, "indicators.reportingperiod.publish", unit, period, done, why)
    return done


@transaction.atomic
def unpublish_totals(*, by: Actor, unit: Unit, period: Period, why: str, codes: Collection[str] | None = None) -> int:
    """Take back what was published; how many. Raises: Invalid without a reason."""
    if not why.strip():
        raise Invalid("Hãy ghi lý do thôi công bố.", field="why")
    found = _totals(unit, period, codes).filter(state=PUBLISHED)
    numbers = list(found.values_list("pk", flat=True))
    done = Total.objects.filter(pk__in=numbers).update(state=PROVISIONAL)
    Total.objects.filter(pk__in=numbers, approved=F("expected")).update(state=APPROVED)
    _record(by, "indicators.reportingperiod.unpublish", unit, period, done, why.strip())
    return done


def _totals(unit: Unit, period: Period, codes: Collection[str] | None) -> QuerySet[Total]:
    """The totals of a unit and of all beneath it on the period's last day, held against other writers."""
    named = Indicator.objects.all() if codes is None else Indicator.objects.filter(code__in=codes)
    if codes is not None:
        selectors.indicator_numbers(codes)
    indicators = list(named.values_list("pk", flat=True))
    lock(indicators)
    beneath = [number for number, *_rest in places.subtree_on(period.last, under=unit)]
    return Total.objects.filter(indicator__in=indicators, period__key=period.key, unit__in=[unit.pk, *beneath])


def _record(by: Actor, deed: str, unit: Unit, period: Period, count: int, why: str) -> None:
    if count:
        changes = {"unit": ["", unit.name], "totals": [0, count]}
        trail.record(by=by, deed=deed, what=open_period(period), why=why, changes=changes)
