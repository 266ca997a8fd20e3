"""Money of centres: who received what in a year and what is lacking of the norm, and one centre's lines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Activity, Allocation, Provider, Spending
from hieuhoc.programme.learning.rules import money
from hieuhoc.programme.learning.selectors import norms, year_plans
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
NOT_RECEIVED, RECEIVED, SHORT = "none", "some", "short"
NO_AREA = "unknown"
_COLUMNS = {Allocation.Step.ESTIMATE.value: "estimate", Allocation.Step.ALLOCATION.value: "allocated"}


@dataclass(frozen=True)
class Row:
    """A centre's line of the list. Units: đồng; `norm` and `gap` are None where no norm is known."""

    centre: Any
    area: str
    norm: int | None
    gap: int | None


@dataclass(frozen=True)
class Totals:
    """What the lines of the list come to. Units: centres; đồng; `gap` of those whose norm is known."""

    centres: int
    allocated: int
    spent: int
    counted: int
    norm: int
    gap: int
    without: int
    unknown: int


def centre_seen(user: User, key: str) -> Provider:
    """One centre whose money the user reads. Raises: Missing, Refused."""
    centre = year_plans.centre_seen(user, key)
    access.require(user, Permission.MONEY_READ, at=centre.unit)
    return centre


def find_rows(
    user: User,
    *,
    year: int,
    text: str = "",
    received: str = "",
    area: str = "",
    unit: Unit | None = None,
    sort: str = "",
) -> list[Row]:
    """The centres that stood in a year, each with what it was given and its norm; three queries.

    `received` narrows to those that were given nothing, something, or less than their norm; `area` to a kind of area,
    or to those of which nobody has said it.
    """
    found = list(find_centres(user, year=year, text=text, received=received, unit=unit, sort=sort))
    rows = with_norms(found, year=year)
    if received == SHORT:
        rows = [row for row in rows if row.gap]
    if area:
        rows = [row for row in rows if row.area == ("" if area == NO_AREA else area)]
    column = sort.removeprefix("-")
    if column in ("norm", "gap"):
        told = [row for row in rows if getattr(row, column) is not None]
        untold = [row for row in rows if getattr(row, column) is None]
        rows = sorted(told, key=lambda row: getattr(row, column), reverse=sort.startswith("-")) + untold
    return rows


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
    told = norms.norms_of(centres, year)
    rows = []
    for centre in centres:
        area, norm = told[centre.pk]
        amount = norm.amount if norm else None
        rows.append(Row(centre, area, amount, None if amount is None else max(0, amount - centre.counted)))
    return rows


def totals_of(rows: Collection[Row]) -> Totals:
    """What lines of the list come to."""
    return Totals(
        centres=len(rows),
        allocated=sum(row.centre.allocated for row in rows),
        spent=sum(row.centre.spent for row in rows),
        counted=sum(row.centre.counted for row in rows),
        norm=sum(row.norm or 0 for row in rows),
        gap=sum(row.gap or 0 for row in rows),
        without=sum(not row.centre.allocated for row in rows),
        unknown=sum(row.norm is None for row in rows),
    )


def sums_by_line(centres: Collection[Provider], year: int) -> money.Balance:
    """What some centres' year comes to by line and source; two queries."""
    given = Allocation.objects.filter(provider__in=centres, year=year, cancelled_at=None).order_by()
    spent = Spending.objects.filter(provider__in=centres, on__year=year, cancelled_at=None).order_by()
    told = [
        (_COLUMNS[step], line, source, amount)
        for step, line, source, amount in given.values_list("step", "line", "source").annotate(all=Sum("amount"))
    ]
    told += [
        ("spent", line, source, amount)
        for line, source, amount in spent.values_list("line", "source").annotate(all=Sum("amount"))
    ]
    return money.balance(told)


def allocations_of(centre: Provider, year: int) -> list[Allocation]:
    """Estimates and allocations of a centre's year, cancelled ones too."""
    return list(Allocation.objects.filter(provider=centre, year=year).order_by("step", "pk"))


def spendings_of(centre: Provider, year: int) -> list[Spending]:
    """Spending of a centre's year by day, cancelled lines too."""
    rows = Spending.objects.filter(provider=centre, on__year=year).select_related("activity", "file")
    return list(rows.order_by("on", "pk"))


def activities_of(centre: Provider, year: int) -> QuerySet[Activity]:
    """The activities of a centre that met in a year, for whoever writes what was spent on them."""
    return Activity.objects.filter(provider=centre, first_on__year=year).order_by("-first_on", "pk")


def balance_of(
    allocations: Collection[Allocation], spendings: Collection[Spending], *, norm: int | None
) -> money.Balance:
    """What the lines that count come to."""
    told = [(_COLUMNS[row.step], row.line, row.source, row.amount) for row in allocations if row.cancelled_at is None]
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
