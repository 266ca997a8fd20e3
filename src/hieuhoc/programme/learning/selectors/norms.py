"""Norms of support and kinds of areas: all of them, and those that hold for centres in a year."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Area, Norm
from hieuhoc.programme.learning.rules import money
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hieuhoc.programme.learning.models import Provider
    from hieuhoc.registers.accounts.models import User


def norms() -> list[Norm]:
    """Every norm, those that hold no more too; the latest first."""
    return list(Norm.objects.select_related("unit").order_by("-valid_from", "occasion", "area", "pk"))


def find_areas(user: User, *, text: str = "") -> QuerySet[Area]:
    """The areas of the communes that the user may see."""
    rows: QuerySet[Area] = access.visible(user, Area.objects.select_related("unit__parent"), Permission.MONEY_READ)
    for word in fold(text).split()[:8]:
        rows = rows.filter(unit__searched__contains=word)
    return rows.order_by("unit__sort_key", "-valid_from", "pk")


def norm_of(centre: Provider, year: int) -> tuple[str, money.NormRow | None]:
    """The kind of area of one centre in a year, and the norm that holds for it."""
    return norms_of([centre], year)[centre.pk]


def norms_of(centres: Collection[Provider], year: int) -> dict[int, tuple[str, money.NormRow | None]]:
    """By centre the kind of area of its commune on the first day of a year, and its norm; two queries.

    The area is empty where nobody has said it, the norm None where none holds. The centres bring their units.
    """
    rows, day = _norm_rows(), date(year, 1, 1)
    units = {centre.unit_id for centre in centres}
    areas = dict(Area.objects.on(day).filter(unit__in=units).values_list("unit", "area"))
    found = {}
    for centre in centres:
        area = areas.get(centre.unit_id, "")
        paths = [path for path in (centre.unit.path, centre.unit.present_path) if path]
        norm = money.norm_for(rows, founded_on=centre.valid_from, year=year, area=area, paths=paths)
        found[centre.pk] = area, norm
    return found


def _norm_rows() -> list[money.NormRow]:
    return [
        money.NormRow(
            norm.occasion,
            norm.area,
            norm.amount,
            norm.valid_from,
            norm.valid_to,
            norm.instrument,
            norm.unit.path if norm.unit else "",
        )
        for norm in Norm.objects.select_related("unit")
    ]
