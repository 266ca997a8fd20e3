"""Targets: which unit is to reach what by the end of which year, and who set it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators.models import Definition, Target

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

SORTS = {
    "unit": ("unit__sort_key", "-period__end", "indicator__code"),
    "-unit": ("-unit__sort_key", "-period__end", "indicator__code"),
    "year": ("period__end", "unit__sort_key", "indicator__code"),
    "-year": ("-period__end", "unit__sort_key", "indicator__code"),
    "code": ("indicator__code", "unit__sort_key", "period__end"),
    "-code": ("-indicator__code", "unit__sort_key", "period__end"),
}


def targets_seen(user: User) -> QuerySet[Target]:
    """The targets of the units where the user may read indicators."""
    rows = Target.objects.select_related("indicator__family", "unit", "period")
    return access.visible(user, rows, Permission.INDICATOR_READ)


def find_targets(
    user: User, *, text: str = "", unit: Unit | None = None, year: int | None = None, code: str = "", sort: str = ""
) -> QuerySet[Target]:
    """The targets of a list, narrowed down by words of the unit, indicator or document, by unit, year or indicator."""
    rows = targets_seen(user)
    if unit is not None:
        rows = rows.filter(unit=unit)
    if code:
        rows = rows.filter(indicator__code=code)
    if year is not None:
        # Whatever the calendar, its year ends in the civil year by whose number it is called.
        rows = rows.filter(period__end__gt=date(year, 1, 1), period__end__lte=date(year + 1, 1, 1))
    for word in fold(text).split():
        named = Definition.objects.filter(folded__contains=word).values("indicator")
        rows = rows.filter(Q(unit__searched__contains=word) | Q(indicator__in=named) | Q(document__icontains=word))
    return rows.order_by(*SORTS.get(sort, SORTS["-year"]))


def target_seen(user: User, pk: int) -> Target:
    """One target. Raises: Missing when there is none, or not for the user."""
    found = targets_seen(user).filter(pk=pk).first()
    if found is None:
        raise Missing("Không tìm thấy chỉ tiêu này trong phạm vi của bạn.")
    return found


def years_with_targets(user: User) -> list[int]:
    """The years for which the user sees targets, the latest first."""
    ends = targets_seen(user).order_by().values_list("period__end", flat=True).distinct()
    return sorted({(end - timedelta(days=1)).year for end in ends}, reverse=True)


def targets_of(unit: Unit, *, codes: Collection[str] | None = None) -> QuerySet[Target]:
    """The targets of one unit, those to be reached first first; whoever asks has made sure of the right to see them."""
    rows = Target.objects.filter(unit=unit).select_related("indicator", "period")
    return (rows if codes is None else rows.filter(indicator__code__in=codes)).order_by("period__end", "indicator")
