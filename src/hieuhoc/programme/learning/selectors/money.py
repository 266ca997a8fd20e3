"""Money of centres: who received what in a year, one centre's lines, norms and areas."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Allocation, Area, Norm, Provider, Spending
from hieuhoc.programme.learning.rules import money
from hieuhoc.programme.learning.selectors import year_plans
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_ORDERS = {
    "name": ("sort_key", "pk"),
    "unit": ("unit__sort_key", "sort_key", "pk"),
    "allocated": ("allocated", "sort_key", "pk"),
    "spent": ("spent", "sort_key", "pk"),
}
NOT_RECEIVED, RECEIVED = "none", "some"


@dataclass(frozen=True)
class Row:
    """A centre's line of the list. Units: đồng; `norm` and `gap` are None where no norm is known."""

    centre: Any
    norm: int | None
    gap: int | None


def centre_seen(user: User, key: str) -> Provider:
    """One centre whose money the user reads. Raises: Missing, Refused."""
    centre = year_plans.centre_seen(user, key)
    access.require(user, Permission.MONEY_READ, at=centre.unit)
    return centre


def find_centres(
    user: User, *, year: int, text: str = "", received: str = "", unit: Unit | None = None, sort: str = ""
) -> QuerySet[Any]:
    """The centres that stood in a year, each with `allocated`, `counted` (towards the norm) and `spent` of it."""
    stood = Provider.objects.filter(kind="clc", valid_from__lte=date(year, 12, 31)).exclude(
        valid_to__lte=date(year, 1, 1)
    )
    rows: QuerySet[Any] = access.visible(user, stood, Permission.MONEY_READ).select_related("unit__parent")
    if unit is not None:
        rows = rows.filter(access.within([unit]))
    for word in fold(text).split()[:8]:
        rows = rows.filter(Q(folded__contains=word) | Q(unit__searched__contains=word))
    given = _allocated(year).filter(provider=OuterRef("pk"))
    if received == NOT_RECEIVED:
        rows = rows.filter(~Exists(given))
    elif received == RECEIVED:
        rows = rows.filter(Exists(given))
    counted = given.filter(source=money.NORM_SOURCE).exclude(line=money.OUTSIDE_NORM)
    spent = Spending.objects.filter(provider=OuterRef("pk"), on__year=year, cancelled_at=None)
    annotated: QuerySet[Any] = rows.annotate(allocated=_sum(given), counted=_sum(counted), spent=_sum(spent))
    down = sort.startswith("-")
    first, *rest = _ORDERS.get(sort.removeprefix("-"), _ORDERS["unit"])
    return annotated.order_by(f"-{first}" if down else first, *rest)


def _allocated(year: int) -> QuerySet[Allocation]:
    return Allocation.objects.filter(year=year, step=Allocation.Step.ALLOCATION, cancelled_at=None)


def _sum(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("provider").annotate(all=Sum("amount")).values("all")), 0)


def with_norms(centres: Collection[Any], *, year: int) -> list[Row]:
    """The lines of the list, for centres that `find_centres` found; two queries."""
    norms, areas = _norm_rows(), _areas(centres, year)
    rows = []
    for centre in centres:
        norm = _norm_of(centre, year, norms, areas.get(centre.unit_id, ""))
        amount = norm.amount if norm else None
        rows.append(Row(centre, amount, None if amount is None else max(0, amount - centre.counted)))
    return rows


def norm_of(centre: Provider, year: int) -> money.NormRow | None:
    """The norm that holds for one centre in a year."""
    return _norm_of(centre, year, _norm_rows(), area_of(centre, year))


def area_of(centre: Provider, year: int) -> str:
    """The kind of area of a centre's commune on the first day of a year; empty where nobody has said."""
    return _areas([centre], year).get(centre.unit_id, "")


def _norm_of(centre: Provider, year: int, norms: list[money.NormRow], area: str) -> money.NormRow | None:
    paths = [path for path in (centre.unit.path, centre.unit.present_path) if path]
    return money.norm_for(norms, founded_on=centre.valid_from, year=year, area=area, paths=paths)


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


def _areas(centres: Collection[Provider], year: int) -> dict[int, str]:
    units = {centre.unit_id for centre in centres}
    return dict(Area.objects.on(date(year, 1, 1)).filter(unit__in=units).values_list("unit", "area"))


def allocations_of(centre: Provider, year: int) -> list[Allocation]:
    """Estimates and allocations of a centre's year, cancelled ones too."""
    return list(Allocation.objects.filter(provider=centre, year=year).order_by("step", "pk"))


def spendings_of(centre: Provider, year: int) -> list[Spending]:
    """Spending of a centre's year by day, cancelled lines too."""
    rows = Spending.objects.filter(provider=centre, on__year=year).select_related("activity", "file")
    return list(rows.order_by("on", "pk"))


def balance_of(
    allocations: Collection[Allocation], spendings: Collection[Spending], *, norm: int | None
) -> money.Balance:
    """What the lines that count come to."""
    columns = {Allocation.Step.ESTIMATE.value: "estimate", Allocation.Step.ALLOCATION.value: "allocated"}
    told = [(columns[row.step], row.line, row.source, row.amount) for row in allocations if row.cancelled_at is None]
    told += [("spent", row.line, row.source, row.amount) for row in spendings if row.cancelled_at is None]
    return money.balance(told, norm=norm)


def allocation_seen(user: User, pk: int) -> Allocation:
    """One estimate or allocation. Raises: Missing when there is none, or not for the user."""
    rows = Allocation.objects.select_related("provider__unit")
    found: Allocation | None = (
        access.visible(user, rows, Permission.MONEY_READ, unit="provider__unit").filter(pk=pk).first()
    )
    if found is None:
        raise Missing("Không tìm thấy dòng kinh phí này trong phạm vi của bạn.")
    return found


def spending_seen(user: User, pk: int) -> Spending:
    """One line of spending. Raises: Missing when there is none, or not for the user."""
    rows = Spending.objects.select_related("provider__unit", "file")
    found: Spending | None = (
        access.visible(user, rows, Permission.MONEY_READ, unit="provider__unit").filter(pk=pk).first()
    )
    if found is None:
        raise Missing("Không tìm thấy dòng kinh phí này trong phạm vi của bạn.")
    return found


def norms() -> list[Norm]:
    """Every norm, those that hold no more too; the latest first."""
    return list(Norm.objects.select_related("unit").order_by("-valid_from", "occasion", "area", "pk"))


def find_areas(user: User, *, text: str = "") -> QuerySet[Area]:
    """The areas of the communes that the user may see."""
    rows: QuerySet[Area] = access.visible(user, Area.objects.select_related("unit__parent"), Permission.MONEY_READ)
    for word in fold(text).split()[:8]:
        rows = rows.filter(unit__searched__contains=word)
    return rows.order_by("unit__sort_key", "-valid_from", "pk")
